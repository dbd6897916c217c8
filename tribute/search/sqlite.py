"""SQLite's engine: FTS5 over external content, read and written beside the entries in the same transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tribute.models import Rebuilding
from tribute.search.engine import EVERYTHING, Entry, Pace, Sign, Span, Spent, watched
from tribute.search.match import Group, Match
from tribute.search.rebuild import rebuild
from tribute.search.terms import COARSE, SAMPLES, Row

FIELDS = ("words", "name", "place")
COLUMNS = ("number", "source_id", "language", *FIELDS)
STEPS = 2_000  # instructions of SQLite's machine between two looks at the clock: some tens of microseconds
_TAG = f'"{SAMPLES[COARSE]}"'
LISTED = 200  # entries of words' lists that are walked while one text is read and looked through
HANDED = 14  # and while one that was found is handed over


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
        return [number for (number,) in _rows(session, query, self._bound(match, span, most))]

    def best(
        self, session: Session, entry: Entry, match: Match, signs: Sequence[Sign], most: int
    ) -> list[tuple[int, int]]:
        """The newest matches, each with the weights of the signs that it holds, added up."""
        numbers = self.numbers(session, entry, match, EVERYTHING, most)
        return list(self.weighed(session, entry, signs, numbers).items())

    def weighed(self, session: Session, entry: Entry, signs: Sequence[Sign], numbers: Sequence[int]) -> dict[int, int]:
        """Each of these entries with the weights of the signs that it holds, added up.

        Where that takes longer than to walk the signs' own lists, their texts are not read.
        """
        weights, rest = dict.fromkeys(numbers, 0), list(numbers)
        index = f"{entry.__tablename__}_fts"
        if numbers and self._listed(session, index, signs, numbers) <= LISTED * len(numbers):
            rest = [number for number in numbers if number % COARSE == 0]
            for weight, sign in signs:
                for number in self._in_sample_or_holding(session, index, sign, numbers):
                    if number in weights and number % COARSE:
                        weights[number] += weight
        texts = _rows(session, _TEXTS.format(entry=entry.__tablename__), {"json": json.dumps(rest)})
        for weight, sign in signs:
            for number in _holding(sign, texts):
                weights[number] += weight
        return weights

    def languages(self, session: Session, entry: Entry, numbers: Sequence[int]) -> list[tuple[int, str]]:
        """Each of these entries with its language."""
        query = f"SELECT number, language FROM {_THOSE}".format(entry=entry.__tablename__)  # noqa: S608
        return _rows(session, query, {"json": json.dumps(list(numbers))})

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
        except (
            OperationalError,
            sqlite3.OperationalError,
        ) as error:  # the driver's own, where rows are read as it has them
            own = error.orig if isinstance(error, OperationalError) else error
            if isinstance(own, sqlite3.OperationalError) and "interrupted" in str(own):
                raise Spent from error
            raise
        finally:
            connection.set_progress_handler(None, 0)

    def _rows(self, session: Session, entry: Entry, numbers: Iterable[int]) -> list[Row]:
        listed = ", ".join(str(int(number)) for number in numbers)
        query = f"SELECT {', '.join(COLUMNS)} FROM {entry.__tablename__} WHERE number IN ({listed})"  # noqa: S608
        return [Row(*row) for row in session.execute(text(query))]

    def _listed(self, session: Session, index: str, signs: Sequence[Sign], numbers: Sequence[int]) -> float:
        """What there is to walk of words' lists between the first and the last of these numbers, in entries."""
        span = _span(numbers)
        sampled = f"SELECT count(*) FROM ({_MATCHING})".format(index=index)  # noqa: S608
        among: int = session.execute(
            text(sampled), {"match": _TAG, "above": span.above, "below": span.below}
        ).scalar_one()
        listed = sum(group.documents for _weight, sign in signs for group in sign.wanted)
        share = min(1.0, among * COARSE / max(1, signs[0][1].total))
        return listed * share + HANDED * among * len(signs)

    def _in_sample_or_holding(self, session: Session, index: str, sign: Match, numbers: Sequence[int]) -> Iterator[int]:
        """What holds a sign among these numbers, and what of the sample lies between them.

        FTS5 looks at the edge of a span only where it finds something, and would walk a common word's whole list for a
        name that nobody has: of the sample it finds something soon.
        """
        span = _span(numbers)
        bound = {"match": f"({expression(sign)}) OR {_TAG}", "above": span.above, "below": span.below}
        rows = _rows(session, f"{_MATCHING} ORDER BY rowid DESC".format(index=index), bound)
        return (number for (number,) in rows)

    def _bound(self, match: Match, span: Span, most: int) -> dict[str, object]:
        return {"match": expression(match), "above": span.above, "below": span.below, "most": most}

    def _indexes(self, session: Session, entry: Entry) -> list[tuple[str, int]]:
        """The index, and the one that is being made anew, with the number up to which each holds the entries."""
        name = f"{entry.__tablename__}_fts"
        rebuilding = session.get(Rebuilding, entry.__tablename__)
        return [(name, Span().below), *([(f"{name}_new", rebuilding.number)] if rebuilding else [])]


def _rows(session: Session, query: str, bound: dict[str, object]) -> list[tuple[Any, ...]]:
    """Rows as the driver gives them: thousands of SQLAlchemy's own take longer to make than to read."""
    found: Any = session.execute(text(query), bound)
    rows: list[tuple[Any, ...]] = found.cursor.fetchall()
    found.close()
    return rows


# The numbers are gone through one by one, each looked up by its key: an IN takes the planner twice as long.
_THOSE = "json_each(:json) AS those CROSS JOIN {entry} ON number = those.value"
_MATCHING = "SELECT rowid FROM {index} WHERE {index} MATCH :match AND rowid > :above AND rowid < :below"
_INSERT = "INSERT INTO {index} (rowid, words, name, place) VALUES (:number, :words, :name, :place)"
_DELETE = "INSERT INTO {index} ({index}, rowid, words, name, place) VALUES ('delete', :number, :words, :name, :place)"


def _span(numbers: Sequence[int]) -> Span:
    return Span(min(numbers) - 1, max(numbers) + 1)


def expression(match: Match) -> str:
    """The match in FTS5's grammar. Terms hold no quote, so that quotes around them hold."""
    wanted = " AND ".join(_group(group) for group in match.wanted)
    without = " OR ".join(_group(group) for group in match.excluded)
    return f"({wanted}) NOT ({without})" if without else wanted


def _group(group: Group) -> str:
    quoted = [" ".join(group.terms)] if group.in_a_row else group.terms
    said = " OR ".join(f'"{term}"' for term in quoted)
    return f"{{{group.field}}} : ({said})" if group.field else f"({said})"


# An entry's number, all its terms, those of its name, and those of its place, each between spaces; a line feed keeps a
# row of them from running from one field into the next.
_TEXTS = (
    "SELECT number, ' ' || words || ' \n ' || name || ' \n ' || place || ' ', ' ' || name || ' ', ' ' || place || ' ' "  # noqa: S608
    f"FROM {_THOSE}"
)
_PLACES = {"": 1, "name": 2, "place": 3}


def _holding(match: Match, texts: Sequence[Any]) -> set[int]:
    """The numbers of the texts that hold a match."""
    held = set.intersection(*(_having(group, texts) for group in match.wanted))
    return held.difference(*(_having(group, texts) for group in match.excluded))


def _having(group: Group, texts: Sequence[Any]) -> set[int]:
    at, found = _PLACES[group.field], set[int]()
    for sought in [" ".join(group.terms)] if group.in_a_row else group.terms:
        spaced = f" {sought} "
        found.update([text[0] for text in texts if spaced in text[at]])
    return found
