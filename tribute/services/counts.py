"""Counts that are kept, never recounted: each status over all time; what is public by year, month and day too."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from tribute.domain.anniversary import local_day
from tribute.domain.lifecycle import Status
from tribute.models import Memorial, Tribute, TributeCount, insert

ALL = "all"


def periods(status: str, day: date) -> list[str]:
    """The periods that a tribute of a status counts in."""
    return [ALL] if status != Status.APPROVED else [ALL, f"y{day:%Y}", f"m{day:%Y-%m}", f"d{day:%Y-%m-%d}"]


def add(session: Session, tribute: Tribute, status: str, language: str, step: int) -> None:
    """Count a tribute in (`step` 1) or out (-1) under a status and language."""
    memorial = session.get_one(Memorial, tribute.memorial_id)
    for period in periods(status, local_day(tribute.at, memorial.time_zone)):
        key = {"memorial_id": memorial.id, "status": status, "period": period}
        _step(session, key | {"language": language, "gesture": tribute.gesture}, step)


def _step(session: Session, key: dict[str, object], step: int) -> None:
    statement = insert(session, TributeCount).values(**key, number=step)
    statement = statement.on_conflict_do_update(
        index_elements=["memorial_id", "status", "period", "language", "gesture"],
        set_={"number": TributeCount.number + step},
    )
    session.execute(statement)


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
    number = func.sum(TributeCount.number)
    query = select(TributeCount.period, number).where(*_public(memorial_id, "y", "z")).group_by(TributeCount.period)
    found = session.execute(query.having(number > 0).order_by(TributeCount.period.desc()))
    return [(int(period[1:]), int(total)) for period, total in found]


def public_languages(session: Session, memorial_id: int) -> list[tuple[str, int]]:
    """Each language with its number of public tributes, most first."""
    return _by(session, memorial_id, "language")


def public_gestures(session: Session, memorial_id: int) -> list[tuple[str, int]]:
    """Each gesture with its number of public tributes, most first."""
    return _by(session, memorial_id, "gesture")


def _public(memorial_id: int, first: str, last: str) -> tuple[ColumnElement[bool], ...]:
    count = TributeCount
    return (
        count.memorial_id == memorial_id, count.status == Status.APPROVED, count.period >= first, count.period <= last
    )  # fmt: skip


def _by(session: Session, memorial_id: int, name: str) -> list[tuple[str, int]]:
    column, number = getattr(TributeCount, name), func.sum(TributeCount.number)
    query = select(column, number).where(*_public(memorial_id, ALL, ALL)).group_by(column).having(number > 0)
    return [(key, int(total)) for key, total in session.execute(query.order_by(number.desc(), column))]


def recount(session: Session) -> dict[tuple[int, str, str, str, str], int]:
    """Count every tribute from its row: what the table should say, for the check."""
    right: dict[tuple[int, str, str, str, str], int] = {}
    zones = {memorial.id: memorial.time_zone for memorial in session.scalars(select(Memorial))}
    for tribute in session.scalars(select(Tribute)).yield_per(1000):
        for period in periods(tribute.status, local_day(tribute.at, zones[tribute.memorial_id])):
            key = (tribute.memorial_id, tribute.status, period, tribute.language, tribute.gesture)
            right[key] = right.get(key, 0) + 1
    return right


def kept(session: Session) -> dict[tuple[int, str, str, str, str], int]:
    """What the table says, without its zeros."""
    found = session.scalars(select(TributeCount).where(TributeCount.number != 0))
    return {(c.memorial_id, c.status, c.period, c.language, c.gesture): c.number for c in found}


def mend(session: Session) -> None:
    """Make the table say what a recount says."""
    right = recount(session)
    session.execute(delete(TributeCount))
    for memorial_id, status, period, language, gesture in right:
        key = (memorial_id, status, period, language, gesture)
        session.add(
            TributeCount(
                memorial_id=memorial_id, status=status, period=period, language=language, gesture=gesture,
                number=right[key],
            )
        )  # fmt: skip
    session.flush()
