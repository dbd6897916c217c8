"""Authors' addresses: confirmed by a link before anything but the request is sent, and given up by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import emails, ids, receipts
from tribute.domain.errors import NotFound
from tribute.domain.mail import Mail, State
from tribute.models import StoppedAddress, Tribute, insert
from tribute.services import outbox
from tribute.services.outbox import Sealed

DAY = timedelta(days=1)
LINKS_A_DAY = 3  # mails with links to one address
CONFIRM, STOP = "confirm", "stop"  # what a link in a mail may do


def token_of(tribute: Tribute, purpose: str, keys: Sequence[bytes]) -> str:
    """The token of a link in a mail to a tribute's author; raises ValueError where there is no address."""
    if tribute.email_digest is None:
        raise ValueError("a tribute without an address has no such link")
    return receipts.make_mail_token(keys, purpose, tribute.id, tribute.email_digest)


def by_token(session: Session, token: str, purpose: str, keys: Sequence[bytes]) -> Tribute:
    """The tribute that such a link is about, or NotFound: also once its address is no longer the one it went to."""
    tribute_id = receipts.tribute_of(token)
    found = session.get(Tribute, tribute_id) if tribute_id is not None and tribute_id <= ids.MAXIMUM else None
    if found is None or found.email_digest is None:
        raise NotFound
    if not receipts.is_valid_mail_token(keys, purpose, token, found.email_digest):
        raise NotFound
    return found


def is_stopped(session: Session, email_digest: bytes) -> bool:
    """Whether the owner of an address wants no mail from here."""
    return session.get(StoppedAddress, email_digest) is not None


def stop(session: Session, tribute: Tribute, at: datetime) -> None:
    """Take the address from a tribute, and never write to it again, whatever is sent with it."""
    if tribute.email_digest is None:
        return
    values = {"email_digest": tribute.email_digest, "at": at}
    session.execute(insert(session, StoppedAddress).values(values).on_conflict_do_nothing())
    tribute.email_sealed = tribute.email_digest = tribute.email_confirmed_at = None
    session.flush()


def may_write_to(session: Session, tribute: Tribute) -> bool:
    """Whether a tribute's author has confirmed an address, and still wants mail there."""
    if tribute.email_digest is None or tribute.email_sealed is None or tribute.email_confirmed_at is None:
        return False
    return not is_stopped(session, tribute.email_digest)


def ask_for_links(session: Session, email: str, language: str, at: datetime, keys: Sequence[bytes]) -> None:
    """Take in that somebody lost their links. The same is done whoever's the address is; the worker looks it up."""
    to = Sealed(emails.seal(keys, email), emails.digest(keys, email))
    outbox.queue(session, Mail.LOST_LINK, to=to, language=language, at=at)


def has_links_to_send(session: Session, email_digest: bytes, at: datetime) -> bool:
    """Whether an address is still to be sent its links: only so often a day, whoever asks."""
    if is_stopped(session, email_digest):
        return False
    return outbox.count_to(session, email_digest, Mail.LOST_LINK, at - DAY, State.SENT) < LINKS_A_DAY


def confirmed_by(session: Session, email_digest: bytes) -> list[Tribute]:
    """Every tribute of a confirmed address, the newest first."""
    query = select(Tribute).where(Tribute.email_digest == email_digest, Tribute.email_confirmed_at.is_not(None))
    return list(session.scalars(query.order_by(Tribute.id.desc())))
