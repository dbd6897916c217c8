"""Many decisions as one: what changed is left, each has its row, and all of it can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.services.acts import AT, COLLEAGUE, MODERATOR, decided, sent, standing
from tribute.domain.errors import IllegalAction
from tribute.domain.lifecycle import Action, Status
from tribute.models import Batch, Tribute
from tribute.services import batches, counts, decisions
from tribute.services.batches import Chosen, Outcome
from tribute.services.desk import Order

LATER = AT + timedelta(hours=1)
SPAM = Order(Action.SPAM, 0)


def several(session: Session, number: int = 3) -> list[Tribute]:
    """Some that wait."""
    return [sent(session, AT + timedelta(minutes=each)) for each in range(number)]


def seen(*tributes: Tribute) -> list[Chosen]:
    """They as somebody sees them now."""
    return [Chosen(tribute.id, tribute.version) for tribute in tributes]


def carried_out(session: Session, chosen: list[Chosen], order: Order = SPAM, minutes: int = 0) -> tuple[Batch, Outcome]:
    """A batch of the moderator's."""
    batch = batches.begin(session, order, MODERATOR, LATER, minutes)
    return batch, batches.carry_out(session, batch, chosen, order, MODERATOR, LATER)


def statuses(session: Session, *tributes: Tribute) -> list[str]:
    """Where they stand."""
    for tribute in tributes:
        session.refresh(tribute)
    return [tribute.status for tribute in tributes]


def test_each_tribute_of_a_batch_has_its_own_row_in_the_log(session: Session) -> None:
    made = several(session)
    batch, outcome = carried_out(session, seen(*made))
    assert outcome == Outcome(done=3)
    assert statuses(session, *made) == ["spam"] * 3
    rows = [decisions.last_of(session, tribute.id) for tribute in made]
    assert [row.person_id for row in rows if row] == [MODERATOR.id] * 3
    assert batches.size(session, batch) == 3


def test_what_changed_since_it_was_chosen_is_left_and_the_rest_is_done(session: Session) -> None:
    one, other, third = several(session)
    chosen = [*seen(one, other, third), Chosen(5, 1)]
    decided(session, other, Action.APPROVE, LATER, COLLEAGUE)
    _batch, outcome = carried_out(session, chosen)
    assert outcome == Outcome(done=2, left=2)
    assert statuses(session, one, other, third) == ["spam", "approved", "spam"]


def test_a_batch_is_taken_back_as_one_but_for_what_others_decided_since(session: Session) -> None:
    one, other, third = several(session)
    batch, _outcome = carried_out(session, seen(one, other, third))
    decided(session, other, Action.RESTORE, LATER, COLLEAGUE)
    decided(session, other, Action.APPROVE, LATER, COLLEAGUE)
    assert batches.undo(session, batch, MODERATOR, LATER + timedelta(minutes=10)) == Outcome(done=2, left=1)
    assert statuses(session, one, other, third) == ["pending", "approved", "pending"]
    assert counts.kept(session) == counts.recount(session)
    assert decisions.broken_row(session) is None


@pytest.mark.parametrize("late", [False, True])
def test_a_batch_is_taken_back_once_by_whoever_took_it_and_in_time(session: Session, late: bool) -> None:
    made = several(session)
    batch, _outcome = carried_out(session, seen(*made))
    who, at = (MODERATOR, LATER + timedelta(minutes=10, microseconds=1)) if late else (COLLEAGUE, LATER)
    with pytest.raises(IllegalAction):
        batches.undo(session, batch, who, at)
    if not late:
        batches.undo(session, batch, MODERATOR, LATER)
        with pytest.raises(IllegalAction):
            batches.undo(session, batch, MODERATOR, LATER)
    assert statuses(session, *made) == ["spam" if late else "pending"] * 3


def test_the_brake_hides_what_was_published_within_the_time_and_nothing_else(session: Session) -> None:
    old, new = standing(session, Status.APPROVED, AT), standing(session, Status.APPROVED, LATER - timedelta(minutes=9))
    pending = sent(session, LATER)
    chosen = batches.published_since(session, batches.back(10, LATER))
    assert chosen == seen(new)
    batch, outcome = carried_out(session, chosen, Order(Action.HIDE, 0), minutes=10)
    assert outcome == Outcome(done=1)
    assert statuses(session, old, new, pending) == ["approved", "hidden", "pending"]
    assert batches.brakes(session) == [(batch, 1)]


def test_what_the_brake_hid_is_shown_again_as_one_by_anybody_and_whenever(session: Session) -> None:
    made = [standing(session, Status.APPROVED, LATER - timedelta(minutes=number + 6)) for number in range(3)]
    batch, _outcome = carried_out(session, seen(*made), Order(Action.HIDE, 0), minutes=60)
    decided(session, made[1], Action.RESTORE, LATER, COLLEAGUE)
    decided(session, made[1], Action.HIDE, LATER, COLLEAGUE)
    days_later = LATER + timedelta(days=3)
    assert batches.show_again(session, batch, COLLEAGUE, days_later) == Outcome(done=2, left=1)
    assert statuses(session, *made) == ["approved", "hidden", "approved"]
    with pytest.raises(IllegalAction):
        batches.show_again(session, batch, COLLEAGUE, days_later)


def test_a_batch_that_is_no_brake_is_not_shown_again(session: Session) -> None:
    batch, _outcome = carried_out(session, seen(*several(session)))
    with pytest.raises(IllegalAction):
        batches.show_again(session, batch, MODERATOR, LATER)
