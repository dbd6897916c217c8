"""Carrying everything from SQLite over to PostgreSQL, and comparing every row on both sides before it counts.

The rows are copied as they are, keys, salts and sealed addresses too, so that links, sessions and the log go on. The
search engines keep their texts in ways of their own: entries are read as terms, and written as the other has them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, zip_longest
from typing import Any

from sqlalchemy import URL, NullPool, Table, column, create_engine, func, select, table, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tribute.domain.errors import BadSetup
from tribute.models import Base, begin_write
from tribute.search.engine import Entry
from tribute.search.index import ARTICLES, DESK, PUBLIC, engine_of
from tribute.search.terms import Row
from tribute.services import decisions, rows

ENTRIES: dict[str, Entry] = {which.entry.__tablename__: which.entry for which in (PUBLIC, DESK, ARTICLES)}
ENTERED = ("number", "source_id", "language", "words", "name", "place")
OWN = frozenset({"rebuilding"})  # of an index that is being made anew: it says nothing of the other side's
TABLES = tuple(found for found in Base.metadata.sorted_tables if found.name not in OWN)

Told = Callable[[int], None]  # how many rows were copied or compared since


@contextmanager
def held(url: URL) -> Iterator[Session]:
    """A session on a SQLite database that nobody else has open, and that nobody can open meanwhile.

    Raises BadSetup where somebody has.
    """
    file = url.database or ""
    engine = create_engine("sqlite://", creator=lambda: _alone(file), poolclass=NullPool)
    try:
        with Session(engine) as session:
            begin_write(session)
            yield session
            session.rollback()
    except OperationalError as error:
        if "locked" not in str(error.orig):
            raise
        raise BadSetup("the database is in use: stop the site and its worker first; nothing was changed") from error
    finally:
        engine.dispose()


def _alone(file: str) -> sqlite3.Connection:
    """SQLite itself keeps a database for one connection; it tells others, and us, that it is locked."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    return connection


def total(source: Session) -> int:
    """How many rows `copy` and `compare` will tell of."""
    counted = (source.execute(select(func.count()).select_from(found)).scalar_one() for found in TABLES)
    return 2 * sum(counted)


def copy(source: Session, target: Session, told: Told) -> None:
    """Write every row of a database into another that has the schema and no row."""
    target.delete(decisions.lock_head(target))
    target.flush()
    indexes = rows.without_gin(target)
    for found in TABLES:
        for some in _read(source, found):
            _write(target, found, some)
            told(len(some))
    for index in indexes:
        target.execute(text(index))
    rows.follow_numbers(target)


def compare(source: Session, target: Session, told: Told) -> None:
    """Read both sides again, row by row. Raises BadSetup where one is not the same."""
    target.expire_all()
    for found in TABLES:
        here, there = _each(source, found), _each(target, found)
        for number, (one, other) in enumerate(zip_longest(here, there), start=1):
            if one != other:
                raise BadSetup(f"row {number} of {found.name} is not the same on both sides; nothing was moved")
            told(1)
        _compare_entries(source, target, found)


def _each(session: Session, found: Table) -> Iterator[tuple[Any, ...]]:
    return (tuple(row) for row in chain.from_iterable(rows.read(session, found, found.columns)))


def _read(source: Session, found: Table) -> Iterator[Sequence[Any]]:
    """Rows of a table; an entry with its terms."""
    if found.name not in ENTRIES:
        return rows.read(source, found, found.columns)
    texts = table(found.name, *map(column, ENTERED))
    query = select(texts).order_by(texts.c.number).execution_options(yield_per=rows.AT_ONCE)
    return source.execute(query).partitions()


def _write(target: Session, found: Table, some: Sequence[Any]) -> None:
    if found.name in ENTRIES:
        engine_of(target).insert(target, ENTRIES[found.name], [Row(*row) for row in some])
    else:
        rows.write(target, found, [row._mapping for row in some])


def _compare_entries(source: Session, target: Session, found: Table) -> None:
    """Whether the index on the other side says of each entry what it should."""
    if found.name not in ENTRIES:
        return
    for some in _read(source, found):
        wrong = engine_of(target).differing(target, ENTRIES[found.name], [Row(*row) for row in some])
        if wrong:
            raise BadSetup(f"entry {wrong[0]} of {found.name} is not the same on both sides; nothing was moved")
