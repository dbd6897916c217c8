"""Making an FTS5 index anew while the site goes on: beside the old one, in steps, and then in its place.

What is written meanwhile goes into both, as far as the new one has come (`Rebuilding`). The old one is emptied in
steps too: to drop it whole would hold the lock as long as it takes to overwrite every page of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from tribute.models import Rebuilding
from tribute.search.engine import Entry, Pace

PAGES = 200  # of an index, emptied in one step
RECORDS = 10  # the rows up to here say how an FTS5 index is built; without them it cannot even be dropped


def rebuild(session: Session, entry: Entry, pace: Pace) -> Iterator[int]:
    """Take one step for each turn; yields how many entries went into the new index."""
    name = entry.__tablename__
    yield from _emptied(session, f"{name}_fts_old")  # what an interrupted run left behind
    yield from _emptied(session, f"{name}_fts_new")
    _begin(session, name)
    yield 0
    while number := _step(session, name, pace.size):
        yield number
    _swap(session, name)
    yield 0
    yield from _emptied(session, f"{name}_fts_old")


def _begin(session: Session, name: str) -> None:
    made = session.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": f"{name}_fts"})
    session.execute(text(made.scalar_one().replace(f"{name}_fts", f"{name}_fts_new")))
    session.add(Rebuilding(entry=name, number=-1))
    session.flush()


def _step(session: Session, name: str, size: int) -> int:
    """Index the next entries; 0 where none is left."""
    done = session.get_one(Rebuilding, name, populate_existing=True)
    following = f"FROM {name} WHERE number > :after ORDER BY number LIMIT :size"
    bound = {"after": done.number, "size": size}
    edge = session.execute(text(f"SELECT max(number), count(*) FROM (SELECT number {following})"), bound).one()  # noqa: S608
    if edge[1]:
        columns = "words, name, place"
        copied = f"INSERT INTO {name}_fts_new (rowid, {columns}) SELECT number, {columns} {following}"
        session.execute(text(copied), bound)
        done.number = edge[0]
        session.flush()
    return int(edge[1])


def _swap(session: Session, name: str) -> None:
    session.execute(text(f"ALTER TABLE {name}_fts RENAME TO {name}_fts_old"))
    session.execute(text(f"ALTER TABLE {name}_fts_new RENAME TO {name}_fts"))
    session.delete(session.get_one(Rebuilding, name))
    session.flush()


def _emptied(session: Session, index: str) -> Iterator[int]:
    """Empty an index in steps, and drop it."""
    there = session.execute(text("SELECT 1 FROM sqlite_master WHERE name = :name"), {"name": index}).scalar()
    if not there:
        return
    leftover = session.get(Rebuilding, index.removesuffix("_fts_new"))
    if leftover is not None:  # from here on nothing more is written into it
        session.delete(leftover)
        session.flush()
    for part in ("data", "docsize"):
        some = f"SELECT rowid FROM {index}_{part} WHERE rowid > {RECORDS} LIMIT {PAGES}"  # noqa: S608
        while session.execute(text(f"SELECT EXISTS ({some})")).scalar_one():
            session.execute(text(f"DELETE FROM {index}_{part} WHERE rowid IN ({some})"))  # noqa: S608
            yield 0
    session.execute(text(f"DROP TABLE {index}"))
    yield 0
