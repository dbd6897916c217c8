"""Who is reading what just now: a hint that keeps two people from the same words. It ends by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tribute.models import Claim, Person
from tribute.services import decisions

LASTS = timedelta(minutes=5)
AT_ONCE = 10


def take(session: Session, tributes: Iterable[int], person: Person, at: datetime) -> int:
    """Claim those that nobody else reads, up to ten; returns how many. Two who claim at once get different ones."""
    decisions.lock_head(session)  # whoever claims comes after whoever did, in one order on every database
    session.execute(delete(Claim).where(Claim.until <= at))
    taken = set(session.scalars(select(Claim.tribute_id).where(Claim.person_id != person.id)))
    free = [key for key in tributes if key not in taken][:AT_ONCE]
    session.execute(delete(Claim).where(Claim.person_id == person.id))
    session.add_all(Claim(tribute_id=key, person_id=person.id, until=at + LASTS) for key in free)
    session.flush()
    return len(free)


def release(session: Session, tribute_id: int) -> None:
    """What was decided on is read by nobody any more."""
    session.execute(delete(Claim).where(Claim.tribute_id == tribute_id))


def held(session: Session, at: datetime) -> dict[int, tuple[int, str]]:
    """Each tribute that somebody reads now, by whom: their id and name."""
    query = select(Claim.tribute_id, Claim.person_id, Person.name).join(Person, Person.id == Claim.person_id)
    return {key: (person_id, name) for key, person_id, name in session.execute(query.where(Claim.until > at))}
