"""Mail to those who sign in, or are invited to: links that work once, and word of what was done to an account."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from tribute.domain.errors import BadSetup, NotFound
from tribute.extensions import now
from tribute.mail.letter import Letter, unsealed
from tribute.models import Message, Person
from tribute.services import invitations, people
from tribute.web import passwords
from tribute.web.shell import absolute


def invitation(session: Session, message: Message) -> Letter | None:
    """A link that makes an account; nothing once it was called off or used."""
    if message.email_sealed is None or message.secret_sealed is None:
        return None
    token = unsealed(message.secret_sealed)
    try:
        found = invitations.by_token(session, token, now())
    except NotFound:
        return None
    given = {
        "url": absolute(url_for("account.invitation", token=token)), "role": found.role, "until": found.expires_at,
        "who": people.names(session).get(found.invited_by or 0, ""),
    }  # fmt: skip
    return Letter(unsealed(message.email_sealed), given)


def new_password(session: Session, message: Message) -> Letter | None:
    """A link to a new password, where the address that was typed is somebody's; only here is that looked up."""
    if message.email_sealed is None:
        return None
    try:
        person = people.by_email(session, unsealed(message.email_sealed))
    except (NotFound, BadSetup):
        return None
    return Letter(person.email, {"url": passwords.link_to_new(person)}) if person.active else None


def account(session: Session, message: Message) -> Letter | None:
    """What was done to an account, to the one whose it is."""
    person = session.get(Person, message.person_id)
    return Letter(person.email, {"deed": message.values["deed"], "at": message.at}) if person else None
