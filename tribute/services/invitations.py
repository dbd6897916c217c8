"""Single-use links that make an account: printed by a command, or mailed to one person."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from tribute.domain import emails
from tribute.domain.deeds import Deed
from tribute.domain.errors import NotFound
from tribute.domain.mail import Mail
from tribute.domain.permissions import Role
from tribute.models import Invitation, Person
from tribute.services import deeds, outbox, people
from tribute.services.decisions import Actor
from tribute.services.desk import actor_of
from tribute.services.outbox import Sealed

LINK_LASTS = timedelta(hours=24)  # whoever sees the printed link first has the account
MAIL_LASTS = timedelta(days=7)  # a volunteer may read their mail once a week


@dataclass(frozen=True)
class Guest:
    """Whom an invitation is mailed to: what they may do, the language they are spoken to in, those that they read."""

    email: str
    role: Role
    language: str
    reads: list[str] = field(default_factory=list)


def print_link(session: Session, role: Role, at: datetime) -> str:
    """Make a link's token for whoever opens it; links of that role printed before open nothing any more."""
    _clear(session, at, (Invitation.role == role) & Invitation.email.is_(None))
    token = _made(session, Invitation(role=role, expires_at=at + LINK_LASTS, made_at=at))
    deeds.record(session, Deed.INVITE, deeds.OPERATOR, at, None, after=role)
    return token


def invite(session: Session, guest: Guest, keeper: Person, at: datetime, email_keys: Sequence[bytes]) -> str:
    """Mail a link to somebody, in place of an earlier one; returns its token. Raises BadSetup for a bad address."""
    email = people.free_email(session, guest.email)
    _clear(session, at, Invitation.email == email)
    token = _made(session, Invitation(
        role=guest.role, expires_at=at + MAIL_LASTS, email=email, language=guest.language, reads=guest.reads,
        invited_by=keeper.id, made_at=at,
    ))  # fmt: skip
    deeds.record(session, Deed.INVITE, actor_of(keeper), at, None, after=guest.role)
    outbox.queue(
        session, Mail.INVITATION, to=Sealed(emails.seal(email_keys, email)), language=guest.language, at=at,
        secret=emails.seal(email_keys, token),
    )  # fmt: skip
    return token


def _clear(session: Session, at: datetime, former: ColumnElement[bool]) -> None:
    session.execute(delete(Invitation).where(former | (Invitation.expires_at < at)))


def _made(session: Session, invitation: Invitation) -> str:
    token = secrets.token_urlsafe(32)
    invitation.token_digest = digest(token)
    session.add(invitation)
    session.flush()
    return token


def open_ones(session: Session, at: datetime) -> list[Invitation]:
    """The invitations that still open something, the newest first."""
    query = select(Invitation).where(Invitation.expires_at >= at).order_by(Invitation.expires_at.desc())
    return list(session.scalars(query))


def call_off(session: Session, digest: bytes, keeper: Person, at: datetime) -> None:
    """Let an invitation open nothing any more. Raises NotFound when it was used or has ended."""
    found = session.get(Invitation, digest, with_for_update=True)
    if found is None:
        raise NotFound
    deeds.record(session, Deed.CALL_OFF, actor_of(keeper), at, None, before=found.role)
    session.delete(found)
    session.flush()


def by_token(session: Session, token: str, at: datetime) -> Invitation:
    """The invitation a token opens, or NotFound once it is used or has ended."""
    found = session.get(Invitation, digest(token))
    if found is None or found.expires_at < at:
        raise NotFound
    return found


def accept(
    session: Session, token: str, email: str, name: str, password_hash: str, language: str, at: datetime
) -> Person:
    """Use an invitation up and add the person it invites. Raises NotFound when somebody else used it first.

    One that was mailed makes the account of that address, in the language it was written in.
    """
    found = by_token(session, token, at)
    role, reads, invited_by = Role(found.role), list(found.reads), found.invited_by
    email, language = found.email or email, found.language or language
    used = session.execute(delete(Invitation).where(Invitation.token_digest == digest(token)))
    if used.rowcount != 1:  # type: ignore[attr-defined]  # a DELETE's result is a CursorResult
        raise NotFound
    person = people.add(session, email, name, role, password_hash, language, at)
    person.reads, person.invited_by = reads, invited_by
    deeds.record(session, Deed.JOIN, Actor(role, person.id), at, person, after=role)
    return person


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()
