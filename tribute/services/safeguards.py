"""What is turned on during a raid, by a keeper or, to pause, by any moderator; each ends by itself."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain.lifecycle import Remark
from tribute.models import Decision, Safeguard
from tribute.services import remarks
from tribute.services.decisions import Actor

PROOF_OF_WORK, RAISED_LIMITS = "proof_of_work", "raised_limits"
NAMES = (PROOF_OF_WORK, RAISED_LIMITS)
PAUSE = "pause"
TOLD = 10  # uses of the brake that keepers are told of at once
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


def pause(session: Session, sentence: str, until: datetime, actor: Actor, at: datetime) -> None:
    """Take no new tributes and no new words until a moment; visitors read the sentence, and the log keeps it."""
    remarks.about_site(session, Remark.PAUSE, actor, at, sentence)
    session.merge(Safeguard(name=PAUSE, until=until, person_id=actor.person_id or 0, sentence=sentence))
    session.flush()


def resume(session: Session, actor: Actor, at: datetime) -> None:
    """Take new tributes again; where they are taken anyway, nothing happens."""
    if paused(session, at) is not None:
        remarks.about_site(session, Remark.RESUME, actor, at)
        turn_off(session, PAUSE)


def paused(session: Session, at: datetime) -> Safeguard | None:
    """The pause that holds at a moment: its sentence, its end, and who began it."""
    found = session.get(Safeguard, PAUSE)
    return found if found is not None and found.until > at else None


def seconds_left(pause: Safeguard, at: datetime) -> int:
    """How long a pause still holds, in whole seconds, at least until its end."""
    return math.ceil((pause.until - at).total_seconds())


def used_since(session: Session, number: int, person_id: int) -> list[Decision]:
    """How others used the brake after a row of the log, newest first: a pause, its end, and each hiding as one."""
    sitewide = select(Decision).where(Decision.action.in_((Remark.PAUSE, Remark.RESUME, Remark.HIDE_LATELY)))
    newest = sitewide.where(Decision.number > number, Decision.person_id != person_id)
    newest = newest.order_by(Decision.number.desc()).limit(TOLD)
    return list(session.scalars(newest))
