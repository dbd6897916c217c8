"""What is done to people, in the log: ids, roles and times, no names and no addresses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tribute.domain.deeds import Deed
from tribute.domain.mail import Mail
from tribute.models import Decision, Person
from tribute.services import decisions, outbox
from tribute.services.decisions import Actor
from tribute.services.remarks import SITE

OPERATOR = Actor("operator")  # whoever may give commands on the machine

# What a person is told of by mail, whoever did it: if it was not they, they must learn of it.
TOLD = frozenset({
    Deed.ADD_FACTOR, Deed.TAKE_FACTOR, Deed.RESET_FACTORS, Deed.RECOVER, Deed.END_SESSIONS, Deed.USE_CODE,
    Deed.NEW_CODES, Deed.NEW_PASSWORD,
})  # fmt: skip


def record(
    session: Session, deed: Deed, actor: Actor, at: datetime, about: Person | None, before: str = "", after: str = ""
) -> Decision:
    """Write a row about a person, whose id stands where other rows have a tribute's version; 0 where there is none yet.

    `before` and `after`: their role, where it changed.
    """
    row = Decision(
        at=at, actor=actor.kind, person_id=actor.person_id, action=deed, tribute_id=SITE,
        version=about.id if about else 0, from_status=before, to_status=after, from_public=None, to_public=None,
        from_waiting=None, to_waiting=None, reason="", revision_id=None, words_digest="",
    )  # fmt: skip
    decisions.append(session, decisions.lock_head(session), row)
    if about and deed in TOLD:
        outbox.queue(session, Mail.ACCOUNT, to=about, language=about.language, at=at, values={"deed": deed})
    return row
