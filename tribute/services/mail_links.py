"""Links in a moderator's mail: each is signed for one person and one tribute, ends after three days, works once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.errors import Gone, NotFound
from tribute.models import Person, Tribute, UsedLink, insert
from tribute.services import people

LASTS = timedelta(days=3)
SALT = "decide by mail"


@dataclass(frozen=True)
class Opened:
    """What a link leads to: one person's decision on one tribute."""

    person: Person
    tribute: Tribute
    digest: bytes


def make(secret: str, person: Person, tribute_id: int, message_id: int) -> str:
    """Sign a link. It is dead as soon as the person's sessions are ended, since it names what those hang on."""
    named = [person.id, _session_of(person), ids.encode(tribute_id), ids.encode(message_id)]
    return URLSafeTimedSerializer(secret, salt=SALT).dumps(named)


def open_link(session: Session, secret: str, token: str, at: datetime) -> Opened:
    """What a link leads to. Raises NotFound for what was never one, Gone once it has ended, was used or is revoked."""
    try:
        named, made_at = URLSafeTimedSerializer(secret, salt=SALT).loads(token, return_timestamp=True)
    except BadSignature as error:
        raise NotFound from error
    person_id, session_id, public_id, _message = named
    person, tribute = session.get(Person, person_id), session.get(Tribute, ids.decode(public_id) or 0)
    if person is None or tribute is None or not people.may_decide_by_mail(person):
        raise Gone
    digest = hashlib.sha256(":".join(map(str, named)).encode()).digest()  # the same mail sent twice has one link
    is_revoked = session_id != _session_of(person) or session.get(UsedLink, digest) is not None
    if is_revoked or at > made_at + LASTS:
        raise Gone
    return Opened(person, tribute, digest)


def use(session: Session, opened: Opened, at: datetime) -> None:
    """Use a link up, in the transaction of what it does. Raises Gone where somebody was quicker."""
    values = {"digest": opened.digest, "at": at}
    used = session.execute(insert(session, UsedLink).values(values).on_conflict_do_nothing())
    if used.rowcount != 1:  # type: ignore[attr-defined]  # an INSERT's result is a CursorResult
        raise Gone


def sweep(session: Session, at: datetime) -> None:
    """Forget used links that have ended anyway."""
    session.execute(delete(UsedLink).where(UsedLink.at < at - LASTS))


def _session_of(person: Person) -> str:
    return hashlib.sha256(person.fs_uniquifier.encode()).hexdigest()[:16]
