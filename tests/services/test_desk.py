"""The desk's queue: the oldest waiting words first, page by page, while new ones arrive."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from tests.services.acts import AT, KEEPER, MODERATOR, decided, sent, standing, step
from tribute.domain import ids
from tribute.domain.lifecycle import Action, Status
from tribute.services import desk, desk_cards
from tribute.services.desk import QUEUE_SIZE, SECOND, WAITING, Listed, Queue
from tribute.services.rooms import REPORTED, rooms

LATER = AT + timedelta(hours=1)


def waiting(
    session: Session, before: str | None = None, after: str | None = None, language: str = "", verdict: str = ""
) -> Queue:
    """A page of what waits."""
    cursors = [ids.decode(cursor) if cursor else None for cursor in (before, after)]
    return desk.queue(session, MODERATOR, Listed(WAITING, language, verdict), *cursors)


def listed(queue: Queue) -> list[str]:
    """The tributes on a page, in order."""
    return [item.public_id for item in queue.items]


def test_the_oldest_waiting_words_come_first(session: Session) -> None:
    second = sent(session, AT + timedelta(minutes=2))
    first = sent(session, AT)
    third = sent(session, AT + timedelta(minutes=3))
    assert listed(waiting(session)) == [first.public_id, second.public_id, third.public_id]
    assert desk.oldest_waiting(session) == AT


def test_a_tribute_stands_in_the_queue_by_the_words_that_wait_not_by_its_own_age(session: Session) -> None:
    old = sent(session, AT - timedelta(days=300))
    step(session, old, Action.APPROVE, AT - timedelta(days=299))
    fresh = sent(session, AT)
    step(session, old, Action.AMEND, AT + timedelta(minutes=1))
    assert listed(waiting(session)) == [fresh.public_id, old.public_id]


def test_only_what_waits_and_may_be_decided_is_in_the_queue(session: Session) -> None:
    pending = standing(session, Status.PENDING)
    for status in (Status.APPROVED, Status.DECLINED, Status.SPAM, Status.HIDDEN, Status.WITHDRAWN, Status.REMOVED):
        standing(session, status)
    hidden_with_newer = standing(session, Status.APPROVED)
    step(session, hidden_with_newer, Action.AMEND, LATER)
    step(session, hidden_with_newer, Action.HIDE, LATER + timedelta(minutes=1))
    withdrawn_while_waiting = sent(session)
    step(session, withdrawn_while_waiting, Action.WITHDRAW, LATER)
    assert listed(waiting(session)) == [pending.public_id]
    assert rooms(session).counts[WAITING] == 1
    assert len(waiting(session).items) == 1


def test_each_status_has_its_room_newest_first(session: Session) -> None:
    for status in Status:
        made = [standing(session, status, AT + timedelta(hours=number)).public_id for number in range(2)]
        page = desk.queue(session, KEEPER, Listed(status))
        assert listed(page) == made[::-1]
        assert {item.status for item in page.items} == {status}
    assert rooms(session).counts == dict.fromkeys(Status, 2) | {WAITING: 2, SECOND: 0, REPORTED: 0}


def test_the_queue_can_be_read_in_one_language(session: Session) -> None:
    sent(session)
    azerbaijani = sent(session, LATER, words="Şəhidlərimizi heç vaxt unutmarıq.")
    assert listed(waiting(session, language="az")) == [azerbaijani.public_id]
    assert listed(waiting(session, language="ka")) == []


def test_pages_cover_the_queue_once_in_both_ways_while_new_ones_arrive(session: Session) -> None:
    made = [sent(session, AT + timedelta(minutes=number)).public_id for number in range(2 * QUEUE_SIZE + 3)]
    first = waiting(session)
    assert (first.older, len(first.items)) == (None, QUEUE_SIZE)
    made.append(sent(session, AT + timedelta(days=1)).public_id)
    second = waiting(session, after=first.newer)
    third = waiting(session, after=second.newer)
    assert listed(first) + listed(second) + listed(third) == made
    assert third.newer is None
    back = waiting(session, before=third.older)
    assert listed(back) == listed(second)
    assert listed(waiting(session, before=back.older)) == listed(first)


def test_a_page_stays_where_it_was_when_what_stood_before_it_is_decided(session: Session) -> None:
    made = [sent(session, AT + timedelta(minutes=number)) for number in range(QUEUE_SIZE + 5)]
    first = waiting(session)
    for tribute in made[:QUEUE_SIZE]:
        decided(session, tribute, Action.APPROVE, LATER)
    second = waiting(session, after=first.newer)
    assert listed(second) == [tribute.public_id for tribute in made[QUEUE_SIZE:]] == listed(waiting(session))


def test_a_card_shows_the_words_to_decide_on_and_beside_them_what_is_public(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words="First words.", gesture="candle")
    step(session, tribute, Action.AMEND, LATER)
    (card,) = waiting(session).items
    assert (card.html, card.waiting, card.amended, card.at) == ("<p>Other words of 10:00.</p>", True, True, LATER)
    assert card.public is not None
    assert card.public.html == "<p>First words.</p>"
    assert (card.name, card.place, card.gesture, card.version) == ("Daniel M.", "Leeds", "candle", tribute.version)


def test_a_card_of_what_was_refused_shows_its_newest_words(session: Session) -> None:
    tribute = sent(session, words="First words.")
    step(session, tribute, Action.AMEND, AT + timedelta(minutes=1))
    step(session, tribute, Action.DECLINE, AT + timedelta(minutes=2))
    (card,) = desk.queue(session, MODERATOR, Listed(Status.DECLINED)).items
    assert (card.html, card.waiting, card.amended, card.public) == ("<p>Other words of 09:01.</p>", False, False, None)


def test_the_buttons_of_a_card_are_what_the_role_and_the_table_allow(session: Session) -> None:
    offered = {
        Status.PENDING: {"approve", "decline", "spam", "redact"}, Status.APPROVED: {"hide", "redact"},
        Status.DECLINED: {"restore"}, Status.SPAM: {"restore"},
        Status.HIDDEN: {"restore"}, Status.WITHDRAWN: set(), Status.REMOVED: set(),
    }  # fmt: skip
    for status, actions in offered.items():
        tribute = standing(session, status)
        (mine,) = desk_cards.cards(session, [tribute], MODERATOR)
        (keepers,) = desk_cards.cards(session, [tribute], KEEPER)
        assert set(mine.actions) == actions
        assert set(keepers.actions) == actions | ({"remove"} if status is not Status.REMOVED else set())


def test_an_empty_queue_has_no_pages_and_no_oldest(session: Session) -> None:
    assert waiting(session) == Queue([], None, None)
    assert desk.oldest_waiting(session) is None
    assert rooms(session).counts[WAITING] == 0
