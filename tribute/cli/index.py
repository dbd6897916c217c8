"""reindex."""

from __future__ import annotations

import click

from tribute.cli.tools import writing
from tribute.search import index
from tribute.services import counts, decisions


@click.command()
def reindex() -> None:
    """Make the search index and the counts anew from the tributes and articles themselves."""
    with writing() as session:
        decisions.lock_head(session)  # nothing is decided meanwhile
        tributes, articles = index.rebuild(session)
        counts.mend(session)
    click.echo(f"Indexed {tributes} tributes and {articles} articles; the counts are made anew.")
