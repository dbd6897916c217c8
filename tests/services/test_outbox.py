"""The outbox: a message stands or falls with what it tells of, is claimed once, tried for three days, never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import AT, EMAIL_KEYS, KEEPER, MODERATOR, decided, places_of, sent
from tests.services.races import run, together
from tribute.domain import emails
from tribute.domain.errors import IllegalAction, NotFound
from tribute.domain.lifecycle import Action
from tribute.domain.mail import PAUSES, TRIED_FOR, Failure, Mail, State
from tribute.extensions import db
from tribute.models import Message
from tribute.services import outbox
from tribute.services.outbox import Claimed, Sealed

EMAIL = "leyla@memorial.example"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def a_message(session: Session, at: object = AT, **fields: object) -> Message:
    """A message to an address of its own."""
    to = Sealed(emails.seal(EMAIL_KEYS, EMAIL), emails.digest(EMAIL_KEYS, EMAIL))
    secret = emails.seal(EMAIL_KEYS, "a token")
    said = {"to": to, "language": "az", "at": at, "secret": secret} | fields
    return outbox.queue(session, Mail.LOST_LINK, **said)  # type: ignore[arg-type]


def claimed(session: Session, at: object = AT) -> Claimed:
    """What a worker claims."""
    found = outbox.claim(session, at)  # type: ignore[arg-type]
    assert found
    return found


def row(session: Session, key: int) -> Message:
    """A message as it stands in the database."""
    session.flush()
    return session.scalars(
        select(Message).where(Message.id == key).execution_options(populate_existing=True)
    ).one()  # fmt: skip


def test_what_is_due_first_is_claimed_first_and_what_is_not_due_waits(session: Session) -> None:
    late = a_message(session, AT + MINUTE)
    early = a_message(session, AT)
    waiting = a_message(session, AT, wait=timedelta(minutes=10))
    assert not outbox.is_due(session, AT - MINUTE)
    assert outbox.claim(session, AT - MINUTE) is None
    assert outbox.is_due(session, AT)
    order = [claimed(session, AT + 2 * MINUTE).id for _ in range(2)]
    assert order == [early.id, late.id]
    assert outbox.claim(session, AT + 2 * MINUTE) is None
    assert claimed(session, AT + 10 * MINUTE).id == waiting.id


def test_what_is_sent_is_sent_once_and_nothing_in_its_row_tells_to_whom(session: Session) -> None:
    key = a_message(session).id
    held = claimed(session)
    assert outbox.sent(session, held, AT + MINUTE)
    assert not outbox.sent(session, held, AT + MINUTE)
    found = row(session, key)
    assert (found.state, found.ended_at, found.email_sealed, found.secret_sealed) == (
        State.SENT,
        AT + MINUTE,
        None,
        None,
    )
    assert outbox.claim(session, AT + 9 * DAY) is None


def test_a_worker_that_fell_silent_holds_nothing_any_more(session: Session) -> None:
    key = a_message(session).id
    gone = claimed(session)
    assert outbox.claim(session, AT + outbox.LEASE - MINUTE) is None
    second = claimed(session, AT + outbox.LEASE)
    assert (second.id, second.tries) == (key, 2)
    assert outbox.held(session, gone) is None
    assert not outbox.sent(session, gone, AT)  # it wakes up late, and marks nothing
    assert not outbox.failed(session, gone, Failure.TIMEOUT, 0, AT, final=True)
    assert outbox.sent(session, second, AT)


def test_pauses_grow_and_after_three_days_it_has_failed(session: Session) -> None:
    key, at, pauses = a_message(session).id, AT, []
    while True:
        has_failed = outbox.failed(session, claimed(session, at), Failure.TIMEOUT, 0, at, final=False)
        found = row(session, key)
        if has_failed:
            break
        assert found.state == State.WAITING
        pauses.append(found.due_at - at)
        at = found.due_at
    assert pauses[: len(PAUSES)] == list(PAUSES)
    assert pauses == sorted(pauses)
    assert timedelta(days=2, hours=12) < at - AT <= TRIED_FOR
    assert (found.state, found.error, found.ended_at) == (State.FAILED, "timeout:0", at)
    assert found.email_sealed  # so that it can be sent again
    assert outbox.claim(session, at + 9 * DAY) is None


def test_what_is_refused_for_good_is_not_tried_again(session: Session) -> None:
    key = a_message(session).id
    assert outbox.failed(session, claimed(session), Failure.REFUSED, 550, AT, final=True)
    assert (row(session, key).state, row(session, key).error) == (State.FAILED, "refused:550")


def test_a_keeper_sends_what_failed_again_and_nothing_else(session: Session) -> None:
    key = a_message(session).id
    outbox.failed(session, claimed(session), Failure.REFUSED, 550, AT, final=True)
    outbox.send_again(session, key, AT + DAY)
    found = row(session, key)
    assert (found.state, found.due_at, found.first_due_at) == (State.WAITING, AT + DAY, AT + DAY)
    with pytest.raises(IllegalAction):
        outbox.send_again(session, key, AT + DAY)
    assert outbox.sent(session, claimed(session, AT + DAY), AT + DAY)
    with pytest.raises(IllegalAction):
        outbox.send_again(session, key, AT + DAY)
    with pytest.raises(NotFound):
        outbox.send_again(session, 7, AT)


def test_what_was_dropped_while_it_was_being_written_is_not_sent(session: Session) -> None:
    tribute = sent(session, email=EMAIL)
    tribute.email_confirmed_at = AT
    key = outbox.claim(session, AT)  # the request to confirm
    assert key
    outbox.sent(session, key, AT)
    decided(session, tribute, Action.APPROVE, AT)
    held = claimed(session, AT + DAY)
    decided(session, tribute, Action.UNDO, AT + MINUTE)
    assert outbox.held(session, held) is None
    assert not outbox.sent(session, held, AT)
    assert row(session, held.id).state == State.DROPPED


def test_two_workers_never_hold_the_same_message(app: Flask) -> None:
    with app.app_context():
        keys = {a_message(db.session(), AT + timedelta(seconds=n)).id for n in range(6)}
        db.session.commit()

    def claims_three(session: Session) -> list[Claimed | None]:
        return [outbox.claim(session, AT + DAY) for _ in range(3)]

    for _round in range(2):
        with app.app_context():
            db.session.execute(db.update(Message).values(state=State.WAITING, due_at=AT, tries=0))
            db.session.commit()
        first, second = together(app, claims_three, claims_three)
        assert isinstance(first, list)
        assert isinstance(second, list)
        taken = [each.id for each in (*first, *second) if each]
        assert len(taken) == len(set(taken))
        assert set(taken) == keys


def test_a_message_stands_or_falls_with_what_it_tells_of(app: Flask) -> None:
    def breaks_off(session: Session) -> None:
        a_message(session)
        raise NotFound

    assert isinstance(run(app, breaks_off), NotFound)
    with app.app_context():
        assert not outbox.is_due(db.session(), AT + 9 * DAY)


def test_what_is_erased_leaves_no_address_in_the_outbox(session: Session) -> None:
    tribute = sent(session, email=EMAIL)
    a_message(session, about=tribute)
    digest = emails.digest(EMAIL_KEYS, EMAIL)
    assert "message.email_digest" in places_of(session, digest)
    decided(session, tribute, Action.REMOVE, AT + MINUTE, KEEPER, "family")
    assert places_of(session, digest) == set()
    states = session.scalars(select(Message.state)).all()
    assert set(states) == {State.DROPPED}
    assert session.scalars(select(Message.id).where(Message.email_sealed.is_not(None))).all() == []


def test_old_rows_forget_first_by_whom_they_are_counted_then_their_secrets_then_all(session: Session) -> None:
    done, broken = a_message(session).id, a_message(session, AT + MINUTE).id
    outbox.sent(session, claimed(session), AT)
    outbox.failed(session, claimed(session, AT + MINUTE), Failure.REFUSED, 550, AT, final=True)
    outbox.sweep(session, AT + DAY - MINUTE)
    assert row(session, done).email_digest
    outbox.sweep(session, AT + DAY + 2 * MINUTE)
    assert row(session, done).email_digest is None
    assert row(session, broken).secret_sealed
    outbox.sweep(session, AT + timedelta(days=31))
    assert (row(session, broken).email_sealed, row(session, broken).secret_sealed) == (None, None)
    waiting = a_message(session, AT + 2 * MINUTE, to=MODERATOR).id
    outbox.sweep(session, AT + timedelta(days=91))
    assert session.scalars(select(Message.id)).all() == [waiting]  # what was not sent yet stays
