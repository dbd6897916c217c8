"""Withdrawing hides at once; for 30 days it can be taken back; then the words are erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.services.acts import AT, decided, places_of, sent, standing, step
from tribute.domain.errors import Conflict, IllegalAction
from tribute.domain.lifecycle import Action, Status
from tribute.models import Revision
from tribute.services import authors, counts, decisions, erasure
from tribute.services.decisions import broken_row

LATER = AT + timedelta(days=1)
LAST_MOMENT = LATER + timedelta(days=30)
STANDING = [Status.PENDING, Status.APPROVED, Status.DECLINED, Status.SPAM, Status.HIDDEN]
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize("after", [timedelta(), timedelta(days=30)])
def test_within_30_days_a_tribute_comes_back_to_where_it_stood(session: Session, after: timedelta) -> None:
    for tribute in [standing(session, status) for status in STANDING]:
        before = (tribute.status, tribute.public_revision_id, tribute.waiting_revision_id)
        authors.withdraw(session, tribute, LATER, tribute.version)
        assert (tribute.status, tribute.withdrawn_at) == (Status.WITHDRAWN, LATER)
        authors.take_back(session, tribute, LATER + after, tribute.version)
        assert (tribute.status, tribute.public_revision_id, tribute.waiting_revision_id) == before
        assert tribute.withdrawn_at is None
    assert counts.kept(session) == counts.recount(session)


def test_newer_words_that_waited_wait_again_when_it_comes_back(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    step(session, tribute, Action.AMEND, AT + timedelta(hours=1))
    before = (tribute.public_revision_id, tribute.waiting_revision_id)
    step(session, tribute, Action.WITHDRAW, LATER)
    step(session, tribute, Action.RETURN, LATER + timedelta(days=2))
    assert (tribute.public_revision_id, tribute.waiting_revision_id) == before


def test_it_can_be_withdrawn_and_taken_back_again_and_again(session: Session) -> None:
    tribute = standing(session, Status.HIDDEN)
    for day in range(1, 4):
        step(session, tribute, Action.WITHDRAW, AT + timedelta(days=day))
        step(session, tribute, Action.RETURN, AT + timedelta(days=day, hours=1))
        assert tribute.status == Status.HIDDEN


def test_after_30_days_it_does_not_come_back(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    step(session, tribute, Action.WITHDRAW, LATER)
    with pytest.raises(IllegalAction):
        authors.take_back(session, tribute, LAST_MOMENT + MOMENT, tribute.version)
    assert tribute.status == Status.WITHDRAWN


def test_what_was_not_withdrawn_cannot_be_taken_back(session: Session) -> None:
    for tribute in [standing(session, status) for status in (*STANDING, Status.REMOVED)]:
        with pytest.raises(IllegalAction):
            authors.take_back(session, tribute, LATER, tribute.version)


def test_what_is_gone_cannot_be_withdrawn_once_more(session: Session) -> None:
    for tribute in [standing(session, status) for status in (Status.WITHDRAWN, Status.REMOVED)]:
        with pytest.raises(IllegalAction):
            authors.withdraw(session, tribute, LATER, tribute.version)


def test_withdrawing_a_version_that_is_no_more_is_a_conflict(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    with pytest.raises(Conflict) as conflict:
        authors.withdraw(session, tribute, LATER, 1)
    assert conflict.value.action == Action.APPROVE


def test_a_withdrawn_tribute_can_be_removed_by_the_keeper_but_not_published(session: Session) -> None:
    tribute = standing(session, Status.WITHDRAWN)
    with pytest.raises(IllegalAction):
        decided(session, tribute, Action.APPROVE, LATER)
    step(session, tribute, Action.REMOVE, LATER)
    assert tribute.status == Status.REMOVED


def test_the_rule_erases_what_was_withdrawn_more_than_30_days_ago(session: Session) -> None:
    due = sent(session, name="Leyla Zülfüqarova", words="Gözəl söz", email="leyla@memorial.example", gesture="dove")
    step(session, due, Action.WITHDRAW, LATER)
    later = standing(session, Status.APPROVED)
    step(session, later, Action.WITHDRAW, LATER + timedelta(days=3))
    public = standing(session, Status.APPROVED)
    assert erasure.erase_withdrawn(session, LAST_MOMENT) == 0
    assert erasure.erase_withdrawn(session, LAST_MOMENT + MOMENT) == 1
    assert [due.status, later.status, public.status] == [Status.REMOVED, Status.WITHDRAWN, Status.APPROVED]
    for needle in ("Zülfüqarova", "Gözəl", "leyla"):
        assert places_of(session, needle.encode()) == set()
    assert erasure.erase_withdrawn(session, LAST_MOMENT + MOMENT) == 0


def test_the_log_says_that_the_rule_erased_it_and_stays_whole(session: Session) -> None:
    tribute = standing(session, Status.WITHDRAWN)
    erasure.erase_withdrawn(session, AT + timedelta(days=60))
    row = decisions.last_of(session, tribute.id)
    assert row is not None
    assert (row.action, row.actor, row.person_id) == ("erase", "rule", None)
    assert (row.from_status, row.to_status) == ("withdrawn", "removed")
    assert broken_row(session) is None
    assert counts.kept(session) == counts.recount(session)


def test_what_was_taken_back_is_never_erased_by_the_rule(session: Session) -> None:
    tribute = standing(session, Status.WITHDRAWN)
    step(session, tribute, Action.RETURN, LATER)
    assert erasure.erase_withdrawn(session, AT + timedelta(days=400)) == 0
    assert session.get_one(Revision, tribute.public_revision_id).words
