"""The outbox, the only queue: a message is a row in the transaction of what it tells of; the worker claims and ends it.

Two workers never hold one message. A worker that is killed between sending and marking leaves a row that is claimed
again after LEASE: so a message may arrive once more, under the same Message-ID, and none is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.errors import IllegalAction, NotFound
from tribute.domain.mail import Failure, Mail, State, next_try
from tribute.models import IS_UNDER_WAY, Message, Person, Tribute

LEASE = timedelta(minutes=15)  # longer than a mail server can keep a worker: see tribute/mail/delivery.py
NOTHING: Mapping[str, Any] = {}
AT_ONCE = timedelta(0)
DIGESTS_STAY = timedelta(days=1)  # what a day's limits count by
ROWS_STAY = timedelta(days=90)  # of what was sent or dropped: its code and its times
SECRETS_STAY = timedelta(days=30)  # of what failed, so that a keeper may send it again
FARTHEST = timedelta(days=1)  # no message is ever put off for so long, but by a clock that stood wrong
SILENCE = timedelta(minutes=10)  # of the workers, until somebody should look whether one runs
ENDED = (State.SENT, State.FAILED, State.DROPPED)


@dataclass(frozen=True)
class Sealed:
    """An address that no row of its own holds: sealed, and its digest where it is to be counted or looked up."""

    email: bytes
    digest: bytes | None = None


@dataclass(frozen=True)
class Claimed:
    """A message that one worker holds: its row, and the try by which the worker proves that it still does."""

    id: int
    tries: int


def queue(
    session: Session, kind: Mail, *, to: Tribute | Person | Sealed, language: str, at: datetime,
    values: Mapping[str, Any] = NOTHING, wait: timedelta = AT_ONCE, about: Tribute | None = None,
    decision: int | None = None, secret: bytes | None = None,
) -> Message:  # fmt: skip
    """Put a message into the outbox, in the caller's transaction; it is written and sent by the worker.

    The address of a tribute's author or of a person is looked up when the mail is sent. `values` are ids and codes,
    never what a visitor wrote. `wait`: how long it waits at first. `decision`: the log's row that it tells of, with
    which it is dropped. `secret`: the token of a link, sealed as an email is; emptied once it is sent.
    """
    tribute = to if isinstance(to, Tribute) else about
    message = Message(
        id=ids.new_id(at), kind=kind, person_id=to.id if isinstance(to, Person) else None,
        tribute_id=tribute.id if tribute else None, decision_number=decision,
        email_sealed=to.email if isinstance(to, Sealed) else None, email_digest=_counted(to),
        secret_sealed=secret, language=language, values=dict(values), state=State.WAITING, due_at=at + wait,
        first_due_at=at + wait, tries=0, error="", ended_at=None,
    )  # fmt: skip
    session.add(message)
    session.flush()
    return message


def _counted(to: Tribute | Person | Sealed) -> bytes | None:
    if isinstance(to, Sealed):
        return to.digest
    return to.email_digest if isinstance(to, Tribute) else None


def is_due(session: Session, at: datetime) -> bool:
    """Whether a message is to be sent, or was claimed by a worker that is gone."""
    due = select(Message.id).where(text(IS_UNDER_WAY), Message.due_at <= at)
    return session.execute(due.limit(1)).first() is not None


def is_put_off(session: Session, at: datetime) -> bool:
    """Whether a message waits for a moment that only a wrong clock can have named."""
    return session.execute(select(Message.id).where(*_put_off(at)).limit(1)).first() is not None


def call_back(session: Session, at: datetime) -> None:
    """Let such messages be due at once: the clock has been set right since."""
    session.execute(update(Message).where(*_put_off(at)).values(due_at=at, first_due_at=at))


def _put_off(at: datetime) -> tuple[Any, ...]:
    return text(IS_UNDER_WAY), Message.due_at > at + FARTHEST


def claim(session: Session, at: datetime) -> Claimed | None:
    """Take the message that has been due for longest, or None; the caller commits before anything is sent."""
    due = select(Message.id, Message.due_at, Message.tries).where(text(IS_UNDER_WAY), Message.due_at <= at)
    first = due.order_by(Message.due_at, Message.id).limit(1).with_for_update(skip_locked=True)
    for key, due_at, tries in session.execute(first).all():
        same = Message.id == key, Message.due_at == due_at, Message.tries == tries, text(IS_UNDER_WAY)
        claimed = {"state": State.SENDING, "due_at": at + LEASE, "tries": tries + 1}
        if _changed(session, update(Message).where(*same).values(claimed)):
            return Claimed(key, tries + 1)
    return None


def held(session: Session, claimed: Claimed) -> Message | None:
    """The row of a claimed message; None where it was ended, or taken by another, meanwhile."""
    same = Message.id == claimed.id, Message.tries == claimed.tries, Message.state == State.SENDING
    return session.scalars(select(Message).where(*same).execution_options(populate_existing=True)).one_or_none()


def sent(session: Session, claimed: Claimed, at: datetime) -> bool:
    """End a message that was delivered; who it went to is forgotten. Tells whether the worker still held it."""
    return _end(session, claimed, State.SENT, at)


def drop(session: Session, claimed: Claimed, at: datetime) -> bool:
    """End a message that has become untrue or unwanted."""
    return _end(session, claimed, State.DROPPED, at)


def failed(session: Session, claimed: Claimed, failure: Failure, number: int, at: datetime, *, final: bool) -> bool:
    """Keep why a message was not taken: it is tried again after a growing pause, or has failed for good.

    `number`: the mail server's code, 0 where it gave none. Returns whether it has failed for good.
    """
    found = held(session, claimed)
    if found is None:
        return False
    again = None if final else next_try(found.first_due_at, found.tries, at)
    found.error = f"{failure}:{number}"
    found.state = State.WAITING if again else State.FAILED
    found.due_at, found.ended_at = again or at, None if again else at
    session.flush()
    return again is None


def drop_of_decision(session: Session, decision_number: int, at: datetime) -> None:
    """Drop what was to be told of a decision that is taken back."""
    there = Message.decision_number == decision_number, text(IS_UNDER_WAY)
    session.execute(update(Message).where(*there).values(_emptied(State.DROPPED, at)))


def forget(session: Session, tribute: Tribute, at: datetime) -> None:
    """Drop what waits about a tribute that is erased, and empty what would tell whose it was."""
    about = Message.tribute_id == tribute.id
    session.execute(update(Message).where(about, text(IS_UNDER_WAY)).values(_emptied(State.DROPPED, at)))
    session.execute(update(Message).where(about).values(email_sealed=None, email_digest=None, secret_sealed=None))


def send_again(session: Session, message_id: int, at: datetime) -> None:
    """Let a message that failed wait anew. Raises NotFound, or IllegalAction for one that did not fail."""
    found = session.get(Message, message_id)
    if found is None:
        raise NotFound
    fresh = {"state": State.WAITING, "due_at": at, "first_due_at": at, "tries": found.tries, "ended_at": None}
    again = update(Message).where(Message.id == message_id, Message.state == State.FAILED).values(fresh)
    if not _changed(session, again):
        raise IllegalAction("send_again", found.state)


def sweep(session: Session, at: datetime) -> None:
    """Forget what no limit counts by any more, the secrets of what failed long ago, and the rows of old mail."""
    day_old = ids.first_id_at(at - DIGESTS_STAY)
    session.execute(
        update(Message).where(Message.email_digest.is_not(None), Message.id < day_old, Message.state.in_(ENDED))
        .values(email_digest=None)
    )  # fmt: skip
    old = Message.state == State.FAILED, Message.ended_at < at - SECRETS_STAY
    holds = or_(Message.email_sealed.is_not(None), Message.secret_sealed.is_not(None))
    session.execute(update(Message).where(*old, holds).values(email_sealed=None, secret_sealed=None))
    session.execute(delete(Message).where(Message.state.in_(ENDED), Message.ended_at < at - ROWS_STAY))


def count(session: Session, state: State) -> int:
    """How many messages there are in a state."""
    return session.execute(select(func.count()).where(Message.state == state)).scalar_one()


def overdue(session: Session, at: datetime) -> int:
    """How many messages nobody has touched although they were due long ago."""
    late = text(IS_UNDER_WAY), Message.due_at < at - SILENCE
    return session.execute(select(func.count()).select_from(Message).where(*late)).scalar_one()


def in_state(session: Session, state: State, most: int) -> list[Message]:
    """The newest messages in a state."""
    query = select(Message).where(Message.state == state).order_by(Message.id.desc()).limit(most)
    return list(session.scalars(query))


def count_to(session: Session, email_digest: bytes, kind: Mail, since: datetime, state: State | None = None) -> int:
    """How many mails of a kind were queued to an address since a moment; only those in a state, where it is named."""
    query = select(func.count()).where(Message.email_digest == email_digest, Message.kind == kind)
    query = query.where(Message.state == state) if state else query
    return session.execute(query.where(Message.id >= ids.first_id_at(since))).scalar_one()


def _end(session: Session, claimed: Claimed, state: State, at: datetime) -> bool:
    same = Message.id == claimed.id, Message.tries == claimed.tries, Message.state == State.SENDING
    return _changed(session, update(Message).where(*same).values(_emptied(state, at)))


def _emptied(state: State, at: datetime) -> dict[str, Any]:
    """What ends a message: nobody can tell from the row whose it was."""
    return {"state": state, "ended_at": at, "email_sealed": None, "secret_sealed": None}


def _changed(session: Session, statement: Any) -> bool:
    result = session.execute(statement.execution_options(synchronize_session="fetch"))
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]  # an UPDATE's result is a CursorResult
