"""What keepers are reminded of by mail: cases that are due soon, and mail that nobody has had."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.mail import Mail, State
from tribute.models import Case, Message
from tribute.services import alerts, cases, last_done, outbox

BEFORE = timedelta(days=3)  # a case is due
AGAIN = timedelta(days=1)  # at the soonest, of mail that failed


def is_due(session: Session, at: datetime) -> bool:
    """Whether keepers are to be reminded of anything. Reads only."""
    return bool(_cases(session, at)) or _failed(session, at) > 0


def queue_due(session: Session, at: datetime) -> None:
    """Put what keepers are to be reminded of into the outbox."""
    for case in _cases(session, at):
        _tell(session, Mail.CASE_DUE, at, _named(case))
    if number := _failed(session, at):
        _tell(session, Mail.MAIL_FAILED, at, {"number": number})


def _tell(session: Session, kind: Mail, at: datetime, values: dict[str, str | int]) -> None:
    for keeper in alerts.keepers(session):
        outbox.queue(session, kind, to=keeper, language=keeper.language, at=at, values=values)


def _cases(session: Session, at: datetime) -> list[Case]:
    """Open cases that are due within three days; each is told of once, unless its due date is changed."""
    open_ones = session.scalars(select(Case).where(Case.status == "open").order_by(Case.number))
    soon = [case for case in open_ones if at < cases.due(case) <= at + BEFORE]
    lately = Message.id >= ids.first_id_at(at - 2 * BEFORE)
    told = list(session.scalars(select(Message.values).where(Message.kind == Mail.CASE_DUE, lately))) if soon else []
    return [case for case in soon if _named(case) not in told]


def _named(case: Case) -> dict[str, str | int]:
    return {"case": case.number, "due": cases.due(case).isoformat()}


def _failed(session: Session, at: datetime) -> int:
    """How many mails failed for good since keepers were told of some; that such a notice failed is no news."""
    newest = session.execute(select(func.max(Message.id)).where(Message.kind == Mail.MAIL_FAILED)).scalar()
    told = last_done.past(ids.time_of(newest), at) if newest else None
    if told is not None and at < told + AGAIN:
        return 0
    since = Message.ended_at > (told or at - AGAIN)
    query = select(func.count()).where(Message.state == State.FAILED, Message.kind != Mail.MAIL_FAILED, since)
    return session.execute(query).scalar_one()
