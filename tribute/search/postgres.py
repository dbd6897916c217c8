"""PostgreSQL's engine: a tsvector under a GIN index, and one more index of each term together with its stretch.

Each statement settles its own plan, for the planner's guesses about a tsvector are off by orders of magnitude. Entries
lie in stretches of some thousands that follow one another by number. Matches are read from one stretch after another,
the newest first, until there are enough; where all of them are wanted, they are matched at once and sorted after.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from psycopg.errors import QueryCanceled
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tribute.search.engine import EVERYTHING, Entry, Pace, Sign, Span, Spent, watched
from tribute.search.match import Group, Match
from tribute.search.terms import COARSE, SAMPLES, Row

WEIGHTS = {"name": "A", "place": "B", "words": "D"}
GAP = 2  # positions between two fields, so that no phrase runs over from one into the next
LAST_POSITION = 16_383  # of a tsvector

STRETCH = 4_096  # entries, from which on the next one begins: what is looked through for a page of the most common word
STEP, KEY = 8, 3  # rows that are fetched while one more stretch is asked, and for each term that it is asked for
FETCHED = 2  # entries that the index tells of a word while a row is fetched
MANY = 8  # terms of a group, from which on it is looked for in rows: a tsquery weighs them all for every row


class TextSearch:
    """The column `terms` of the entry's own table."""

    def insert(self, session: Session, entry: Entry, rows: Sequence[Row]) -> None:
        """Add entries and index them, each in the stretch of the one before it."""
        name = entry.__tablename__
        ordered = sorted(rows, key=lambda row: row.number)
        looks = next((row.number for row in ordered if row.number % COARSE == 0), None)
        is_full = looks is not None and session.execute(
            text(_IS_FULL.format(entry=name)), {"number": looks, "most": STRETCH}
        ).scalar_one()  # fmt: skip
        values = [
            {"number": row.number, "source_id": row.source_id, "language": row.language, "terms": vector(row),
             "begins": int(is_full and row.number == looks)}
            for row in ordered
        ]  # fmt: skip
        if values:
            session.execute(text(_INSERT.format(entry=name)), values)

    def delete(self, session: Session, entry: Entry, numbers: Sequence[int]) -> None:
        """Take entries out of the index and the table."""
        statement = f"DELETE FROM {entry.__tablename__} WHERE number = ANY(:numbers)"  # noqa: S608
        session.execute(text(statement), {"numbers": list(numbers)})

    def terms(self, session: Session, entry: Entry, numbers: Iterable[int]) -> dict[int, set[str]]:
        """The terms of each of these entries, as the index has them."""
        query = f"SELECT number, tsvector_to_array(terms) FROM {entry.__tablename__} WHERE number = ANY(:numbers)"  # noqa: S608
        return {number: set(found) for number, found in session.execute(text(query), {"numbers": list(numbers)})}

    def differing(self, session: Session, entry: Entry, rows: Sequence[Row]) -> list[int]:
        """The numbers of entries that do not say what they should, lie in too early a stretch, or are not there."""
        wanted = {"numbers": [row.number for row in rows], "vectors": [vector(row) for row in rows],
                  "sources": [row.source_id for row in rows], "languages": [row.language for row in rows]}  # fmt: skip
        return list(session.scalars(text(_DIFFERING.format(entry=entry.__tablename__)), wanted))

    def numbers(
        self, session: Session, entry: Entry, match: Match, span: Span, most: int, *, oldest: bool = False
    ) -> list[int]:
        """The numbers of what matches within a span, newest first, or oldest first."""
        return [number for number, _weight in _Asked(session, entry, match, span, oldest=oldest).first(most)]

    def best(
        self, session: Session, entry: Entry, match: Match, signs: Sequence[Sign], most: int
    ) -> list[tuple[int, int]]:
        """The newest matches, each with the weights of the signs that it holds, added up."""
        return _Asked(session, entry, match, EVERYTHING, tuple(signs)).first(most)

    def weighed(self, session: Session, entry: Entry, signs: Sequence[Sign], numbers: Sequence[int]) -> dict[int, int]:
        """Each of these entries with the weights of the signs that it holds, added up."""
        weight, asked = weighing(signs)
        query = f"SELECT number, {weight} FROM {entry.__tablename__} WHERE number = ANY(:numbers)"  # noqa: S608
        rows = session.execute(text(query), asked | {"numbers": list(numbers)}).all()
        return dict(rows)

    def languages(self, session: Session, entry: Entry, numbers: Sequence[int]) -> list[tuple[int, str]]:
        """Each of these entries with its language."""
        query = f"SELECT number, language FROM {entry.__tablename__} WHERE number = ANY(:numbers)"  # noqa: S608
        rows = session.execute(text(query), {"numbers": list(numbers)}).all()
        return [(number, code) for number, code in rows]

    def counted(self, session: Session, entry: Entry) -> dict[str, int]:
        """Every term of the index with the number of its texts."""
        said = f"SELECT terms FROM {entry.__tablename__}"  # noqa: S608
        return dict(session.execute(text("SELECT word, ndoc FROM ts_stat(:said)"), {"said": said}).all())

    def rebuild(self, session: Session, entry: Entry, pace: Pace) -> Iterator[int]:
        """Lift each entry that lies in an earlier stretch than the one before it; yields how many were looked at.

        The index is PostgreSQL's own, kept with the rows: REINDEX mends one that a disk has damaged.
        """
        after, is_more = -1, True
        while is_more:
            asked = {"after": after, "size": pace.size}
            after, looked_at = session.execute(text(_LIFTED.format(entry=entry.__tablename__)), asked).one()
            is_more = looked_at == asked["size"]
            yield looked_at

    @contextmanager
    def within(self, session: Session, seconds: float) -> Iterator[None]:
        """Stop a statement after so long, and begin no other. Raises Spent."""
        connection: Any = session.connection().connection.dbapi_connection
        milliseconds = max(1, round(seconds * 1000))  # to PostgreSQL, 0 is without end
        begin, end = _ALONE if connection.autocommit else _IN_TRANSACTION
        connection.execute(_BEGIN.format(begin=begin, milliseconds=milliseconds))  # all in one journey
        try:
            with watched(session.connection(), monotonic() + seconds):
                yield
        except OperationalError as error:
            if isinstance(error.orig, QueryCanceled):
                raise Spent from error
            raise
        finally:
            connection.execute(end)  # which takes the settings back too; nothing is written within


Rows = list[tuple[int, int]]  # numbers with their weights, in order


@dataclass(frozen=True)
class _Asked:
    """One match within a span, and the ways to read it; each row comes with what it weighs by its signs."""

    session: Session
    entry: Entry
    match: Match
    span: Span
    signs: tuple[Sign, ...] = ()
    oldest: bool = False

    def first(self, most: int) -> Rows:
        """The first so many, in the way that is likely to be the shortest."""
        is_all = not sample_of(self.match) and is_all_sooner(self.match, most)
        return self.matched(most) if is_all else self.by_stretches(most)

    def matched(self, most: int) -> Rows:
        """Everything that matches is fetched, then sorted, and the first of it weighed."""
        return self._rows(_BEST if self.signs else _MATCHED, most, *condition(self.match))

    def by_stretches(self, most: int) -> Rows:
        """What matches in one stretch after another, until there are enough; or in a sample alone, which is one too."""
        hits, terms = condition_within(self.match)
        every = sample_of(self.match)
        return self._rows(_STRETCHES, most, hits, terms | {"sample": -every if every else None})

    def _rows(self, sql: str, most: int, hits: str, bound: Mapping[str, object]) -> Rows:
        weight, signs = weighing(self.signs)
        statement = sql.format(
            entry=self.entry.__tablename__, hits=hits, weight=weight,
            **(_OLDEST if self.oldest else _NEWEST),
        )  # fmt: skip
        asked = {"above": self.span.above, "below": self.span.below, "most": most, **bound, **signs}
        found: Any = self.session.execute(text(statement), asked)
        rows: Rows = found.cursor.fetchall()  # SQLAlchemy's own take longer to make
        return rows


def is_all_sooner(match: Match, most: int) -> bool:
    """Whether all that matches is found sooner than the first so many, one stretch after another.

    No more can match than have the rarest of what is wanted; how often that comes with the rest by chance tells how
    many stretches hold enough.
    """
    at_most = min(group.documents for group in match.wanted)
    keys = sum(len(group.terms) for group in match.wanted)
    stretches = match.total / STRETCH * min(1.0, most / max(1, match.expected))
    return at_most <= max(most, stretches * (STEP + KEY * keys))


def sample_of(match: Match) -> int:
    """Of one entry in how many a match is asked; 0 where it is asked of all."""
    wanted = {group.terms for group in match.wanted}
    return next((every for every, tag in SAMPLES.items() if (tag,) in wanted), 0)


_INSERT = """
    INSERT INTO {entry} (number, source_id, language, terms, stretch)
    VALUES (:number, :source_id, :language, CAST(:terms AS tsvector), :begins + COALESCE(
        (SELECT stretch FROM {entry} WHERE number < :number ORDER BY number DESC LIMIT 1), 0))"""
# Whether an entry comes behind all others, and so many of those all lie in one stretch.
_IS_FULL = """
    SELECT count(*) = :most AND min(stretch) = max(stretch) AND max(number) < :number
    FROM (SELECT number, stretch FROM {entry} ORDER BY number DESC LIMIT :most) AS newest"""
_DIFFERING = """
    SELECT wanted.number
    FROM unnest(CAST(:numbers AS bigint[]), CAST(:sources AS bigint[]), CAST(:languages AS text[]),
                CAST(:vectors AS text[])) AS wanted (number, source_id, language, vector)
    LEFT JOIN {entry} AS kept ON kept.number = wanted.number AND kept.source_id = wanted.source_id
        AND kept.language = wanted.language AND kept.terms = CAST(wanted.vector AS tsvector)
        AND kept.stretch >= COALESCE(
            (SELECT stretch FROM {entry} WHERE number < kept.number ORDER BY number DESC LIMIT 1), 0)
    WHERE kept.number IS NULL"""
# From the last one on that was looked at before, so that the first of these lies behind it.
_LIFTED = """
    WITH next AS (
        SELECT number, stretch, max(stretch) OVER (ORDER BY number) AS least
        FROM {entry} WHERE number >= :after ORDER BY number LIMIT :size
    ), lifted AS (
        UPDATE {entry} AS entry SET stretch = next.least
        FROM next WHERE entry.number = next.number AND next.stretch < next.least
    ) SELECT max(number), count(*) FROM next"""
_HOLDS = "terms @@ CAST(:{} AS tsquery)"
_LOOKED_AT = "ts_match_vq(terms, CAST(:{} AS tsquery))"  # the same, but that no index is asked
# `number + 0` keeps the planner from walking the primary key, and OFFSET 0 from reordering what it is told.
_WITHIN = "number + 0 > :above AND number + 0 < :below"
_MATCHED = (
    f"SELECT number, 0 FROM (SELECT number FROM {{entry}} WHERE {{hits}} AND {_WITHIN} OFFSET 0) AS hit "  # noqa: S608
    "ORDER BY number {order} LIMIT :most"
)
_BEST = f"SELECT number, {{weight}} FROM ({_MATCHED}) AS first JOIN {{entry}} USING (number) ORDER BY number {{order}}"  # noqa: S608
# One stretch after another is asked, each by itself and in order; LIMIT stops that as soon as there are enough.
_STRETCHES = f"""
    SELECT number, {{weight}} FROM (
        SELECT hit.number, hit.terms
        FROM generate_series(
            COALESCE(CAST(:sample AS integer), (SELECT stretch FROM {{entry}} WHERE {{first}} LIMIT 1)),
            COALESCE(CAST(:sample AS integer), (SELECT stretch FROM {{entry}} WHERE {{last}} LIMIT 1)), {{step}}
        ) AS at, LATERAL (
            SELECT number, terms FROM {{entry}} WHERE {{hits}} AND {_WITHIN} ORDER BY number {{order}} OFFSET 0
        ) AS hit
        LIMIT :most
    ) AS found"""  # noqa: S608
_IN_STRETCH = (
    "terms_within(number, stretch, terms) && "
    "ARRAY(SELECT term_within(at, term) FROM unnest(CAST(:{} AS text[])) AS term)"
)
_BELOW, _ABOVE = "number < :below ORDER BY number DESC", "number > :above ORDER BY number"
_NEWEST = {"order": "DESC", "first": _BELOW, "last": _ABOVE, "step": -1}
_OLDEST = {"order": "ASC", "first": _ABOVE, "last": _BELOW, "step": 1}
_ALONE = "BEGIN", "ROLLBACK"
_IN_TRANSACTION = "SAVEPOINT search", "ROLLBACK TO SAVEPOINT search; RELEASE SAVEPOINT search"
_BEGIN = """
    {begin};
    SET LOCAL statement_timeout = {milliseconds}; SET LOCAL enable_seqscan = off; SET LOCAL jit = off;
    SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL work_mem = '32MB'"""


def vector(row: Row) -> str:
    """The entry as a tsvector is written: each term with its places and their field. Terms hold no quote."""
    places: dict[str, list[str]] = {}
    at = 0
    for field, weight in WEIGHTS.items():
        for term in getattr(row, field).split():
            at += 1
            places.setdefault(term, []).append(f"{min(at, LAST_POSITION)}{weight}")
        at += GAP
    return " ".join(f"'{term}':{','.join(found)}" for term, found in places.items())


def expression(match: Match) -> str:
    """The match in tsquery's grammar, for rows that are looked at one by one."""
    wanted = " & ".join(_looked_at(group) for group in match.wanted)
    without = "".join(f" & !{_looked_at(group)}" for group in match.excluded)
    return wanted + without


def weighing(signs: Sequence[Sign]) -> tuple[str, dict[str, str]]:
    """The weights of the signs that an entry holds, added up, and what that binds."""
    bound = {f"sign{at}": expression(sign) for at, (_weight, sign) in enumerate(signs)}
    held = (
        f"{weight} * CAST({_HOLDS.format(name)} AS int)" for name, (weight, _sign) in zip(bound, signs, strict=True)
    )
    return " + ".join(held) or "0", bound


def condition(match: Match) -> tuple[str, dict[str, str]]:
    """The match as a condition on the whole index, and what it binds.

    It is one tsquery, but for large groups: within one all of their terms are weighed for every row that the index
    tells. Where far fewer rows have the rest, those are looked at.
    """
    large = [group for group in match.wanted if len(group.terms) > MANY and not group.in_a_row]
    rarest = min((group.documents for group in match.wanted if group not in large), default=math.inf)
    of_rows = [group for group in large if group.documents > FETCHED * rarest]
    within = [_group(group) for group in match.wanted if group not in of_rows]
    within += [f"!{_group(group)}" for group in match.excluded if len(group.terms) <= MANY]
    asked = [(_HOLDS, " & ".join(within)), *((_LOOKED_AT, _looked_at(group)) for group in of_rows)]
    asked += [(f"NOT {_LOOKED_AT}", _looked_at(group)) for group in match.excluded if len(group.terms) > MANY]
    bound = {f"match{number}": said for number, (_how, said) in enumerate(asked)}
    return " AND ".join(how.format(name) for (how, _said), name in zip(asked, bound, strict=True)), bound


def condition_within(match: Match) -> tuple[str, dict[str, object]]:
    """The match as a condition on one stretch, `at`; what the index of stretches does not know is asked of the rows."""
    groups = [list(group.terms) for group in match.wanted if not group.in_a_row]
    groups += [[term] for group in match.wanted if group.in_a_row for term in group.terms]
    bound: dict[str, object] = {f"within{number}": terms for number, terms in enumerate(groups)}
    conditions = [_IN_STRETCH.format(name) for name in bound]
    if match.excluded or any(group.in_a_row or group.field for group in match.wanted):
        conditions.append(_LOOKED_AT.format("match"))
        bound["match"] = expression(match)
    return " AND ".join(conditions), bound


def _looked_at(group: Group) -> str:
    """A group, and where its terms all begin alike first that: most rows have no such word, and none is looked for."""
    weight = WEIGHTS[group.field] if group.field else ""
    return f"('{group.begins}':*{weight} & {_group(group)})" if group.begins and group.terms[1:] else _group(group)


def _group(group: Group) -> str:
    weight = f":{WEIGHTS[group.field]}" if group.field else ""
    joined = " <-> " if group.in_a_row else " | "
    return "(" + joined.join(f"'{term}'{weight}" for term in group.terms) + ")"
