"""What is to be done every day: what must go, goes. Doing it twice changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tribute.services import erasure, kin, mail_links, outbox, turnovers


@dataclass(frozen=True)
class Erased:
    """How many withdrawn tributes and closed cases lost their words."""

    tributes: int
    cases: int


def daily(session: Session, at: datetime) -> Erased:
    """Erase what was withdrawn or closed long enough ago, and what only a day's limits needed."""
    tributes, emptied = erasure.erase_withdrawn(session, at), erasure.empty_closed_cases(session, at)
    kin.sweep(session, at)
    outbox.sweep(session, at)
    mail_links.sweep(session, at)
    turnovers.catch_up(session, at)
    return Erased(tributes, emptied)
