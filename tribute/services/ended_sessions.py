"""Sign-ins that their person has ended: the cookie alone would go on saying that they are here."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tribute.models import EndedSession, Person, insert


def end(session: Session, key: str, until: datetime, at: datetime) -> None:
    """Let a sign-in open nothing any more, and forget those that have ended by themselves.

    `until`: when it would have ended in any case.
    """
    values = {"digest": _digest(key), "until": until}
    session.execute(insert(session, EndedSession).values(values).on_conflict_do_nothing())
    session.execute(delete(EndedSession).where(EndedSession.until < at))


def person_of(session: Session, uniquifier: str, key: str) -> Person | None:
    """Whose sign-in it is; nobody's where the person, all their sessions or this one came to an end."""
    is_ended = select(EndedSession.digest).where(EndedSession.digest == _digest(key)).exists()
    return session.scalars(select(Person).where(Person.fs_uniquifier == uniquifier, Person.active, ~is_ended)).first()


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
