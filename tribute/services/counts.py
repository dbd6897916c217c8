"""Counts that are kept, never recounted: each status over all time; what is public by year, month and day too."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.anniversary import local_day
from tribute.domain.lifecycle import Status
from tribute.models import Memorial, Tribute, TributeCount, count_in

ALL = "all"
MOST_COUNTED = 1000  # what has to be counted row by row is counted no further: "1,000+"


def periods(status: str, day: date) -> list[str]:
    """The periods that a tribute of a status counts in."""
    return [ALL] if status != Status.APPROVED else [ALL, f"y{day:%Y}", f"m{day:%Y-%m}", f"d{day:%Y-%m-%d}"]


def add(session: Session, tribute: Tribute, status: str, language: str, step: int) -> None:
    """Count a tribute in (`step` 1) or out (-1) under a status and language."""
    memorial = session.get_one(Memorial, tribute.memorial_id)
    day = local_day(tribute.at, memorial.time_zone)
    steps = {(memorial.id, status, at, language, tribute.gesture): step for at in periods(status, day)}
    count_in(session, TributeCount, steps)


def bounded(query: Select[Any], most: int = MOST_COUNTED) -> Select[int]:
    """What counts a query's rows, to one beyond `most`."""
    return select(func.count()).select_from(query.limit(most + 1).subquery())


def by_status(session: Session) -> dict[str, int]:
    """How many tributes have each status, over all memorials."""
    query = select(TributeCount.status, func.sum(TributeCount.number)).where(TributeCount.period == ALL)
    return {status: int(number) for status, number in session.execute(query.group_by(TributeCount.status))}


def public_total(session: Session, memorial_id: int) -> int:
    """How many tributes of a memorial are public."""
    query = select(func.coalesce(func.sum(TributeCount.number), 0)).where(*_public(memorial_id, ALL, ALL))
    return int(session.execute(query).scalar_one())


def public_years(session: Session, memorial_id: int) -> list[tuple[int, int]]:
    """Each year with its number of public tributes, newest first."""
    found = _totals(session, *_public(memorial_id, "y", "z"))
    return [(day.year, number) for day, number in reversed(found.items())]


def public_months(session: Session, memorial_id: int, year: int) -> dict[date, int]:
    """The months of a year that have public tributes, each by its first day, with their number."""
    return _totals(session, *_public(memorial_id, f"m{year}-01", f"m{year}-12"))


def public_days(session: Session, memorial_id: int, month: date) -> dict[date, int]:
    """The days of a month that have public tributes, in order, with their number."""
    return _totals(session, *_public(memorial_id, f"d{month:%Y-%m}-01", f"d{month:%Y-%m}-31"))


def public_on(session: Session, memorial_id: int, days: list[date]) -> dict[date, int]:
    """Those of some days that have public tributes, in order, with their number."""
    # The names alone: beside them a range would be read whole on SQLite.
    named = TributeCount.period.in_([f"d{day:%Y-%m-%d}" for day in days])
    return _totals(session, *_approved(memorial_id), named)


def neighbours(session: Session, memorial_id: int, period: str) -> tuple[date | None, date | None]:
    """The first day of the nearest periods of the same kind, before and after one, that have public tributes."""
    kind, other = period[0], TributeCount.period != period
    before = _totals(session, *_public(memorial_id, kind, period), other, latest_first=True, limit=1)
    after = _totals(session, *_public(memorial_id, period, f"{kind}9999"), other, limit=1)
    return next(iter(before), None), next(iter(after), None)


def _totals(
    session: Session, *conditions: ColumnElement[bool], latest_first: bool = False, limit: int | None = None
) -> dict[date, int]:
    """Periods by their first day, each with its number where that is not 0."""
    period, number = TributeCount.period, func.sum(TributeCount.number)
    query = select(period, number).where(*conditions).group_by(period).having(number > 0)
    found = session.execute(query.order_by(period.desc() if latest_first else period).limit(limit))
    return {date.fromisoformat(f"{name[1:]}-01-01"[:10]): int(total) for name, total in found}


def public_languages(session: Session, memorial_id: int) -> list[tuple[str, int]]:
    """Each language with its number of public tributes, most first."""
    return _by(session, memorial_id, "language")


def public_gestures(session: Session, memorial_id: int) -> list[tuple[str, int]]:
    """Each gesture with its number of public tributes, most first."""
    return _by(session, memorial_id, "gesture")


def _public(memorial_id: int, first: str, last: str) -> tuple[ColumnElement[bool], ...]:
    return (*_approved(memorial_id), TributeCount.period >= first, TributeCount.period <= last)


def _approved(memorial_id: int) -> tuple[ColumnElement[bool], ...]:
    return TributeCount.memorial_id == memorial_id, TributeCount.status == Status.APPROVED


def _by(session: Session, memorial_id: int, name: str) -> list[tuple[str, int]]:
    column, number = getattr(TributeCount, name), func.sum(TributeCount.number)
    query = select(column, number).where(*_public(memorial_id, ALL, ALL)).group_by(column).having(number > 0)
    return [(key, int(total)) for key, total in session.execute(query.order_by(number.desc(), column))]


Key = tuple[int, str, str, str, str]  # memorial, status, period, language, gesture


def recount(session: Session) -> dict[Key, int]:
    """Count every tribute from its row: what the table should say, for the check."""
    right: dict[Key, int] = {}
    zones = {memorial.id: memorial.time_zone for memorial in session.scalars(select(Memorial))}
    columns = select(Tribute.id, Tribute.memorial_id, Tribute.status, Tribute.language, Tribute.gesture)
    for id_, memorial_id, status, language, gesture in session.execute(columns).yield_per(1000):
        for period in periods(status, local_day(ids.time_of(id_), zones[memorial_id])):
            key = (memorial_id, status, period, language, gesture)
            right[key] = right.get(key, 0) + 1
    return right


def kept(session: Session) -> dict[Key, int]:
    """What the table says, without its zeros."""
    query = select(TributeCount).where(TributeCount.number != 0)
    found = session.scalars(query.execution_options(populate_existing=True))
    return {(c.memorial_id, c.status, c.period, c.language, c.gesture): c.number for c in found}


def missing(session: Session) -> dict[Key, int]:
    """What must be added to the table's numbers to make them right. Both are read in one snapshot."""
    right, said = recount(session), kept(session)
    return {key: right.get(key, 0) - said.get(key, 0) for key in right.keys() | said.keys()}
