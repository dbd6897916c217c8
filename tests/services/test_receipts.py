"""What an author's private page says."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from tests.services.acts import AT, KEEPER, decided, sent, standing, step
from tribute.domain.lifecycle import Action, Status
from tribute.domain.reasons import Reason
from tribute.models import Tribute
from tribute.services import decisions, receipts
from tribute.services.receipts import Receipt

LATER = AT + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def shown(session: Session, tribute: Tribute) -> Receipt:
    """The author's page."""
    return receipts.receipt(session, tribute)


def told(receipt: Receipt) -> tuple[str | None, str | None, str | None]:
    """What it says of the last judgement."""
    return receipt.refused, receipt.reason, receipt.note


def test_what_waits_says_nothing_of_a_decision(session: Session) -> None:
    receipt = shown(session, sent(session, gesture="dove"))
    assert (receipt.status, receipt.public, receipt.waiting, receipt.decided_at) == ("pending", False, True, None)
    assert (receipt.html, receipt.name, receipt.place, receipt.gesture, receipt.at) == (
        "<p>I remember the silence on the morning after.</p>", "Daniel M.", "Leeds", "dove", AT,
    )  # fmt: skip
    assert told(receipt) == (None, None, None)
    assert receipt.waiting_card is None


def test_what_is_public_says_since_when(session: Session) -> None:
    receipt = shown(session, standing(session, Status.APPROVED))
    assert (receipt.public, receipt.waiting, receipt.decided_at) == (True, False, AT + timedelta(minutes=5))


def test_a_refusal_says_its_reason_and_the_moderators_note(session: Session) -> None:
    tribute = sent(session)
    decided(session, tribute, Action.DECLINE, LATER, reason=Reason.UNREADABLE, note="We could not read it.")
    receipt = shown(session, tribute)
    assert told(receipt) == ("decline", "unreadable", "We could not read it.")
    assert (receipt.decided_at, receipt.waiting) == (LATER, False)


def test_mended_words_wait_anew_and_the_old_refusal_is_told_no_more(session: Session) -> None:
    tribute = standing(session, Status.DECLINED)
    step(session, tribute, Action.AMEND, LATER)
    receipt = shown(session, tribute)
    assert (receipt.status, receipt.waiting, receipt.decided_at) == ("pending", True, None)
    assert told(receipt) == (None, None, None)
    assert receipt.html == "<p>Other words of 10:00.</p>"


def test_newer_words_stand_beside_the_public_ones_until_they_are_read(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    step(session, tribute, Action.AMEND, LATER)
    receipt = shown(session, tribute)
    assert (receipt.public, receipt.waiting) == (True, True)
    assert "silence" in receipt.html
    assert receipt.waiting_card is not None
    assert receipt.waiting_card.html == "<p>Other words of 10:00.</p>"
    assert receipt.words == "Other words of 10:00."
    step(session, tribute, Action.APPROVE, LATER + MINUTE)
    receipt = shown(session, tribute)
    assert (receipt.html, receipt.waiting_card) == ("<p>Other words of 10:00.</p>", None)


def test_refused_newer_words_are_told_while_the_old_ones_stay_public(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    step(session, tribute, Action.AMEND, LATER)
    decided(session, tribute, Action.DECLINE, LATER + MINUTE, reason=Reason.THREAT)
    receipt = shown(session, tribute)
    assert (receipt.public, receipt.waiting, receipt.waiting_card) == (True, False, None)
    assert told(receipt) == ("decline", "threat", None)
    assert "silence" in receipt.html


def test_a_decision_that_was_taken_back_is_not_told(session: Session) -> None:
    tribute = sent(session)
    decided(session, tribute, Action.DECLINE, LATER, reason=Reason.HATRED, note="A slip.")
    decided(session, tribute, Action.UNDO, LATER + MINUTE)
    receipt = shown(session, tribute)
    assert (receipt.status, receipt.waiting, told(receipt)) == ("pending", True, (None, None, None))


def test_taking_back_a_later_decision_leaves_the_refusal_that_stood_before(session: Session) -> None:
    tribute = sent(session)
    decided(session, tribute, Action.DECLINE, LATER, reason=Reason.HATRED, note="Please leave the first line out.")
    decided(session, tribute, Action.RESTORE, LATER + MINUTE)
    decided(session, tribute, Action.UNDO, LATER + 2 * MINUTE)
    receipt = shown(session, tribute)
    assert (receipt.status, told(receipt)) == ("declined", ("decline", "hatred", "Please leave the first line out."))
    assert receipt.decided_at == LATER


def test_spam_gives_no_reason(session: Session) -> None:
    assert told(shown(session, standing(session, Status.SPAM))) == ("spam", "", None)


def test_a_withdrawn_one_says_until_when_it_can_come_back(session: Session) -> None:
    tribute = standing(session, Status.WITHDRAWN)
    receipt = shown(session, tribute)
    assert tribute.withdrawn_at is not None
    assert receipt.returnable_until == tribute.withdrawn_at + timedelta(days=30)
    assert (receipt.public, receipt.waiting) == (False, False)


def test_the_author_may_do_what_the_table_says(session: Session) -> None:
    may = {
        Status.PENDING: {"amend", "withdraw"}, Status.APPROVED: {"amend", "withdraw"},
        Status.DECLINED: {"amend", "withdraw"}, Status.SPAM: {"withdraw"}, Status.HIDDEN: {"withdraw"},
        Status.WITHDRAWN: {"return"}, Status.REMOVED: set(),
    }  # fmt: skip
    assert {status: shown(session, standing(session, status)).can for status in Status} == may


def test_how_long_it_lately_took_is_the_median_and_nothing_before_three_decisions(session: Session) -> None:
    for number, hours in enumerate((1, 9, 3)):
        assert decisions.wait_lately(session) is None
        tribute = sent(session, AT + timedelta(days=number))
        decided(session, tribute, Action.APPROVE, tribute.at + timedelta(hours=hours), KEEPER)
    assert decisions.wait_lately(session) == timedelta(hours=3)


def test_only_the_latest_decisions_count_as_lately(session: Session) -> None:
    for number in range(3 + decisions.LATELY):
        tribute = sent(session, AT + timedelta(days=number))
        hours = 100 if number < 3 else 2
        decided(session, tribute, Action.APPROVE, tribute.at + timedelta(hours=hours))
    assert decisions.wait_lately(session) == timedelta(hours=2)


def test_todays_numbers_are_of_what_was_judged_since_midnight(session: Session) -> None:
    early, late = LATER - timedelta(days=1), LATER
    for at, action in ((early, Action.APPROVE), (late, Action.APPROVE), (late, Action.SPAM), (late, Action.DECLINE)):
        decided(session, sent(session, AT - timedelta(days=2)), action, at, reason="off_topic")
    decided(session, standing(session, Status.APPROVED), Action.HIDE, LATER)
    counted = decisions.today(session, LATER)
    assert counted == {"approve": 1, "decline": 1, "spam": 1}
