"""What happened at the desk since a moment, named by a row of the log: for a page that stays open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain.lifecycle import Action, Remark
from tribute.models import Claim, Decision, LogHead, Person
from tribute.services import desk

MOST = 500  # rows of the log that are told of; a page that missed more is loaded anew
ARRIVALS = (Action.SUBMIT, Action.AMEND, Action.RETURN)
NEWEST = LogHead.number  # of the log's newest row
SILENT = (Remark.NOTE, Remark.KEEP, Remark.TAKE_BACK, Remark.NEW_LINK)


@dataclass
class Pulse:
    """What came in and still waits, and what others decided, by tribute."""

    number: int
    arrived: int = 0
    decided: dict[int, Decision] = field(default_factory=dict)
    is_stale: bool = False


def _number(session: Session) -> int:
    return session.scalars(select(NEWEST)).one()


def version(session: Session, at: datetime) -> str:
    """The queue's version: the log's head, and what is claimed, which the log does not hold."""
    held, until = session.execute(select(func.count(), func.max(Claim.until)).where(Claim.until > at)).one()
    return f"{_number(session)}-{held}-{until.timestamp() if held else 0:.0f}"


def since(session: Session, known: int, person: Person) -> Pulse:
    """What happened after a row of the log."""
    pulse = Pulse(_number(session))
    if not 0 <= pulse.number - known <= MOST:
        pulse.is_stale = True
        return pulse
    rows = session.scalars(select(Decision).where(Decision.number > known).order_by(Decision.number)).all()
    there = {row.tribute_id for row in rows if row.action in ARRIVALS}
    pulse.arrived = desk.waiting_of(session, there, person)
    for row in rows:
        if row.action in ARRIVALS and row.action != Action.AMEND:
            pulse.decided.pop(row.tribute_id, None)
        elif row.person_id != person.id and row.action not in SILENT and row.tribute_id:
            pulse.decided[row.tribute_id] = row
    return pulse
