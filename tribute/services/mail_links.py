"""Links in a moderator's mail: each is signed for one person and one tribute, ends after three days, works once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.errors import Gone, NotFound
from tribute.models import Person, Tribute, UsedLink, insert
from tribute.services import people

LASTS = timedelta(days=3)
_PERSON, _KEY, _MAC = 4, 8, 16  # bytes: a person's id, a tribute's and a message's, and what signs them
_WRITTEN = re.compile(r"[A-Za-z0-9_-]{48}")


@dataclass(frozen=True)
class Opened:
    """What a link leads to: one person's decision on one tribute."""

    person: Person
    tribute: Tribute
    digest: bytes


def make(secret: str, person: Person, tribute_id: int, message_id: int) -> str:
    """Sign a link. It is dead as soon as the person's sessions are ended, since it is signed with what those hang on.

    The same mail sent twice has the same link.
    """
    named = person.id.to_bytes(_PERSON) + tribute_id.to_bytes(_KEY) + message_id.to_bytes(_KEY)
    return base64.urlsafe_b64encode(named + _mac(secret, person, named)).decode()


def open_link(session: Session, secret: str, token: str, at: datetime) -> Opened:
    """What a link leads to. Raises NotFound for what was never one, Gone once it has ended, was used or is revoked."""
    if not _WRITTEN.fullmatch(token):
        raise NotFound
    raw = base64.urlsafe_b64decode(token)
    named, mac = raw[:-_MAC], raw[-_MAC:]
    person = session.get(Person, int.from_bytes(named[:_PERSON]))
    tribute_id, message_id = int.from_bytes(named[_PERSON:-_KEY]), int.from_bytes(named[-_KEY:])
    if person is None or tribute_id > ids.MAXIMUM or not hmac.compare_digest(mac, _mac(secret, person, named)):
        raise Gone
    tribute, digest = session.get(Tribute, tribute_id), hashlib.sha256(named).digest()
    is_over = at > ids.time_of(message_id) + LASTS or session.get(UsedLink, digest) is not None
    if tribute is None or is_over or not people.may_decide_by_mail(person):
        raise Gone
    return Opened(person, tribute, digest)


def use(session: Session, opened: Opened, at: datetime) -> None:
    """Use a link up, in the transaction of what it does. Raises Gone where somebody was quicker."""
    values = {"digest": opened.digest, "at": at}
    used = insert(session, UsedLink).values(values).on_conflict_do_nothing().returning(UsedLink.digest)
    if session.execute(used).first() is None:
        raise Gone


def sweep(session: Session, at: datetime) -> None:
    """Forget used links that have ended anyway."""
    session.execute(delete(UsedLink).where(UsedLink.at < at - LASTS))


def _mac(secret: str, person: Person, named: bytes) -> bytes:
    return hmac.digest(secret.encode(), b"decide by mail:" + person.fs_uniquifier.encode() + b":" + named, "sha256")[
        :_MAC
    ]
