"""Moderators and keepers, and the single-use links that let them in."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tribute.domain.errors import BadSetup, NotFound
from tribute.domain.permissions import Role
from tribute.models import Invitation, Person

LINK_LASTS = timedelta(hours=24)
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


def may_decide_by_mail(person: Person) -> bool:
    """Whether a link in a mail may stand for signing in, to decide on one tribute.

    Never where signing in takes a second factor. A keeper's account may have to have one: so moderators alone.
    """
    return person.active and person.held == Role.MODERATOR


def has_keeper(session: Session) -> bool:
    """Whether somebody answers for this site yet."""
    query = select(func.count()).select_from(Person).where(Person.role == Role.KEEPER, Person.active)
    return session.execute(query).scalar_one() > 0


def add(session: Session, email: str, name: str, role: Role, password_hash: str, language: str, at: datetime) -> Person:
    """Add a person. Raises BadSetup where the address is wrong or already here."""
    address = normal_email(email)
    if session.scalars(select(Person).where(Person.email == address)).first():
        raise BadSetup(f"{address} already has an account")
    person = Person(
        email=address, name=name or address.partition("@")[0], password=password_hash, active=True,
        fs_uniquifier=secrets.token_hex(32), role=role, language=language, created_at=at,
    )  # fmt: skip
    session.add(person)
    session.flush()
    return person


def normal_email(email: str) -> str:
    """An address as accounts keep it, or BadSetup."""
    try:
        return validate_email(email, **EMAIL_RULES).normalized.lower()
    except EmailNotValidError as error:
        raise BadSetup(f"{email!r} is not an email address") from error


def invite(session: Session, role: Role, at: datetime) -> str:
    """Make a single-use link's token; links of that role made before, and those that ended, open nothing any more."""
    session.execute(delete(Invitation).where((Invitation.role == role) | (Invitation.expires_at < at)))
    token = secrets.token_urlsafe(32)
    session.add(Invitation(token_digest=_digest(token), role=role, expires_at=at + LINK_LASTS))
    session.flush()
    return token


def invitation(session: Session, token: str, at: datetime) -> Invitation:
    """The invitation a token opens, or NotFound once it is used or has ended."""
    found = session.get(Invitation, _digest(token))
    if found is None or found.expires_at < at:
        raise NotFound
    return found


def accept(
    session: Session, token: str, email: str, name: str, password_hash: str, language: str, at: datetime
) -> Person:
    """Use an invitation up and add the person it invites. Raises NotFound when somebody else used it first."""
    role = Role(invitation(session, token, at).role)
    used = session.execute(delete(Invitation).where(Invitation.token_digest == _digest(token)))
    if used.rowcount != 1:  # type: ignore[attr-defined]  # a DELETE's result is a CursorResult
        raise NotFound
    return add(session, email, name, role, password_hash, language, at)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
