"""reindex and rerender."""

from __future__ import annotations

import click
from sqlalchemy import func, select

from tribute.cli.tools import reading, step_by_step, writing
from tribute.extensions import db
from tribute.models import DeskVocabulary, Tally, TributeCount, Vocabulary, count_in, renew_version
from tribute.search import vocabulary
from tribute.services import counts, decisions, reindexing, rerendering, tallies


@click.command()
def reindex() -> None:
    """Make the search index and the counts anew, in short steps, while the site goes on."""
    make_anew(shows=True)
    click.echo("The search index and the counts are made anew.")


@click.command()
def rerender() -> None:
    """Render again what was rendered under an earlier policy of the cleaner, in short steps, while the site goes on."""
    with reading() as session:
        total = rerendering.outdated(session)
    with click.progressbar(length=total, label="texts") as bar:
        step_by_step(rerendering.rerender(db.session()), bar.update)
    click.echo(f"{total} texts are rendered anew." if total else "Every text is rendered as it should be.")


def make_anew(*, shows: bool) -> None:
    """Every step of it, each in a transaction of its own; `shows` tells how far it is."""
    for which in reindexing.INDEXES:
        name = which.entry.__tablename__
        with db.session() as session:
            total = session.execute(select(func.count()).select_from(reindexing.of(which).subquery())).scalar_one()
        for step, told in (
            (reindexing.entries, "texts"),
            (reindexing.leftovers, "entries"),
            (reindexing.structure, "index"),
        ):
            with click.progressbar(length=total, label=f"{name}, {told}", hidden=not shows) as bar:
                step_by_step(step(db.session(), which), bar.update)
    _mend_numbers()


def _mend_numbers() -> None:
    """What is wrong is found while others write, and added: their own steps stay in it."""
    for table in (Vocabulary, DeskVocabulary):
        with reading() as session:
            wrong = reindexing.miscounted(session, table)
        with writing() as session:
            decisions.lock_head(session)
            vocabulary.correct(session, table, wrong)
            renew_version(session)
    with reading() as session:
        missing = counts.missing(session)
    with writing() as session:
        decisions.lock_head(session)
        count_in(session, TributeCount, missing)
    mend_tallies()


def mend_tallies() -> None:
    """The same for the tallies of the log."""
    with reading() as session:
        missing = tallies.missing(session)
    with writing() as session:
        decisions.lock_head(session)
        count_in(session, Tally, missing)
