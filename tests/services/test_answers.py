"""What an author is told: first only the question whether an address is theirs, then each decision once it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import AT, EMAIL_KEYS, KEEPER, decided, sent
from tribute.domain import emails
from tribute.domain.errors import NotFound
from tribute.domain.lifecycle import UNDO_WITHIN, Action, Status
from tribute.domain.mail import Mail, State
from tribute.models import Message, StoppedAddress, Tribute
from tribute.services import addresses, answers, authors, outbox

EMAIL = "leyla@memorial.example"
KEYS = (b"a receipt key for the tests alone",)
MINUTE = timedelta(minutes=1)


def kinds(session: Session, *states: State) -> list[str]:
    """The mails there are, oldest first; of some states, where they are named."""
    query = select(Message.kind).order_by(Message.id)
    return list(session.scalars(query.where(Message.state.in_(states)) if states else query))


def waiting(session: Session) -> list[str]:
    """Those that wait, in the order in which they are due."""
    query = select(Message.kind).where(Message.state == State.WAITING).order_by(Message.due_at, Message.id)
    return list(session.scalars(query))


def confirmed(session: Session) -> Tribute:
    """A tribute whose author has confirmed their address; no mail waits."""
    tribute = sent(session, email=EMAIL)
    answers.confirm(session, tribute, AT)
    deliver(session)
    return tribute


def deliver(session: Session, at: object = AT + timedelta(days=1)) -> list[str]:
    """Mark what is due as sent where it still holds, and drop the rest; returns what was sent."""
    done = []
    while claimed := outbox.claim(session, at):  # type: ignore[arg-type]
        message = session.get_one(Message, claimed.id)
        tribute = session.get_one(Tribute, message.tribute_id)
        holds = message.decision_number is None or answers.is_so(session, message, tribute)
        (outbox.sent if holds else outbox.drop)(session, claimed, at)  # type: ignore[arg-type]
        done += [message.kind] if holds else []
        session.expire_all()
    return done


def test_without_an_address_nobody_is_written_to(session: Session) -> None:
    tribute = sent(session)
    decided(session, tribute, Action.APPROVE, AT)
    assert kinds(session) == []


def test_until_an_address_is_confirmed_nothing_but_the_question_is_sent(session: Session) -> None:
    tribute = sent(session, email=EMAIL)
    for action in (Action.APPROVE, Action.HIDE, Action.RESTORE):
        decided(session, tribute, action, AT)
    assert kinds(session) == [Mail.CONFIRM]


def test_at_most_three_questions_a_day_go_to_one_address_whatever_its_case(session: Session) -> None:
    for number, email in enumerate([EMAIL, EMAIL.upper(), EMAIL, EMAIL, EMAIL.title()]):
        sent(session, AT + number * MINUTE, email=email)
    sent(session, AT, email="another@memorial.example")
    assert kinds(session) == [Mail.CONFIRM] * 4
    outbox.sweep(session, AT + timedelta(hours=23))  # what is counted by stays as long as it counts
    sent(session, AT + timedelta(hours=23), email=EMAIL)
    assert len(kinds(session)) == 4
    sent(session, AT + timedelta(hours=24, minutes=3), email=EMAIL)
    assert len(kinds(session)) == 5


def test_confirming_tells_that_it_arrived_and_a_second_time_nothing(session: Session) -> None:
    tribute = sent(session, email=EMAIL)
    for number in (1, 2):
        answers.confirm(session, tribute, AT + number * MINUTE)
    assert kinds(session) == [Mail.CONFIRM, Mail.RECEIVED]
    assert tribute.email_confirmed_at == AT + MINUTE


@pytest.mark.parametrize(
    ("action", "kind"),
    [(Action.APPROVE, Mail.PUBLISHED), (Action.DECLINE, Mail.DECLINED), (Action.SPAM, Mail.DECLINED)],
)
def test_confirming_after_the_decision_tells_the_decision_once_it_stands(
    session: Session, action: Action, kind: Mail
) -> None:
    tribute = sent(session, email=EMAIL)
    deliver(session)
    decided(session, tribute, action, AT, reason="insult" if action == Action.DECLINE else "")
    answers.confirm(session, tribute, AT + MINUTE)
    found = session.scalars(select(Message).where(Message.kind == kind)).one()
    assert found.due_at == AT + answers.WAIT
    decided(session, tribute, Action.UNDO, AT + 2 * MINUTE)
    assert deliver(session) == []


@pytest.mark.parametrize(
    ("action", "kind"),
    [(Action.APPROVE, Mail.PUBLISHED), (Action.DECLINE, Mail.DECLINED), (Action.SPAM, Mail.DECLINED)],
)
def test_a_decision_is_told_once_it_can_no_longer_be_taken_back(session: Session, action: Action, kind: Mail) -> None:
    tribute = confirmed(session)
    decided(session, tribute, action, AT, reason="insult" if action == Action.DECLINE else "")
    assert deliver(session, AT + UNDO_WITHIN) == []
    assert deliver(session, AT + answers.WAIT) == [kind]


def test_a_decision_taken_back_within_ten_minutes_is_never_told(session: Session) -> None:
    tribute = confirmed(session)
    decided(session, tribute, Action.APPROVE, AT)
    decided(session, tribute, Action.UNDO, AT + UNDO_WITHIN)
    assert deliver(session) == []
    assert kinds(session, State.DROPPED) == [Mail.PUBLISHED]
    decided(session, tribute, Action.DECLINE, AT + 11 * MINUTE, reason="insult")
    assert deliver(session) == [Mail.DECLINED]


def test_hidden_and_shown_again_are_told(session: Session) -> None:
    tribute, told = confirmed(session), []
    for number, action in enumerate((Action.APPROVE, Action.HIDE, Action.RESTORE)):
        at = AT + number * timedelta(hours=1)
        decided(session, tribute, action, at)
        told += deliver(session, at + answers.WAIT)
    assert told == [Mail.PUBLISHED, Mail.HIDDEN, Mail.RESTORED]


def test_hidden_and_shown_again_within_minutes_is_no_news(session: Session) -> None:
    tribute = confirmed(session)
    decided(session, tribute, Action.APPROVE, AT)
    assert deliver(session, AT + timedelta(hours=1)) == [Mail.PUBLISHED]
    decided(session, tribute, Action.HIDE, AT + timedelta(hours=1))
    decided(session, tribute, Action.RESTORE, AT + timedelta(hours=1, minutes=3))
    assert deliver(session) == []


def test_published_hidden_and_shown_again_within_minutes_is_told_as_published(session: Session) -> None:
    tribute = confirmed(session)
    for number, action in enumerate((Action.APPROVE, Action.HIDE, Action.RESTORE)):
        decided(session, tribute, action, AT + number * MINUTE)
    assert deliver(session) == [Mail.PUBLISHED]


def test_a_refusal_that_was_taken_to_be_read_again_is_told_and_then_its_new_outcome(session: Session) -> None:
    tribute = confirmed(session)
    decided(session, tribute, Action.DECLINE, AT, reason="insult")
    assert deliver(session, AT + timedelta(hours=1)) == [Mail.DECLINED]
    decided(session, tribute, Action.RESTORE, AT + timedelta(hours=1))
    assert deliver(session, AT + timedelta(hours=2)) == [Mail.RESTORED]
    decided(session, tribute, Action.APPROVE, AT + timedelta(hours=2))
    assert deliver(session) == [Mail.PUBLISHED]


def test_an_author_who_withdrew_hears_nothing_more(session: Session) -> None:
    tribute = confirmed(session)
    decided(session, tribute, Action.APPROVE, AT)
    authors.withdraw(session, tribute, AT + MINUTE, tribute.version)
    assert deliver(session) == []


def test_what_is_removed_is_told_to_nobody_and_its_address_is_gone(session: Session) -> None:
    tribute = confirmed(session)
    decided(session, tribute, Action.APPROVE, AT)
    decided(session, tribute, Action.REMOVE, AT + MINUTE, KEEPER, "law")
    assert deliver(session) == []
    assert tribute.status == Status.REMOVED


def test_no_more_mail_takes_the_address_away_and_holds_for_whatever_is_sent_with_it(session: Session) -> None:
    tribute, other = confirmed(session), confirmed(session)
    token = addresses.token_of(tribute, addresses.STOP, KEYS)
    assert addresses.by_token(session, token, addresses.STOP, KEYS) is tribute
    for _twice in range(2):
        addresses.stop(session, tribute, AT)
    assert (tribute.email_sealed, tribute.email_digest, tribute.email_confirmed_at) == (None, None, None)
    with pytest.raises(NotFound):
        addresses.by_token(session, token, addresses.STOP, KEYS)
    before = len(kinds(session))
    decided(session, other, Action.APPROVE, AT)
    sent(session, email=EMAIL)
    assert len(kinds(session)) == before
    assert session.scalars(select(StoppedAddress.email_digest)).all() == [emails.digest(EMAIL_KEYS, EMAIL)]


def test_a_link_does_only_what_it_was_signed_for_and_only_while_its_key_is_there(session: Session) -> None:
    tribute = sent(session, email=EMAIL)
    token = addresses.token_of(tribute, addresses.CONFIRM, KEYS)
    assert addresses.by_token(session, token, addresses.CONFIRM, (b"a newer key", *KEYS)) is tribute
    for purpose, keys in ((addresses.STOP, KEYS), (addresses.CONFIRM, (b"another key",))):
        with pytest.raises(NotFound):
            addresses.by_token(session, token, purpose, keys)
    for wrong in ("", "x", token[:-1], token + "A", authors.token_of(tribute, KEYS), "_" * 32):
        with pytest.raises(NotFound):
            addresses.by_token(session, wrong, addresses.CONFIRM, KEYS)


def test_links_are_sent_three_times_a_day_at_most(session: Session) -> None:
    confirmed(session)
    digest = emails.digest(EMAIL_KEYS, EMAIL)
    for number in range(3):
        at = AT + number * MINUTE
        assert addresses.has_links_to_send(session, digest, at)
        addresses.ask_for_links(session, EMAIL, "en", at, EMAIL_KEYS)
        claimed = outbox.claim(session, at)
        assert claimed
        outbox.sent(session, claimed, at)
    assert not addresses.has_links_to_send(session, digest, AT + timedelta(hours=23))
    assert addresses.has_links_to_send(session, digest, AT + timedelta(hours=25))
