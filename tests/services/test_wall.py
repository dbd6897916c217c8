"""The wall: what is public, newest first, page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.services.acts import AT, memorial, standing, step
from tribute.domain import ids
from tribute.domain.errors import Gone, NotFound
from tribute.domain.lifecycle import Action, Status
from tribute.models import Tribute
from tribute.services import wall
from tribute.services.wall import Card, Filters, Wall

SIZE, ALL = 4, Filters()


def shown(session: Session, chosen: Filters = ALL, *, before: str | None = None, after: str | None = None) -> Wall:
    """A small page of the wall."""
    below, above = (ids.decode(cursor) if cursor else None for cursor in (before, after))
    return wall.wall(session, memorial(session), chosen, below, above, size=SIZE)


def cards(page: Wall) -> list[str]:
    """The cards on a page, in order."""
    return [item.public_id for item in page.items if isinstance(item, Card)]


def published(session: Session, number: int, **fields: str) -> list[str]:
    """So many published tributes, an hour apart; newest first."""
    made = [standing(session, Status.APPROVED, AT + timedelta(hours=n), **fields).public_id for n in range(number)]
    return made[::-1]


def test_only_what_is_approved_is_on_the_wall(session: Session) -> None:
    made = {status: standing(session, status).public_id for status in Status}
    page = shown(session)
    assert cards(page) == [made[Status.APPROVED]]
    assert page.total == 1


def test_the_newest_stand_first_by_the_day_of_writing_not_of_publishing(session: Session) -> None:
    late = standing(session, Status.PENDING, AT)
    newer = standing(session, Status.APPROVED, AT + timedelta(hours=1))
    step(session, late, Action.APPROVE, AT + timedelta(days=3))
    assert cards(shown(session)) == [newer.public_id, late.public_id]


def test_a_card_shows_the_public_words_while_newer_ones_wait(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words="First & <b>public</b>.", gesture="dove", page_language="tr")
    step(session, tribute, Action.AMEND, AT + timedelta(hours=1))
    (card,) = shown(session).items
    assert isinstance(card, Card)
    assert (card.html, card.name, card.place) == ("<p>First &amp; <b>public</b>.</p>", "Daniel M.", "Leeds")
    assert (card.gesture, card.page_language, card.memorial, card.at) == ("dove", "tr", "20-january", AT)


@pytest.mark.parametrize(("letters", "short"), [(80, True), (81, False)])
def test_few_words_stand_larger(session: Session, letters: int, short: bool) -> None:
    standing(session, Status.APPROVED, words="ə" * letters)
    (card,) = shown(session).items
    assert isinstance(card, Card)
    assert card.short is short


def test_pages_cover_the_wall_once_and_lead_back_the_same_way(session: Session) -> None:
    made = published(session, 2 * SIZE + 3)
    first = shown(session)
    assert first.newer is None
    second = shown(session, before=first.older)
    third = shown(session, before=second.older)
    assert third.older is None
    assert cards(first) + cards(second) + cards(third) == made
    back = shown(session, after=third.newer)
    assert cards(back) == cards(second)
    front = shown(session, after=back.newer)
    assert (cards(front), front.newer) == (cards(first), None)


def test_a_full_last_page_leads_no_further(session: Session) -> None:
    published(session, 2 * SIZE)
    assert shown(session, before=shown(session).older).older is None


def test_a_page_stays_where_it_was_while_new_tributes_arrive(session: Session) -> None:
    made = published(session, 2 * SIZE)
    first = shown(session)
    standing(session, Status.APPROVED, AT + timedelta(days=9))
    assert cards(shown(session, before=first.older)) == made[SIZE:]


def test_a_cursor_of_a_tribute_that_is_gone_still_leads_on(session: Session) -> None:
    made = published(session, 2 * SIZE)
    first = shown(session)
    edge = session.get_one(Tribute, ids.decode(made[SIZE - 1]))
    step(session, edge, Action.WITHDRAW, AT + timedelta(days=1))
    assert cards(shown(session, before=first.older)) == made[SIZE:]


def test_a_year_is_the_memorials_year(session: Session) -> None:
    midnight = datetime(2025, 12, 31, 20, tzinfo=UTC)  # in Baku
    instant = timedelta(milliseconds=1)
    last, first = (standing(session, Status.APPROVED, at).public_id for at in (midnight - instant, midnight))
    end = standing(session, Status.APPROVED, datetime(2026, 12, 31, 20, tzinfo=UTC) - instant).public_id
    assert cards(shown(session, Filters(year=2025))) == [last]
    assert cards(shown(session, Filters(year=2026))) == [end, first]
    assert cards(shown(session, Filters(year=2027))) == []


def test_filters_narrow_together_and_pages_stay_within_them(session: Session) -> None:
    wanted = published(session, SIZE + 1, words="Вечная память погибшим.", gesture="candle")
    published(session, 3, words="Вечная память погибшим.", gesture="dove")
    published(session, 3, gesture="candle")
    filters = Filters(year=2026, language="ru", gesture="candle")
    first = shown(session, filters)
    assert cards(first) + cards(shown(session, filters, before=first.older)) == wanted
    assert len(cards(shown(session, Filters(gesture="dove")))) == 3
    assert cards(shown(session, Filters(language="ka"))) == []
    assert first.total == SIZE + 7


def test_an_empty_wall_is_an_empty_page(session: Session) -> None:
    assert shown(session) == Wall([], None, None, 0)
    assert wall.choices(session, memorial(session)) == {"years": [], "languages": [], "gestures": []}


def test_one_tribute_shows_only_while_it_is_public(session: Session) -> None:
    here = memorial(session)
    made = {status: standing(session, status) for status in Status}
    assert wall.public_card(session, here, made[Status.APPROVED].id).public_id == made[Status.APPROVED].public_id
    for status in (Status.WITHDRAWN, Status.REMOVED):
        with pytest.raises(Gone):
            wall.public_card(session, here, made[status].id)
    for key in (
        made[Status.PENDING].id,
        made[Status.HIDDEN].id,
        made[Status.DECLINED].id,
        made[Status.SPAM].id,
        1,
        None,
    ):
        with pytest.raises(NotFound):
            wall.public_card(session, here, key)


def test_the_feed_alone_orders_by_publication(session: Session) -> None:
    late = standing(session, Status.PENDING, AT)
    newer = standing(session, Status.APPROVED, AT + timedelta(hours=1))
    standing(session, Status.HIDDEN)
    step(session, late, Action.APPROVE, AT + timedelta(days=3))
    found = wall.newest_published(session, memorial(session), 5)
    assert [(card.public_id, at) for card, at in found] == [
        (late.public_id, AT + timedelta(days=3)),
        (newer.public_id, AT + timedelta(hours=1, minutes=5)),
    ]
    assert len(wall.newest_published(session, memorial(session), 1)) == 1
