"""reindex."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic, sleep

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.cli.tools import reading, writing
from tribute.extensions import db
from tribute.models import DeskVocabulary, Vocabulary
from tribute.search import vocabulary
from tribute.search.index import Index
from tribute.services import counts, decisions, reindexing

LONGEST_GAP = 0.2  # seconds between two steps


@click.command()
def reindex() -> None:
    """Make the search index and the counts anew, in short steps, while the site goes on."""
    make_anew(shows=True)
    click.echo("The search index and the counts are made anew.")


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
                _step_by_step(step, which, bar.update)
    _mend_numbers()


def _step_by_step(make: Callable[[Session, Index], Iterator[int]], which: Index, done: Callable[[int], None]) -> None:
    steps = make(db.session(), which)
    number: int | None = 0
    while number is not None:
        started = monotonic()
        with writing() as session:
            decisions.lock_head(session)  # nobody decides meanwhile
            number = next(steps, None)
        done(number or 0)
        # SQLite keeps no queue: without a gap, whoever waits would find the lock taken each time they look.
        sleep(min(monotonic() - started, LONGEST_GAP))


def _mend_numbers() -> None:
    """What is wrong is found while others write, and added: their own steps stay in it."""
    for table in (Vocabulary, DeskVocabulary):
        with reading() as session:
            wrong = reindexing.miscounted(session, table)
        with writing() as session:
            decisions.lock_head(session)
            vocabulary.correct(session, table, wrong)
    with reading() as session:
        missing = counts.missing(session)
    with writing() as session:
        decisions.lock_head(session)
        counts.correct(session, missing)
