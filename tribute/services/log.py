"""Reading the log: newest first, by who, what, reason and time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, TextClause, exists, func, literal, select, text, tuple_
from sqlalchemy.orm import QueryableAttribute, Session

from tribute.domain import ids
from tribute.models import Decision, LogHead, Note, Person, Revision
from tribute.models.decision import ANY, HAS_REASON

SIZE = 50  # rows a page
STEP = 1000  # numbers that one step of an export reads
ORDER = (Decision.at, Decision.number)

Column = QueryableAttribute[Any]
Condition = ColumnElement[bool] | TextClause
Place = tuple[datetime, int]  # of a row in that order


@dataclass(frozen=True)
class Sought:
    """What somebody looks for in the log; what is not named may be anything. `until` itself is outside."""

    who: int | str = ""  # a person's id, or the kind of an actor who is no person: `author` or `rule`
    what: str = ""
    reason: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """A row of the log, with what may be erased beside it: who signed the words it was about, and the note."""

    row: Decision
    name: str
    note: str


@dataclass(frozen=True)
class LogPage:
    """One page, newest first, with cursors to its neighbours."""

    entries: list[Entry]
    older: str | None
    newer: str | None


def page(session: Session, sought: Sought, before: int | None = None, after: int | None = None) -> LogPage:
    """Read a page below the row numbered `before` or above `after`; a number that no row has is not there.

    The order is by time and then by number, so that days are whole where a clock was wrong.
    """
    below, above = _place(session, before), _place(session, after)
    climbs = below is None and above is not None
    query = (
        select(Decision, Revision.name, Note.text)
        .outerjoin(Revision, Revision.id == Decision.revision_id)
        .outerjoin(Note, Note.decision_number == Decision.number)
        .where(*_kind(sought), *_time(sought, below, above))
        .order_by(*(column.asc() if climbs else column.desc() for column in ORDER))
    )
    found = session.execute(query.limit(SIZE + 1)).all()
    entries = [Entry(row, name or "", note or "") for row, name, note in found[:SIZE]]
    more = len(found) > SIZE
    older, newer = (True, more) if climbs else (more, below is not None)
    return _paged(entries[::-1] if climbs else entries, older, newer)


def _place(session: Session, number: int | None) -> Place | None:
    row = session.get(Decision, number) if number is not None else None
    return (row.at, row.number) if row else None


def _paged(entries: list[Entry], older: bool, newer: bool) -> LogPage:
    if not entries:
        return LogPage([], None, None)
    first, last = (ids.encode(entry.row.number) for entry in (entries[0], entries[-1]))
    return LogPage(entries, last if older else None, first if newer else None)


def _kind(sought: Sought) -> Iterator[Condition]:
    """Who, what and why, said so that a page is a stretch of one index: that of the first that is sought, in time.

    The others are looked through on the way. They are said as ranges, and their codes in full: told an equality, or a
    code that it does not see, a database may read by that column instead, however many rows there are of it.
    """
    is_person = isinstance(sought.who, int)
    who: Column = Decision.person_id if is_person else Decision.actor
    values: dict[Column, Any] = {Decision.reason: sought.reason, who: sought.who, Decision.action: sought.what}
    named = [(column, value) for column, value in values.items() if value]
    for column, value in named[:1]:
        yield column == value
    for column, value in named[1:]:
        yield column.between(literal(value, literal_execute=True), literal(value, literal_execute=True))
    if sought.reason:
        yield text(HAS_REASON)
    if sought.who:
        yield Decision.person_id.is_not(None) if is_person else Decision.person_id.is_(None)
    if not named:
        yield text(ANY)


def _time(sought: Sought, below: Place | None, above: Place | None) -> Iterator[Condition]:
    """From when to when. One bound a side, the narrower: of two, a database reads on from whichever comes first."""
    lows = [place for place in ((sought.since, 0) if sought.since else None, above) if place]
    highs = [place for place in ((sought.until, 0) if sought.until else None, below) if place]
    if lows:
        yield tuple_(*ORDER) > max(lows)
    if highs:
        yield tuple_(*ORDER) < min(highs)


def newest(session: Session) -> int:
    """The number of the newest row."""
    return session.scalars(select(LogHead.number)).one()


def exported(session: Session, sought: Sought, after: int) -> Sequence[Decision]:
    """What is sought among the `STEP` rows after a number, by number: a step of an export reads no more than these."""
    is_person = isinstance(sought.who, int)
    wanted: dict[Column, tuple[Any, Any]] = {
        Decision.person_id if is_person else Decision.actor: (sought.who, 0 if is_person else ""),
        Decision.action: (sought.what, ""), Decision.reason: (sought.reason, ""),
    }  # fmt: skip
    query = select(Decision).where(Decision.number > after, Decision.number <= after + STEP)
    for column, (value, none) in wanted.items():
        if value:  # coalesce: SQLite would read every row of a person or a kind again at each step
            query = query.where(func.coalesce(column, none) == value)
    if sought.who and not is_person:
        query = query.where(func.coalesce(Decision.person_id, 0) == 0)
    return session.scalars(query.where(*_time(sought, None, None)).order_by(Decision.number)).all()


def deciders(session: Session) -> dict[int, str]:
    """Everybody who ever decided, by id."""
    has_decided = exists().where(Decision.person_id == Person.id)
    return dict(session.execute(select(Person.id, Person.name).where(has_decided).order_by(Person.id)).all())
