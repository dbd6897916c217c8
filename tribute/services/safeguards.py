"""What a keeper turns on during a raid; each ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tribute.models import Safeguard

PROOF_OF_WORK, RAISED_LIMITS = "proof_of_work", "raised_limits"
NAMES = (PROOF_OF_WORK, RAISED_LIMITS)
LASTS = timedelta(days=1)


def is_on(session: Session, name: str, at: datetime) -> bool:
    """Whether a safeguard is on at a moment."""
    return ends(session, name, at) is not None


def began(session: Session, name: str, at: datetime) -> datetime | None:
    """Since when a safeguard is on; None where it is off."""
    until = ends(session, name, at)
    return until - LASTS if until is not None else None


def ends(session: Session, name: str, at: datetime) -> datetime | None:
    """Until when a safeguard is on; None where it is off."""
    found = session.get(Safeguard, name)
    return found.until if found is not None and found.until > at else None


def turn_on(session: Session, name: str, person_id: int, at: datetime) -> None:
    """Turn a safeguard on for a day from now."""
    session.merge(Safeguard(name=name, until=at + LASTS, person_id=person_id))


def turn_off(session: Session, name: str) -> None:
    """Turn a safeguard off."""
    found = session.get(Safeguard, name)
    if found is not None:
        session.delete(found)
