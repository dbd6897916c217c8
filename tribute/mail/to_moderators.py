"""Mail to moderators about what waits for them, each tribute with a link to decide on it where that may be."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.extensions import now
from tribute.mail.letter import Letter
from tribute.models import Message, Person, Tribute
from tribute.services import desk, mail_links, people
from tribute.web.shell import absolute


def new_tributes(session: Session, message: Message) -> Letter | None:
    """Tributes came in, since the last such mail."""
    return _about_waiting(session, message)


def late(session: Session, message: Message) -> Letter | None:
    """The oldest has waited for longer than this person wants it to."""
    return _about_waiting(session, message)


def reader_needed(session: Session, message: Message) -> Letter | None:
    """Something waits in a language that only this person reads."""
    return _about_waiting(session, message)


def _about_waiting(session: Session, message: Message) -> Letter | None:
    """What still waits of it; nothing where everything is decided, or the person has left."""
    person = session.get(Person, message.person_id)
    if person is None or not person.active:
        return None
    wanted = Tribute.id.in_(message.values["tributes"])
    query = select(Tribute).where(wanted, *desk.in_queue_of(person)).order_by(Tribute.waiting_revision_id)
    waiting = [_shown(tribute, person, message) for tribute in session.scalars(query)]
    if not waiting:
        return None
    decided = len(message.values["tributes"]) - len(waiting)
    given = {
        "tributes": waiting, "number": message.values["number"] - decided,
        "by_mail": people.may_decide_by_mail(person), "queue_url": absolute(url_for("desk.queue")),
        "settings_url": absolute(url_for("desk.you")),
    }  # fmt: skip
    return Letter(person.email, given)


def _shown(tribute: Tribute, person: Person, message: Message) -> dict[str, Any]:
    """One tribute without a word of what it says: when it came, in which language, and where it is decided on."""
    came = ids.time_of(tribute.waiting_revision_id or tribute.id)
    return {"at": came, "waited": now() - came, "language": tribute.language, "url": _address(tribute, person, message)}


def _address(tribute: Tribute, person: Person, message: Message) -> str:
    if not people.may_decide_by_mail(person):
        return absolute(url_for("desk.tribute", public_id=tribute.public_id))
    token = mail_links.make(current_app.config["SECRET_KEY"], person, tribute.id, message.id)
    return absolute(url_for("by_mail.decide", token=token))
