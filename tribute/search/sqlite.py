"""SQLite's engine: FTS5 over external content, read and written beside the entries in the same transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tribute.models import Rebuilding
from tribute.search.engine import Entry, Pace, Span, Spent, watched
from tribute.search.match import Group, Match
from tribute.search.rebuild import rebuild
from tribute.search.terms import Row

FIELDS = ("words", "name", "place")
COLUMNS = ("number", "source_id", "language", *FIELDS)
STEPS = 2_000  # instructions of SQLite's machine between two looks at the clock: some tens of microseconds


class Fts5:
    """`<entry>_fts`, whose rowid is the entry's number."""

    def insert(self, session: Session, entry: Entry, rows: Sequence[Row]) -> None:
        """Add entries and index them."""
        if not rows:
            return
        name, values = entry.__tablename__, [{c: getattr(row, c) for c in COLUMNS} for row in rows]
        named = ", ".join(COLUMNS)
        placed = ", ".join(f":{column}" for column in COLUMNS)
        session.execute(text(f"INSERT INTO {name} ({named}) VALUES ({placed})"), values)  # noqa: S608
        for index, most in self._indexes(session, entry):
            within = [value for value in values if value["number"] <= most]
            if within:
                session.execute(text(_INSERT.format(index=index)), within)

    def delete(self, session: Session, entry: Entry, numbers: Sequence[int]) -> None:
        """Take entries out of the index and the table."""
        for row in self._rows(session, entry, numbers):
            values = {column: getattr(row, column) for column in COLUMNS}
            for index, most in self._indexes(session, entry):
                if row.number <= most:
                    session.execute(text(_DELETE.format(index=index)), values)
            session.execute(text(f"DELETE FROM {entry.__tablename__} WHERE number = :number"), values)  # noqa: S608

    def terms(self, session: Session, entry: Entry, numbers: Iterable[int]) -> dict[int, set[str]]:
        """The terms of each of these entries, as the index has them."""
        return {row.number: row.terms for row in self._rows(session, entry, numbers)}

    def differing(self, session: Session, entry: Entry, rows: Sequence[Row]) -> list[int]:
        """The numbers of entries that do not say what they should, or are not there."""
        kept = {row.number: row for row in self._rows(session, entry, [row.number for row in rows])}
        return [row.number for row in rows if kept.get(row.number) != row]

    def numbers(
        self, session: Session, entry: Entry, match: Match, span: Span, most: int, *, oldest: bool = False
    ) -> list[int]:
        """The numbers of what matches within a span, newest first, or oldest first."""
        order = "ASC" if oldest else "DESC"
        query = f"{_MATCHING} ORDER BY rowid {order} LIMIT :most".format(index=f"{entry.__tablename__}_fts")
        return list(session.scalars(text(query), self._bound(match, span, most)))

    def count(self, session: Session, entry: Entry, match: Match, span: Span, most: int) -> int:
        """How many match within a span, counted no further than `most`."""
        matching = _MATCHING.format(index=f"{entry.__tablename__}_fts")
        query = f"SELECT count(*) FROM ({matching} LIMIT :most)"  # noqa: S608
        return int(session.execute(text(query), self._bound(match, span, most)).scalar_one())

    def among(self, session: Session, entry: Entry, matches: Sequence[Match], numbers: Sequence[int]) -> list[set[int]]:
        """For each match, which of these numbers hold it.

        Their texts are read: FTS5 looks at the edge of a span only where it finds something, and would walk a common
        word's whole list for a name that nobody has.
        """
        query = f"SELECT number, {', '.join(FIELDS)} FROM {entry.__tablename__} WHERE {_THOSE}"  # noqa: S608
        rows = session.execute(text(query), {"json": json.dumps(list(numbers))})
        texts = [_Terms(number, f" {words} \n {name} \n {place} ", f" {name} ", f" {place} ") for
                 number, words, name, place in rows]  # fmt: skip
        return [{text.number for text in _holding(match, texts)} for match in matches]

    def languages(self, session: Session, entry: Entry, numbers: Sequence[int]) -> list[tuple[int, str]]:
        """Each of these entries with its language."""
        query = f"SELECT number, language FROM {entry.__tablename__} WHERE {_THOSE}"  # noqa: S608
        return [(number, code) for number, code in session.execute(text(query), {"json": json.dumps(numbers)})]

    def counted(self, session: Session, entry: Entry) -> dict[str, int]:
        """Every term of the index with the number of its texts."""
        index = f"{entry.__tablename__}_fts"
        session.execute(text(f"CREATE VIRTUAL TABLE temp.counted USING fts5vocab('main', '{index}', 'row')"))
        rows = session.execute(text("SELECT term, doc FROM temp.counted")).all()
        session.execute(text("DROP TABLE temp.counted"))
        return dict(rows)

    def rebuild(self, session: Session, entry: Entry, pace: Pace) -> Iterator[int]:
        """Make a new index beside the old, which answers meanwhile; then let the new one take its place."""
        yield from rebuild(session, entry, pace)

    @contextmanager
    def within(self, session: Session, seconds: float) -> Iterator[None]:
        """Stop what is asked of the database after so long. Raises Spent."""
        connection: Any = session.connection().connection.dbapi_connection
        deadline = monotonic() + seconds
        connection.set_progress_handler(lambda: monotonic() > deadline, STEPS)
        try:
            with watched(session.connection(), deadline):
                yield
        except OperationalError as error:
            if isinstance(error.orig, sqlite3.OperationalError) and "interrupted" in str(error.orig):
                raise Spent from error
            raise
        finally:
            connection.set_progress_handler(None, 0)

    def _rows(self, session: Session, entry: Entry, numbers: Iterable[int]) -> list[Row]:
        listed = ", ".join(str(int(number)) for number in numbers)
        query = f"SELECT {', '.join(COLUMNS)} FROM {entry.__tablename__} WHERE number IN ({listed})"  # noqa: S608
        return [Row(*row) for row in session.execute(text(query))]

    def _bound(self, match: Match, span: Span, most: int) -> dict[str, object]:
        return {"match": expression(match), "above": span.above, "below": span.below, "most": most}

    def _indexes(self, session: Session, entry: Entry) -> list[tuple[str, int]]:
        """The index, and the one that is being made anew, with the number up to which each holds the entries."""
        name = f"{entry.__tablename__}_fts"
        rebuilding = session.get(Rebuilding, entry.__tablename__)
        return [(name, Span().below), *([(f"{name}_new", rebuilding.number)] if rebuilding else [])]


_THOSE = "number IN (SELECT value FROM json_each(:json))"
_MATCHING = "SELECT rowid FROM {index} WHERE {index} MATCH :match AND rowid > :above AND rowid < :below"
_INSERT = "INSERT INTO {index} (rowid, words, name, place) VALUES (:number, :words, :name, :place)"
_DELETE = "INSERT INTO {index} ({index}, rowid, words, name, place) VALUES ('delete', :number, :words, :name, :place)"


def expression(match: Match) -> str:
    """The match in FTS5's grammar. Terms hold no quote, so that quotes around them hold."""
    wanted = " AND ".join(_group(group) for group in match.wanted)
    without = " OR ".join(_group(group) for group in match.excluded)
    return f"({wanted}) NOT ({without})" if without else wanted


def _group(group: Group) -> str:
    quoted = [" ".join(group.terms)] if group.in_a_row else group.terms
    said = " OR ".join(f'"{term}"' for term in quoted)
    return f"{{{group.field}}} : ({said})" if group.field else f"({said})"


class _Terms(NamedTuple):
    """The terms of an entry, each between spaces: all of them, where no row of them runs from one field into the next;
    those of the name; those of the place.
    """

    number: int
    all: str
    name: str
    place: str


def _holding(match: Match, texts: list[_Terms]) -> list[_Terms]:
    """The texts that hold a match."""
    held = texts
    for group in match.wanted:
        held = _having(group, held)
    for group in match.excluded:
        numbers = {text.number for text in _having(group, held)}
        held = [text for text in held if text.number not in numbers]
    return held


def _having(group: Group, texts: list[_Terms]) -> list[_Terms]:
    field = attrgetter(group.field or "all")
    sought = [f" {' '.join(group.terms)} "] if group.in_a_row else [f" {term} " for term in group.terms]
    if len(sought) == 1:
        (one,) = sought
        return [text for text in texts if one in field(text)]
    return [text for text in texts if any(one in field(text) for one in sought)]
