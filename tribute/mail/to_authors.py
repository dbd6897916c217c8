"""Mail to authors, in the language of the page their tribute came from.

Never a word that a visitor typed, and never who decided.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for
from sqlalchemy.orm import Session

from tribute.domain import emails
from tribute.domain.lifecycle import Action
from tribute.extensions import now
from tribute.mail.letter import Letter, unsealed
from tribute.models import Decision, Message, Note, Tribute
from tribute.services import addresses, answers, authors
from tribute.web.shell import absolute


def confirm(session: Session, message: Message) -> Letter | None:
    """Asks whether the address is its author's; nothing else is sent before."""
    tribute = session.get_one(Tribute, message.tribute_id)
    if (
        tribute.email_digest is None
        or tribute.email_confirmed_at
        or addresses.is_stopped(session, tribute.email_digest)
    ):
        return None
    return _letter(tribute, confirm_url=_link("addresses.confirm", tribute, addresses.CONFIRM))


def received(session: Session, message: Message) -> Letter | None:
    """The address is confirmed, and the tribute waits to be read."""
    tribute = session.get_one(Tribute, message.tribute_id)
    return _letter(tribute) if addresses.may_write_to(session, tribute) else None


def published(session: Session, message: Message) -> Letter | None:
    """A moderator has published it."""
    return _of_decision(session, message)


def declined(session: Session, message: Message) -> Letter | None:
    """It, or its new words, were not published: why."""
    return _of_decision(session, message)


def hidden(session: Session, message: Message) -> Letter | None:
    """It was taken from the wall for now."""
    return _of_decision(session, message)


def restored(session: Session, message: Message) -> Letter | None:
    """It is back: on the wall, or among what waits to be read."""
    return _of_decision(session, message)


def _of_decision(session: Session, message: Message) -> Letter | None:
    tribute = session.get_one(Tribute, message.tribute_id)
    if not addresses.may_write_to(session, tribute) or not answers.is_so(session, message, tribute):
        return None
    row = session.get_one(Decision, message.decision_number)
    note = session.get(Note, row.number)
    return _letter(
        tribute, reason=row.reason, note=note.text if note else "", is_spam=row.action == Action.SPAM,
        is_earlier_public=tribute.public_revision_id is not None, was_public=row.from_public is not None,
        is_back_in_queue=row.action == Action.RESTORE and row.to_public is None, public_url=_public_url(tribute),
    )  # fmt: skip


def lost_link(session: Session, message: Message) -> Letter | None:
    """Fresh links to every tribute of a confirmed address; nothing where there is none."""
    if message.email_sealed is None:
        return None
    email = unsealed(message.email_sealed)
    digest = emails.digest(current_app.config["EMAIL_KEYS"], email)
    found = addresses.confirmed_by(session, digest)
    if not found or not addresses.has_links_to_send(session, digest, now()):
        return None
    links = [{"at": tribute.at, "url": _receipt_url(tribute)} for tribute in found]
    return Letter(email, {"links": links}, stop=_link("addresses.stop", found[0], addresses.STOP))


def _letter(tribute: Tribute, **given: Any) -> Letter:
    """A mail to a tribute's author."""
    stop = _link("addresses.stop", tribute, addresses.STOP)
    return Letter(
        unsealed(tribute.email_sealed or b""), {"at": tribute.at, "receipt_url": _receipt_url(tribute), **given}, stop
    )


def _receipt_url(tribute: Tribute) -> str:
    return absolute(url_for("receipt.show", token=authors.token_of(tribute, current_app.config["RECEIPT_KEYS"])))


def _public_url(tribute: Tribute) -> str:
    return absolute(url_for("tributes.short", public_id=tribute.public_id))


def _link(endpoint: str, tribute: Tribute, purpose: str) -> str:
    token = addresses.token_of(tribute, purpose, current_app.config["RECEIPT_KEYS"])
    return absolute(url_for(endpoint, token=token))
