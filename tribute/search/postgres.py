"""PostgreSQL's engine: a tsvector under a GIN index, and a plan that follows how frequent the words are.

Each statement settles its own plan, for the planner's guesses about a tsvector are off by orders of magnitude:
- what is rare is matched first, and sorted after (`matched`);
- what is common is found by walking the entries from the newest on, and stopping (`walked`);
- what lies between, where many are wanted, is matched within the newest entries that should hold enough
  (`stretch_by_stretch`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from psycopg.errors import QueryCanceled
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tribute.search.edges import hundredths
from tribute.search.engine import EVERYTHING, Entry, Pace, Sign, Span, Spent, watched
from tribute.search.match import Group, Match
from tribute.search.terms import Row

WEIGHTS = {"name": "A", "place": "B", "words": "D"}
GAP = 2  # positions between two fields, so that no phrase runs over from one into the next
LAST_POSITION = 16_383  # of a tsvector

RARE = 2_000  # matches that are read at once: some milliseconds
LONG = 5  # times the root of what is wanted and of what there is: a stretch of more entries is no shorter way than all
PROBE = 1_500  # entries that are walked to learn how common a match is: some milliseconds
BEFORE = 2  # entries that are walked while one of a stretch is fetched and weighed
WALK = 4_000  # entries that are walked, which takes some microseconds each
MAPPED = 8  # entries that the index tells of a word while one is walked
FETCHED = 2  # and while a row is fetched
WALK_TO_COUNT = 15_000
PROMISED = 2  # so many times the entries are walked first that would hold what is wanted, came words by chance
WIDER = 2  # times as many entries in the next stretch as should hold what is missing still
MANY = 8  # terms of a group, from which on each is looked up by itself: a tsquery weighs them all for every row
OFTEN = 2_000  # matches that are expected, from which on that is the shorter way
MARGIN = 1.5  # read beyond what the first ones promise


class TextSearch:
    """The column `terms` of the entry's own table."""

    def insert(self, session: Session, entry: Entry, rows: Sequence[Row]) -> None:
        """Add entries and index them."""
        values = [
            {"number": row.number, "source_id": row.source_id, "language": row.language, "terms": vector(row)}
            for row in rows
        ]
        if values:
            session.execute(text(_INSERT.format(entry=entry.__tablename__)), values)

    def delete(self, session: Session, entry: Entry, numbers: Sequence[int]) -> None:
        """Take entries out of the index and the table."""
        statement = f"DELETE FROM {entry.__tablename__} WHERE number = ANY(:numbers)"  # noqa: S608
        session.execute(text(statement), {"numbers": list(numbers)})

    def terms(self, session: Session, entry: Entry, numbers: Iterable[int]) -> dict[int, set[str]]:
        """The terms of each of these entries, as the index has them."""
        query = f"SELECT number, tsvector_to_array(terms) FROM {entry.__tablename__} WHERE number = ANY(:numbers)"  # noqa: S608
        return {number: set(found) for number, found in session.execute(text(query), {"numbers": list(numbers)})}

    def having(
        self, session: Session, entry: Entry, numbers: Sequence[int], terms: Collection[str]
    ) -> dict[int, set[str]]:
        """Which of these terms each of these entries has."""
        wanted = {"numbers": list(numbers), "terms": list(terms), "asked": [f"'{term}'" for term in terms]}
        rows = session.execute(text(_HAVING.format(entry=entry.__tablename__)), wanted)
        return {number: set(found) for number, found in rows}

    def differing(self, session: Session, entry: Entry, rows: Sequence[Row]) -> list[int]:
        """The numbers of entries that do not say what they should, or are not there."""
        wanted = {"numbers": [row.number for row in rows], "vectors": [vector(row) for row in rows],
                  "sources": [row.source_id for row in rows], "languages": [row.language for row in rows]}  # fmt: skip
        return list(session.scalars(text(_DIFFERING.format(entry=entry.__tablename__)), wanted))

    def numbers(
        self, session: Session, entry: Entry, match: Match, span: Span, most: int, *, oldest: bool = False
    ) -> list[int]:
        """The numbers of what matches within a span, newest first, or oldest first."""
        return [number for number, _weight in _Asked(session, entry, match, span, oldest=oldest).first(most)]

    def count(self, session: Session, entry: Entry, match: Match, span: Span, most: int) -> int:
        """How many match within a span, counted no further than `most`."""
        asked = _Asked(session, entry, match, span)
        if match.expected > RARE:
            found, walked = asked.walked(PROBE)
            wanted = round(most * walked / max(1, len(found)) * MARGIN)
            if wanted <= WALK_TO_COUNT and len(asked.walked(wanted)[0]) >= most:
                return most
        return asked.counted(most)

    def best(
        self, session: Session, entry: Entry, match: Match, signs: Sequence[Sign], most: int
    ) -> list[tuple[int, int]]:
        """The newest matches, each with the weights of the signs that it holds, added up."""
        return _Asked(session, entry, match, EVERYTHING, tuple(signs)).first(most)

    def weighed(self, session: Session, entry: Entry, signs: Sequence[Sign], numbers: Sequence[int]) -> dict[int, int]:
        """Each of these entries with the weights of the signs that it holds, added up."""
        asked = {f"match{index}": expression(sign) for index, (_weight, sign) in enumerate(signs)}
        weights = " + ".join(
            f"{weight} * CAST(terms @@ CAST(:{name} AS tsquery) AS int)"
            for name, (weight, _sign) in zip(asked, signs, strict=True)
        )
        query = f"SELECT number, {weights} FROM {entry.__tablename__} WHERE number = ANY(:numbers)"  # noqa: S608
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
        """Nothing: the index is PostgreSQL's own, kept with the rows (REINDEX mends one that a disk has damaged)."""
        yield from ()

    @contextmanager
    def within(self, session: Session, seconds: float) -> Iterator[None]:
        """Stop a statement after so long, and begin no other. Raises Spent."""
        connection: Any = session.connection().connection.dbapi_connection
        milliseconds = max(1, round(seconds * 1000))  # to PostgreSQL, 0 is without end
        connection.execute(_BEGIN.format(milliseconds=milliseconds))  # all in one journey
        try:
            with watched(session.connection(), monotonic() + seconds):
                yield
        except OperationalError as error:
            if isinstance(error.orig, QueryCanceled):
                raise Spent from error
            raise
        finally:
            connection.execute(_END)  # which takes the settings back too; nothing is written within


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
        match = self.match
        chance, longest = match.expected / match.total, LONG * math.sqrt(most * match.total)
        if match.expected <= RARE or MARGIN * most >= longest * chance:
            return self.matched(most)
        promised = round(PROMISED * most / max(chance, 1 / match.total))
        found, walked = self.walked(min(promised, PROBE))
        if len(found) < most and walked == promised < PROBE:
            found, walked = self.walked(PROBE)
        if len(found) >= most or walked < PROBE:
            return found[:most]
        entries = round(MARGIN * most * walked / len(found)) if found else match.total
        if entries <= WALK or entries < BEFORE * most + min(group.documents for group in match.wanted) / MAPPED:
            found, walked = self.walked(entries)
            if len(found) >= most or walked < entries:
                return found[:most]
        return self.stretch_by_stretch(most, entries) if entries < longest else self.matched(most)

    def matched(self, most: int) -> Rows:
        """Everything that matches is fetched, then sorted, and the first of it weighed."""
        return self._rows(_BEST if self.signs else _MATCHED, most, *condition(self.match, without=True))

    def counted(self, most: int) -> int:
        """What matches is counted in whatever order the index gives."""
        return int(self._run(_COUNTED, most, *condition(self.match, without=True)).scalar_one())

    def walked(self, entries: int) -> tuple[Rows, int]:
        """What matches among the first so many entries, in order; and how many there were."""
        asked = _HOLDS.format("match"), {"match": expression(self.match)}
        numbers, weights, walked = self._run(_WALKED, entries, *asked).one()
        return list(zip(numbers or (), weights or (), strict=True)), int(walked)

    def stretch_by_stretch(self, most: int, entries: int) -> Rows:
        """What matches among the first so many entries, then among more of the next ones, until there are enough."""
        edge = self._edge(entries)
        if edge is None:
            return self._stretch(most)
        above, below = self.span.above, self.span.below
        first, rest = (Span(above, edge), Span(edge - 1, below)) if self.oldest else (
            Span(edge, below), Span(above, edge + 1))  # fmt: skip
        found = replace(self, span=first)._stretch(most)
        missing = most - len(found)
        if missing > 0:
            share = len(found) / entries
            more = round(WIDER * missing / share) if share else self.match.total
            found += replace(self, span=rest).stretch_by_stretch(missing, min(more, WIDER * entries))
        return found

    def _edge(self, entries: int) -> int | None:
        """The number that so many entries lie before, or about as many, where that is told sooner."""
        known = hundredths(self.session, self.entry, self.match.total).edge(self.span, entries, oldest=self.oldest)
        return self._run(_EDGE, entries).scalar() if known is None else known

    def _stretch(self, most: int) -> Rows:
        """Everything that matches in the span: the maps of words and numbers are laid over one another."""
        self.session.execute(_BY_MAPS)
        found = self._rows(_STRETCH, most, *condition(self.match, without=False))
        self.session.execute(_BY_ANY_WAY)
        return found

    def _rows(self, sql: str, most: int, hits: str, bound: Mapping[str, str]) -> Rows:
        rows: Rows = self._run(sql, most, hits, bound).cursor.fetchall()  # SQLAlchemy's own take longer to make
        return rows

    def _run(self, sql: str, most: int, hits: str = "", bound: Mapping[str, str] = {}) -> Any:
        weight = " + ".join(f"{weight} * CAST({_HOLDS.format(f'sign{at}')} AS int)"
                            for at, (weight, _sign) in enumerate(self.signs)) or "0"  # fmt: skip
        signs = {f"sign{at}": expression(sign) for at, (_weight, sign) in enumerate(self.signs)}
        statement = sql.format(
            entry=self.entry.__tablename__, order="ASC" if self.oldest else "DESC", hits=hits, weight=weight
        )
        asked = {"above": self.span.above, "below": self.span.below, "most": most, **bound}
        return self.session.execute(text(statement), asked | signs if "{weight}" in sql else asked)


_INSERT = (
    "INSERT INTO {entry} (number, source_id, language, terms) "
    "VALUES (:number, :source_id, :language, CAST(:terms AS tsvector))"
)
_DIFFERING = """
    SELECT wanted.number
    FROM unnest(CAST(:numbers AS bigint[]), CAST(:sources AS bigint[]), CAST(:languages AS text[]),
                CAST(:vectors AS text[])) AS wanted (number, source_id, language, vector)
    LEFT JOIN {entry} AS kept ON kept.number = wanted.number AND kept.source_id = wanted.source_id
        AND kept.language = wanted.language AND kept.terms = CAST(wanted.vector AS tsvector)
    WHERE kept.number IS NULL"""
_HAVING = """
    SELECT number, ARRAY(
        SELECT term FROM unnest(CAST(:terms AS text[]), CAST(:asked AS tsquery[])) AS each (term, asked)
        WHERE terms @@ asked)
    FROM {entry} WHERE number = ANY(:numbers)"""
_HOLDS = "terms @@ CAST(:{} AS tsquery)"
_LOOKED_AT = "ts_match_vq(terms, CAST(:{} AS tsquery))"  # the same, but that no index is asked
# `number + 0` keeps the planner from walking the primary key, and OFFSET 0 from reordering what it is told.
_WITHIN = "number + 0 > :above AND number + 0 < :below"
_MATCHED = (
    f"SELECT number, 0 FROM (SELECT number FROM {{entry}} WHERE {{hits}} AND {_WITHIN} OFFSET 0) AS hit "  # noqa: S608
    "ORDER BY number {order} LIMIT :most"
)
_BEST = f"SELECT number, {{weight}} FROM ({_MATCHED}) AS first JOIN {{entry}} USING (number) ORDER BY number {{order}}"  # noqa: S608
_COUNTED = f"SELECT count(*) FROM (SELECT 1 FROM {{entry}} WHERE {{hits}} AND {_WITHIN} LIMIT :most) AS hit"  # noqa: S608
_BETWEEN = "number > :above AND number < :below ORDER BY number {order}"
_STRETCH = f"SELECT number, {{weight}} FROM {{entry}} WHERE {{hits}} AND {_BETWEEN} LIMIT :most"  # noqa: S608
_EDGE = f"SELECT number FROM {{entry}} WHERE {_BETWEEN} OFFSET :most LIMIT 1"  # noqa: S608
_BY_MAPS = text("SET LOCAL enable_indexscan = off")
_BY_ANY_WAY = text("SET LOCAL enable_indexscan = on")
_WALKED = """
    SELECT array_agg(number) FILTER (WHERE is_hit), array_agg({weight}) FILTER (WHERE is_hit), count(*)
    FROM (SELECT number, terms, {hits} AS is_hit FROM {entry} WHERE number > :above AND number < :below
          ORDER BY number {order} LIMIT :most) AS walked"""  # which are gathered in the order in which they come
_BEGIN = """
    SAVEPOINT search;
    SET LOCAL statement_timeout = {milliseconds}; SET LOCAL enable_seqscan = off; SET LOCAL jit = off;
    SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL work_mem = '32MB'"""
_END = "ROLLBACK TO SAVEPOINT search; RELEASE SAVEPOINT search"


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


def condition(match: Match, *, without: bool) -> tuple[str, dict[str, str]]:
    """The match as a condition, and what it binds; the index looks for what is excluded only where `without` says so.

    What is wanted is one tsquery, but for large groups: within one all of their terms are weighed for every row that
    the index tells. Where far fewer rows have the rest, those are looked at; where much matches, each term is asked for
    by itself.
    """
    large = [group for group in match.wanted if len(group.terms) > MANY and not group.in_a_row]
    rarest = min((group.documents for group in match.wanted if group not in large), default=math.inf)
    of_rows = [group for group in large if group.documents > FETCHED * rarest]
    by_terms = [group for group in large if group not in of_rows and match.expected > OFTEN]
    others = [group for group in match.wanted if group not in (*of_rows, *by_terms)]
    left_out = [group for group in match.excluded if without and others and len(group.terms) <= MANY]
    bound: dict[str, str] = {}

    def holds(asked: str, how: str = _HOLDS) -> str:
        name = f"match{len(bound)}"
        bound[name] = asked
        return how.format(name)

    whole = [*map(_group, others), *(f"!{_group(group)}" for group in left_out)]
    conditions = [holds(" & ".join(whole))] if whole else []
    for group in by_terms:
        each = (holds(_group(replace(group, terms=(term,)))) for term in group.terms)
        conditions.append("(" + " OR ".join(each) + ")")
    conditions += [holds(_looked_at(group), _LOOKED_AT) for group in of_rows]
    conditions += ["NOT " + holds(_looked_at(group)) for group in match.excluded if group not in left_out]
    return " AND ".join(conditions), bound


def _looked_at(group: Group) -> str:
    """A group, and where its terms all begin alike first that: most rows have no such word, and none is looked for."""
    weight = WEIGHTS[group.field] if group.field else ""
    return f"('{group.begins}':*{weight} & {_group(group)})" if group.begins and group.terms[1:] else _group(group)


def _group(group: Group) -> str:
    weight = f":{WEIGHTS[group.field]}" if group.field else ""
    joined = " <-> " if group.in_a_row else " | "
    return "(" + joined.join(f"'{term}'{weight}" for term in group.terms) + ")"
