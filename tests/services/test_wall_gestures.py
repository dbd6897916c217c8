"""Gestures without words: one line between the cards, each counted on one page and only there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from tests.services.acts import AT, standing, step
from tests.services.test_wall import SIZE, cards, shown
from tribute.domain.lifecycle import Action, Status
from tribute.services.wall import Card, Filters, Laid, Wall


def worded(session: Session, minutes: int) -> str:
    """A published tribute with words."""
    return standing(session, Status.APPROVED, AT + timedelta(minutes=minutes)).public_id


def laid(session: Session, minutes: int, gesture: str = "carnation", name: str = "Leyla", page: str = "en") -> str:
    """A published gesture without words."""
    at = AT + timedelta(minutes=minutes)
    fields = {"gesture": gesture, "words": "", "name": name, "page_language": page}
    return standing(session, Status.APPROVED, at, **fields).public_id


def lines(page: Wall) -> dict[str, int]:
    """How many of each gesture a page shows."""
    found = [item for item in page.items if isinstance(item, Laid)]
    assert len({line.gesture for line in found}) == len(found)
    return {line.gesture: len(line.names) + line.others for line in found}


def test_gestures_are_one_line_with_the_newest_names_and_a_number(session: Session) -> None:
    made = [laid(session, n, name=f"Leyla {n}") for n in range(5)]
    (line,) = shown(session).items
    assert isinstance(line, Laid)
    newest = [(f"Leyla {n}", made[n]) for n in (4, 3, 2)]
    assert (line.gesture, line.names, line.others, line.others_capped) == ("carnation", newest, 2, False)
    assert line.at == AT + timedelta(minutes=4)


def test_each_gesture_has_its_line_at_the_place_of_its_newest(session: Session) -> None:
    laid(session, 1, "dove")
    first = worded(session, 2)
    laid(session, 3, "candle")
    laid(session, 0, "candle")
    second = worded(session, 4)
    page = shown(session)
    order = [item.public_id if isinstance(item, Card) else item.gesture for item in page.items]
    assert order == [second, "candle", first, "dove"]
    assert lines(page) == {"candle": 2, "dove": 1}
    assert page.total == 5


def test_a_gesture_that_is_not_public_is_in_no_line(session: Session) -> None:
    for status in Status:
        standing(session, status, gesture="dove", words="")
    assert lines(shown(session)) == {"dove": 1}


def test_no_gesture_is_missed_or_shown_twice_on_the_way_down_and_up(session: Session) -> None:
    for minute in range(2 * SIZE + 3):  # a card, and a gesture beside it, above all and below all
        laid(session, 10 * minute - 5)
        worded(session, 10 * minute)
    laid(session, 1000)
    pages = [shown(session)]
    while pages[-1].older:
        pages.append(shown(session, before=pages[-1].older))
    assert [lines(page) for page in pages] == [{"carnation": SIZE}] * 3
    up = [pages[-1]]
    while up[-1].newer:
        up.append(shown(session, after=up[-1].newer))
    assert [cards(page) for page in up] == [cards(page) for page in reversed(pages)]
    assert [lines(page) for page in up] == [lines(page) for page in reversed(pages)]


def test_a_page_reached_from_below_reads_as_it_did_from_above(session: Session) -> None:
    for minute in range(3 * SIZE):
        worded(session, 10 * minute)
        laid(session, 10 * minute + 3)
        laid(session, 10 * minute + 6, "candle")
    first = shown(session)
    second = shown(session, before=first.older)
    third = shown(session, before=second.older)
    again = shown(session, after=third.newer)
    assert again == second
    assert shown(session, after=again.newer) == first


def test_a_wall_of_gestures_alone_is_one_page(session: Session) -> None:
    for minute in range(3 * SIZE):
        laid(session, minute)
    page = shown(session)
    assert (lines(page), page.older, page.newer) == ({"carnation": 3 * SIZE}, None, None)


def test_a_page_above_the_newest_card_shows_only_what_lies_there(session: Session) -> None:
    laid(session, 0)
    edge = worded(session, 1)
    laid(session, 2, "dove")
    page = shown(session, after=edge)
    assert (cards(page), lines(page)) == ([], {"dove": 1})


def test_filters_hold_for_gestures_too(session: Session) -> None:
    laid(session, 1, "dove", page="az")
    laid(session, 2, "dove", page="ru")
    laid(session, 3, "candle", page="ru")
    laid(session, -60 * 24 * 30, "candle", page="ru")
    assert lines(shown(session, Filters(language="ru"))) == {"dove": 1, "candle": 2}
    assert lines(shown(session, Filters(gesture="dove"))) == {"dove": 2}
    assert lines(shown(session, Filters(year=2025))) == {"candle": 1}


def test_a_gesture_that_gains_words_moves_from_the_line_to_a_card(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, gesture="dove", words="")
    step(session, tribute, Action.AMEND, AT + timedelta(hours=1))
    assert lines(shown(session)) == {"dove": 1}
    step(session, tribute, Action.APPROVE, AT + timedelta(hours=2))
    page = shown(session)
    assert (cards(page), lines(page)) == ([tribute.public_id], {})
