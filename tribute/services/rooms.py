"""The numbers beside the desk's rooms, which stand on each of its pages."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.services import cases, counts, desk, pulse, reports
from tribute.services.counts import MOST_COUNTED
from tribute.services.desk import SECOND, WAITING

REPORTED = "reported"


@dataclass(frozen=True)
class Rooms:
    """How much there is in each room, by its code, counted no further than a thousand where it has to be counted."""

    counts: dict[str, int]
    capped: list[str]  # the rooms that have more than is said
    open_cases: int
    log_number: int  # of the log's newest row


def rooms(session: Session) -> Rooms:
    """Count them, in two statements: one for what is counted row by row, one for the table of counts."""
    counted = {WAITING: desk.counted(WAITING), SECOND: desk.counted(SECOND), REPORTED: reports.counted()}
    others = (cases.counted(), select(pulse.NEWEST))
    *numbers, open_cases, log_number = session.execute(
        select(*(each.scalar_subquery() for each in (*counted.values(), *others)))
    ).one()
    found = dict(zip(counted, numbers, strict=True))
    capped = [room for room, number in found.items() if number > MOST_COUNTED]
    known = counts.by_status(session) | found | dict.fromkeys(capped, MOST_COUNTED)
    return Rooms(known, capped, open_cases, log_number)
