"""What an author is told by mail: the request to confirm an address, and then each decision, once it stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain.errors import NotFound
from tribute.domain.lifecycle import UNDO_WITHIN, Action
from tribute.domain.mail import Mail, State
from tribute.models import Decision, Message, Tribute
from tribute.services import addresses, decisions, outbox

TOLD: dict[str, Mail] = {
    Action.APPROVE: Mail.PUBLISHED, Action.DECLINE: Mail.DECLINED, Action.SPAM: Mail.DECLINED,
    Action.HIDE: Mail.HIDDEN, Action.RESTORE: Mail.RESTORED,
}  # fmt: skip
BAD_NEWS = (Mail.HIDDEN, Mail.DECLINED)  # only after one of these is it news that a tribute is back
WAIT = UNDO_WITHIN + timedelta(seconds=15)  # a decision taken back in its last second is not told
UNCONFIRMED_A_DAY = 3  # requests to one address, whoever types it into the form
DAY = timedelta(days=1)


def ask_to_confirm(session: Session, tribute: Tribute, at: datetime) -> None:
    """Ask the owner of an address whether it is theirs; quietly not, where it was asked often enough or wants none."""
    digest = tribute.email_digest
    if digest is None or addresses.is_stopped(session, digest):
        return
    if outbox.count_to(session, digest, Mail.CONFIRM, at - DAY) < UNCONFIRMED_A_DAY:
        outbox.queue(session, Mail.CONFIRM, to=tribute, language=tribute.page_language, at=at)


def confirm(session: Session, tribute: Tribute, at: datetime) -> None:
    """Note that an address is its author's, and tell them where their tribute stands; a second time changes nothing.

    Raises NotFound where the address is gone.
    """
    session.refresh(tribute, with_for_update=True)
    if tribute.email_digest is None:
        raise NotFound
    if tribute.email_confirmed_at is not None:
        return
    tribute.email_confirmed_at = at
    session.flush()
    last = decisions.last_of(session, tribute.id)
    if tribute.waits:
        outbox.queue(session, Mail.RECEIVED, to=tribute, language=tribute.page_language, at=at)
    elif last is not None and last.action in TOLD:
        _tell(session, tribute, last, at)


def follow(session: Session, tribute: Tribute, row: Decision, undone: Decision | None, at: datetime) -> None:
    """After a step of the lifecycle: what was to be told of it waits until it can no longer be taken back."""
    if undone is not None:
        outbox.drop_of_decision(session, undone.number, at)
    elif row.action in TOLD and addresses.may_write_to(session, tribute):
        _tell(session, tribute, row, at)


def is_so(session: Session, message: Message, tribute: Tribute) -> bool:
    """Whether what a message tells of still holds, and is news to its author."""
    row = session.get(Decision, message.decision_number) if message.decision_number else None
    if row is None or tribute.status != row.to_status:
        return False
    later = select(Message.id).where(
        Message.tribute_id == tribute.id,
        Message.kind == message.kind,
        Message.id > message.id,
        Message.state.not_in((State.FAILED, State.DROPPED)),
    )
    if session.execute(later.limit(1)).first() is not None:
        return False
    return message.kind != Mail.RESTORED or _last_sent(session, tribute) in BAD_NEWS


def _tell(session: Session, tribute: Tribute, row: Decision, at: datetime) -> None:
    left = max(row.at + WAIT - at, outbox.AT_ONCE)
    kind, language = TOLD[row.action], tribute.page_language
    outbox.queue(session, kind, to=tribute, language=language, at=at, wait=left, decision=row.number)


def _last_sent(session: Session, tribute: Tribute) -> str | None:
    """The newest mail about a decision that its author has had."""
    told = Message.kind.in_(TOLD.values()), Message.state == State.SENT
    query = select(Message.kind).where(Message.tribute_id == tribute.id, *told)
    return session.execute(query.order_by(Message.id.desc()).limit(1)).scalar()
