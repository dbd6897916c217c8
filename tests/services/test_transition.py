"""One step of the lifecycle: status, version, counts, index and log stand or fall together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import AT, KEEPER, MODERATOR, decided, entry_of, everything, sent, standing, step
from tribute.domain.errors import Conflict, IllegalAction, NotFound
from tribute.domain.lifecycle import Action, Status
from tribute.models import Decision, Tribute, TributeEntry
from tribute.search.index import PUBLIC
from tribute.services import authors, counts, decisions, tributes
from tribute.services.decisions import Actor
from tribute.services.tributes import Written

LATER = AT + timedelta(minutes=20)
KEPT = ("tribute", "revision", "decision", "log_head", "note", "tribute_count", "tribute_entry", "desk_entry",
        "vocabulary", "desk_vocabulary")  # fmt: skip


def kept(session: Session) -> dict[str, list[dict[str, object]]]:
    """What a step may change."""
    found = everything(session)
    return {table: found[table] for table in KEPT}


def indexed(session: Session) -> list[int]:
    """The tributes that can be found."""
    return list(session.scalars(select(TributeEntry.source_id).order_by(TributeEntry.source_id)))


def test_publishing_changes_status_counts_index_and_log_in_one(session: Session) -> None:
    tribute = sent(session)
    waiting = tribute.waiting_revision_id
    decided(session, tribute, Action.APPROVE, LATER)
    assert (tribute.status, tribute.version, tribute.published_at) == (Status.APPROVED, 2, LATER)
    assert (tribute.public_revision_id, tribute.waiting_revision_id) == (waiting, None)
    assert counts.by_status(session) == {"pending": 0, "approved": 1}
    assert indexed(session) == [tribute.id]
    row = decisions.last_of(session, tribute.id)
    assert row is not None
    assert (row.actor, row.person_id, row.action, row.at) == ("moderator", MODERATOR.id, "approve", LATER)
    assert (row.from_status, row.to_status, row.version) == ("pending", "approved", 2)
    assert (row.from_waiting, row.to_waiting, row.from_public, row.to_public) == (waiting, None, None, waiting)


def test_what_is_not_committed_leaves_nothing_behind(session: Session) -> None:
    tribute = sent(session)
    session.commit()
    before = kept(session)
    decided(session, tribute, Action.APPROVE, LATER, note="A note.")
    assert kept(session) != before
    session.rollback()
    assert kept(session) == before


def test_a_step_on_a_stale_version_changes_nothing_and_names_what_came_first(session: Session) -> None:
    for tribute in [standing(session, status) for status in Status]:
        session.commit()
        before = kept(session)
        last = decisions.last_of(session, tribute.id)
        assert last is not None
        first = (last.action, last.person_id, last.at)
        for stale in (0, tribute.version - 1, tribute.version + 1):
            with pytest.raises(Conflict) as conflict:
                tributes.transition(session, tribute, Action.HIDE, Actor("moderator", 1), LATER, stale)
            assert (conflict.value.action, conflict.value.person_id, conflict.value.at) == first
        session.rollback()
        assert kept(session) == before


def test_a_step_that_the_table_lacks_changes_nothing(session: Session) -> None:
    for tribute in [standing(session, status) for status in Status]:
        session.commit()
        before = kept(session)
        for action in (Action.SUBMIT, Action.RETURN, Action.UNDO):  # no status knows them without a way back
            with pytest.raises(IllegalAction):
                tributes.transition(session, tribute, action, Actor("author"), LATER, tribute.version)
            session.rollback()
        assert kept(session) == before


def test_only_what_is_approved_can_be_found(session: Session) -> None:
    made = {status: standing(session, status).id for status in Status}
    assert indexed(session) == [made[Status.APPROVED]]


def test_words_in_another_language_move_count_and_index_when_they_are_published(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    authors.amend(
        session, tribute, LATER, tribute.version, Written("Leyla Ə.", "Bakı", "Şəhidlərin ruhu şad olsun.", "en")
    )
    assert tribute.language == "en"
    decided(session, tribute, Action.APPROVE, LATER + timedelta(minutes=1))
    assert tribute.language == "az"
    assert {key[3]: number for key, number in counts.kept(session).items() if key[2] == "all"} == {"az": 1}
    language, found = entry_of(session, PUBLIC, tribute.id)
    assert language == "az"
    assert {"sehidlerin", "ruhu", "sad", "olsun", "leyla", "e", "baki", "@az"} <= found
    assert "remember" not in found


def test_a_gesture_that_gains_words_becomes_a_card_once_they_are_published(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words="", gesture="candle")
    assert not tribute.worded
    authors.amend(session, tribute, LATER, tribute.version, Written("Daniel M.", "", "Words came later.", "en"))
    assert not tribute.worded
    decided(session, tribute, Action.APPROVE, LATER + timedelta(minutes=1))
    assert tribute.worded


def test_hiding_and_restoring_keeps_the_day_of_publishing(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    published = tribute.published_at
    step(session, tribute, Action.HIDE, LATER)
    step(session, tribute, Action.RESTORE, LATER + timedelta(days=1))
    assert tribute.published_at == published == AT + timedelta(minutes=5)


def test_refusing_newer_words_leaves_the_public_ones(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    public = tribute.public_revision_id
    step(session, tribute, Action.AMEND, LATER)
    newer = tribute.waiting_revision_id
    decided(session, tribute, Action.DECLINE, LATER + timedelta(minutes=1), reason="hatred")
    assert (tribute.status, tribute.public_revision_id, tribute.waiting_revision_id) == ("approved", public, None)
    row = decisions.last_of(session, tribute.id)
    assert row is not None
    assert (row.revision_id, row.reason, row.from_status, row.to_status) == (newer, "hatred", "approved", "approved")


def test_newer_words_can_be_refused_once_and_published_never_without_words_that_wait(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    for action in (Action.APPROVE, Action.DECLINE, Action.SPAM):
        with pytest.raises(IllegalAction):
            decided(session, tribute, action, LATER)


@pytest.mark.parametrize("status", [Status.DECLINED, Status.SPAM])
def test_what_was_refused_waits_again_with_its_newest_words_when_it_is_restored(
    session: Session, status: Status
) -> None:
    tribute = standing(session, status)
    step(session, tribute, Action.RESTORE, LATER)
    assert (tribute.status, tribute.public_revision_id) == (Status.PENDING, None)
    assert tribute.waiting_revision_id == tributes.newest_revision(session, tribute.id).id


def test_a_newer_text_survives_hiding_and_waits_again_after_it(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    step(session, tribute, Action.AMEND, LATER)
    waiting = tribute.waiting_revision_id
    step(session, tribute, Action.HIDE, LATER + timedelta(minutes=1))
    step(session, tribute, Action.RESTORE, LATER + timedelta(minutes=2))
    assert (tribute.status, tribute.waiting_revision_id) == (Status.APPROVED, waiting)


def test_every_step_raises_the_version_by_one_and_writes_one_row(session: Session) -> None:
    tribute = sent(session)
    actions = (Action.AMEND, Action.APPROVE, Action.AMEND, Action.SPAM, Action.HIDE, Action.WITHDRAW, Action.RETURN)
    for number, action in enumerate(actions, start=1):
        step(session, tribute, action, AT + timedelta(hours=number))
        assert tribute.version == number + 1
    rows = session.scalars(select(Decision).where(Decision.tribute_id == tribute.id).order_by(Decision.number)).all()
    assert [row.version for row in rows] == list(range(1, len(actions) + 2))
    assert [row.action for row in rows] == ["submit", *actions]
    assert KEEPER.id in {row.person_id for row in rows}


def test_a_tribute_that_is_not_there_is_not_found(session: Session) -> None:
    for key in (None, 1):
        with pytest.raises(NotFound):
            tributes.by_id(session, key)
    assert session.scalars(select(Tribute)).all() == []
