"""Moderators and keepers: who they are, what they may, and what keepers change of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.deeds import Deed
from tribute.domain.errors import BadSetup, LastKeeper, NotFound
from tribute.domain.permissions import Role
from tribute.models import Decision, Person
from tribute.services import decisions, deeds, factors
from tribute.services.decisions import Actor

EMAIL_RULES: dict[str, Any] = {
    "check_deliverability": False,
    "test_environment": True,
}  # an intranet's addresses are addresses too
SHORTEST_PASSWORD = 10  # letters; NIST SP 800-63B asks for at least 8, and for no rules of composition


def every(session: Session) -> list[Person]:
    """All people, oldest account first."""
    return list(session.scalars(select(Person).order_by(Person.id)))


def names(session: Session) -> dict[int, str]:
    """Each person's name by id, for those who may know who decided."""
    return dict(session.execute(select(Person.id, Person.name)).all())


def by_number(session: Session, number: int) -> Person:
    """The person of an id, as the database has them now. Raises NotFound."""
    query = select(Person).where(Person.id == number).execution_options(populate_existing=True)
    found = session.scalars(query).first() if number <= ids.MAXIMUM else None
    if found is None:
        raise NotFound
    return found


def by_email(session: Session, email: str) -> Person:
    """The person who signs in with an address. Raises BadSetup where it is none, NotFound where it is nobody's."""
    found = session.scalars(select(Person).where(Person.email == normal_email(email))).first()
    if found is None:
        raise NotFound
    return found


def email_of_session(session: Session, uniquifier: str) -> str:
    """The address of whose sessions these are; nothing where they were ended."""
    found = session.scalars(select(Person.email).where(Person.fs_uniquifier == uniquifier)).first()
    return found or ""


def last_seen(session: Session) -> dict[int, datetime]:
    """When each person last signed in or did something that the log holds."""
    acted = select(func.max(Decision.at)).where(Decision.person_id == Person.id, Decision.person_id.is_not(None))
    rows = session.execute(select(Person.id, Person.signed_in_at, acted.scalar_subquery()))
    moments = {key: [at for at in (signed_in, done) if at] for key, signed_in, done in rows}
    return {key: max(found) for key, found in moments.items() if found}


def may_decide_by_mail(person: Person) -> bool:
    """Whether a link in a mail may stand for signing in, to decide on one tribute.

    Never where signing in takes a second factor. A keeper's account may have to have one: so moderators alone.
    """
    return person.active and person.held == Role.MODERATOR and not factors.has_any(person)


def has_keeper(session: Session) -> bool:
    """Whether somebody answers for this site yet."""
    return _other_keepers(session, None) > 0


def add(session: Session, email: str, name: str, role: Role, password_hash: str, language: str, at: datetime) -> Person:
    """Add a person. Raises BadSetup where the address is wrong or already here."""
    address = free_email(session, email)
    person = Person(
        email=address, name=name or address.partition("@")[0], password=password_hash, active=True,
        fs_uniquifier=new_sessions(), role=role, language=language, created_at=at,
    )  # fmt: skip
    session.add(person)
    session.flush()
    return person


def new_sessions() -> str:
    """What sessions and links of a person are made of: with another one, those before open nothing."""
    return secrets.token_hex(32)


def free_email(session: Session, email: str) -> str:
    """An address as accounts keep it. Raises BadSetup where it is wrong or already here."""
    address = normal_email(email)
    if session.scalars(select(Person).where(Person.email == address)).first():
        raise BadSetup(f"{address} already has an account")
    return address


def normal_email(email: str) -> str:
    """An address as accounts keep it, or BadSetup."""
    try:
        return validate_email(email, **EMAIL_RULES).normalized.lower()
    except EmailNotValidError as error:
        raise BadSetup(f"{email!r} is not an email address") from error


def change_role(session: Session, person: Person, role: Role, actor: Actor, at: datetime) -> None:
    """Let somebody do more or less. Raises LastKeeper where nobody else would be a keeper."""
    _hold(session, person)
    _guard_last_keeper(session, person, stays=role == Role.KEEPER)
    if (before := person.held) != role:
        person.role = role
        deeds.record(session, Deed.CHANGE_ROLE, actor, at, person, before, role)


def close(session: Session, person: Person, actor: Actor, at: datetime) -> None:
    """Let somebody in no more, and end their sessions. Raises LastKeeper where nobody else would be a keeper."""
    _hold(session, person)
    _guard_last_keeper(session, person, stays=False)
    if person.active:
        person.active, person.fs_uniquifier = False, new_sessions()
        deeds.record(session, Deed.CLOSE, actor, at, person)


def reopen(session: Session, person: Person, actor: Actor, at: datetime) -> None:
    """Let somebody in again, as before."""
    _hold(session, person)
    if not person.active:
        person.active = True
        deeds.record(session, Deed.REOPEN, actor, at, person)


def end_sessions(session: Session, person: Person, actor: Actor, at: datetime) -> None:
    """Sign somebody out everywhere; links to a new password that were on their way open nothing any more."""
    _hold(session, person)
    person.fs_uniquifier = new_sessions()
    deeds.record(session, Deed.END_SESSIONS, actor, at, person)


def reset_factors(session: Session, person: Person, actor: Actor, at: datetime) -> None:
    """Take away authenticator, passkeys and recovery codes, and end the sessions: the password alone lets in."""
    _hold(session, person)
    factors.take_all(person)
    person.fs_uniquifier = new_sessions()
    deeds.record(session, Deed.RESET_FACTORS, actor, at, person)


def recover(session: Session, person: Person, at: datetime) -> None:
    """Prepare for a new start by the operator's hand: the same, so that the link made next is the only way in."""
    _hold(session, person)
    factors.take_all(person)
    person.fs_uniquifier = new_sessions()
    deeds.record(session, Deed.RECOVER, deeds.OPERATOR, at, person)


DONE_TO: dict[Deed, Callable[[Session, Person, Actor, datetime], None]] = {
    Deed.CLOSE: close, Deed.REOPEN: reopen, Deed.END_SESSIONS: end_sessions, Deed.RESET_FACTORS: reset_factors,
}  # fmt: skip


def _hold(session: Session, person: Person) -> None:
    """Come one after another, the log's head held first, and see the person as they are now."""
    decisions.lock_head(session)
    session.refresh(person)


def _guard_last_keeper(session: Session, person: Person, *, stays: bool) -> None:
    """Refuse to leave the site without a keeper."""
    if person.held == Role.KEEPER and person.active and not stays and not _other_keepers(session, person):
        raise LastKeeper


def _other_keepers(session: Session, person: Person | None) -> int:
    query = select(func.count()).select_from(Person).where(Person.role == Role.KEEPER, Person.active)
    return session.execute(query.where(Person.id != (person.id if person else 0))).scalar_one()
