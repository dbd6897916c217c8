"""A forgotten password: whatever is typed, the same is done; only the worker looks whose address it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain import emails, ids
from tribute.domain.mail import Mail
from tribute.models import Message
from tribute.services import outbox
from tribute.services.outbox import Sealed

MOST = 3  # mails a day to one address, so that nobody fills somebody else's letter box


def ask(session: Session, email: str, language: str, at: datetime, email_keys: Sequence[bytes]) -> None:
    """Let a link to a new password be sent to an address, where it is somebody's; beyond three a day, none."""
    digest = emails.digest(email_keys, email)
    asked = select(func.count()).where(
        Message.email_digest == digest, Message.kind == Mail.NEW_PASSWORD,
        Message.id >= ids.first_id_at(at - timedelta(days=1)),
    )  # fmt: skip
    if session.execute(asked).scalar_one() < MOST:
        to = Sealed(emails.seal(email_keys, email), digest)
        outbox.queue(session, Mail.NEW_PASSWORD, to=to, language=language, at=at)
