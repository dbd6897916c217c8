"""demo."""

from __future__ import annotations

import click
from flask import current_app

from tribute.cli.tools import writing
from tribute.extensions import now
from tribute.services import demo as service
from tribute.services import memorials, pages
from tribute.services.demo import Stage


@click.command()
def demo() -> None:
    """Add sample tributes of every status to a database that holds no tribute yet."""
    with writing() as session:
        memorial = memorials.every(session)[0]
        version = pages.rules_version(session, "en")
        added = service.load(Stage(session, memorial, version, current_app.config["EMAIL_KEYS"], now()))
    click.echo(f"Added {added} sample tributes." if added else "The sample tributes are already here.")
