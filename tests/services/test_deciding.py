"""Deciding by role, and taking one's own last decision back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.services.acts import AT, COLLEAGUE, KEEPER, MODERATOR, decided, sent, standing, step
from tribute.domain.errors import Conflict, Forbidden, IllegalAction
from tribute.domain.lifecycle import Action, Status
from tribute.domain.reasons import Ground, Reason
from tribute.models import Decision, Person, Tribute
from tribute.services import counts, decisions, desk

LATER = AT + timedelta(hours=1)
LAST_MOMENT = LATER + timedelta(minutes=10)
MOMENT = timedelta(microseconds=1)


def undone(session: Session, tribute: Tribute, at: datetime = LATER, person: Person = MODERATOR) -> None:
    """Take the last decision back."""
    decided(session, tribute, Action.UNDO, at, person)


def newest_row(session: Session, tribute: Tribute) -> Decision:
    """The last row of the log about a tribute."""
    row = decisions.last_of(session, tribute.id)
    assert row is not None
    return row


def test_a_moderator_may_not_remove_and_nothing_changes(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    with pytest.raises(Forbidden):
        decided(session, tribute, Action.REMOVE, LATER, MODERATOR, Ground.FAMILY)
    assert (tribute.status, tribute.version) == (Status.APPROVED, 2)


@pytest.mark.parametrize("action", [Action.AMEND, Action.WITHDRAW, Action.RETURN, Action.SUBMIT, Action.ERASE])
def test_not_even_a_keeper_does_what_is_the_authors_or_the_rules(session: Session, action: Action) -> None:
    tribute = standing(session, Status.APPROVED)
    with pytest.raises(Forbidden):
        decided(session, tribute, action, LATER, KEEPER)


def test_the_reason_is_in_the_log_and_the_note_beside_it(session: Session) -> None:
    tribute = sent(session)
    decided(session, tribute, Action.DECLINE, LATER, reason=Reason.OFF_TOPIC, note="Please tell us of that night.")
    (_, (row, note)) = decisions.history(session, tribute.id)
    assert (row.reason, note) == ("off_topic", "Please tell us of that night.")
    assert "Please" not in f"{vars(row)}"


def test_only_other_says_too_little_without_a_note() -> None:
    assert [reason for reason in Reason if desk.needs_note(reason)] == [Reason.OTHER]


def test_the_log_names_the_role_that_decided(session: Session) -> None:
    for person, actor in ((MODERATOR, "moderator"), (KEEPER, "keeper")):
        tribute = sent(session)
        decided(session, tribute, Action.APPROVE, LATER, person)
        row = newest_row(session, tribute)
        assert (row.actor, row.person_id) == (actor, person.id)


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (Status.PENDING, Action.APPROVE), (Status.PENDING, Action.DECLINE), (Status.PENDING, Action.SPAM),
        (Status.APPROVED, Action.HIDE), (Status.HIDDEN, Action.RESTORE), (Status.DECLINED, Action.RESTORE),
        (Status.SPAM, Action.RESTORE),
    ],
)  # fmt: skip
def test_undo_leads_back_to_the_status_and_the_words_before(session: Session, status: Status, action: Action) -> None:
    tribute = standing(session, status)
    before = (tribute.status, tribute.public_revision_id, tribute.waiting_revision_id)
    decided(session, tribute, action, LATER, reason="off_topic" if action == Action.DECLINE else "")
    undone(session, tribute, LAST_MOMENT)
    assert (tribute.status, tribute.public_revision_id, tribute.waiting_revision_id) == before
    row = newest_row(session, tribute)
    assert (row.action, row.person_id, row.to_status) == ("undo", MODERATOR.id, status)
    assert counts.kept(session) == counts.recount(session)


@pytest.mark.parametrize("action", [Action.APPROVE, Action.DECLINE, Action.SPAM])
def test_undo_on_newer_words_makes_them_wait_again(session: Session, action: Action) -> None:
    tribute = standing(session, Status.APPROVED)
    step(session, tribute, Action.AMEND, LATER - timedelta(minutes=1))
    before = (tribute.public_revision_id, tribute.waiting_revision_id)
    decided(session, tribute, action, LATER)
    undone(session, tribute)
    assert (tribute.public_revision_id, tribute.waiting_revision_id) == before


def test_after_ten_minutes_a_decision_stands(session: Session) -> None:
    tribute = sent(session)
    decided(session, tribute, Action.APPROVE, LATER)
    assert desk.undoable(session, tribute, MODERATOR, LAST_MOMENT) is not None
    assert desk.undoable(session, tribute, MODERATOR, LAST_MOMENT + MOMENT) is None
    with pytest.raises(IllegalAction):
        undone(session, tribute, LAST_MOMENT + MOMENT)


@pytest.mark.parametrize("person", [COLLEAGUE, KEEPER], ids=["a colleague", "a keeper"])
def test_nobody_takes_back_what_another_decided(session: Session, person: Person) -> None:
    tribute = sent(session)
    decided(session, tribute, Action.APPROVE, LATER)
    with pytest.raises(Conflict) as conflict:
        undone(session, tribute, LATER, person)
    assert (conflict.value.action, conflict.value.person_id) == (Action.APPROVE, MODERATOR.id)
    assert tribute.status == Status.APPROVED


def test_a_decision_that_something_followed_is_not_taken_back(session: Session) -> None:
    for follows in (Action.AMEND, Action.WITHDRAW, Action.HIDE):
        tribute = sent(session)
        decided(session, tribute, Action.APPROVE, LATER)
        step(session, tribute, follows, LATER + timedelta(minutes=1))
        assert desk.undoable(session, tribute, MODERATOR, LATER + timedelta(minutes=2)) is None
        with pytest.raises(Conflict) as conflict:
            undone(session, tribute, LATER + timedelta(minutes=2))
        assert conflict.value.action == follows


def test_an_undo_on_a_version_that_is_no_more_is_refused(session: Session) -> None:
    tribute = sent(session)
    decided(session, tribute, Action.APPROVE, LATER)
    for stale in (1, 3):
        with pytest.raises(IllegalAction):
            decided(session, tribute, Action.UNDO, LATER, version=stale)


def test_an_undo_is_not_undone(session: Session) -> None:
    tribute = sent(session)
    decided(session, tribute, Action.APPROVE, LATER)
    undone(session, tribute)
    with pytest.raises(IllegalAction):
        undone(session, tribute)


def test_what_was_sent_cannot_be_undone_by_a_moderator(session: Session) -> None:
    with pytest.raises(Conflict) as conflict:
        undone(session, sent(session))
    assert conflict.value.action == Action.SUBMIT


def test_a_removal_is_final(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    decided(session, tribute, Action.REMOVE, LATER, KEEPER, Ground.SAFETY)
    assert desk.undoable(session, tribute, KEEPER, LATER) is None
    with pytest.raises(IllegalAction):
        undone(session, tribute, LATER, KEEPER)


def test_the_card_offers_undo_to_the_one_who_decided_alone(session: Session) -> None:
    tribute = sent(session)
    decided(session, tribute, Action.SPAM, LATER)
    assert Action.UNDO in desk.card(session, tribute, MODERATOR, LATER).actions
    assert Action.UNDO not in desk.card(session, tribute, COLLEAGUE, LATER).actions
    assert Action.UNDO not in desk.card(session, tribute, MODERATOR, LATER + timedelta(hours=1)).actions


def test_what_was_published_by_a_slip_is_new_when_it_is_published_for_good(session: Session) -> None:
    tribute = sent(session)
    decided(session, tribute, Action.APPROVE, LATER)
    undone(session, tribute)
    assert tribute.published_at is None
    much_later = LATER + timedelta(days=40)
    decided(session, tribute, Action.APPROVE, much_later)
    assert tribute.published_at == much_later
