"""What else came by the same confirmed email, or today from the same address; and what is kept of an address."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.services.acts import AT, EMAIL_KEYS, KEEPER, MODERATOR, decided, filled_in, memorial, sent, step
from tribute.domain.lifecycle import Action
from tribute.domain.reasons import Ground
from tribute.models import Sender, Tribute
from tribute.services import authors, desk, desk_cards, kin
from tribute.services.desk import Listed
from tribute.services.desk_cards import DeskCard
from tribute.services.kin import ALONE, MOST_COUNTED, NEWEST, Numbers

MINUTE = timedelta(minutes=1)
EMAIL = "leyla@memorial.example"
HERE, THERE = "the hash of one address", "the hash of another"


def came(session: Session, minutes: int, sender: str = HERE, **fields: str) -> Tribute:
    """A tribute from an address."""
    at, key = AT + minutes * MINUTE, f"from {sender} {minutes}".encode()
    return authors.submit(session, memorial(session), filled_in(**fields), key, at, EMAIL_KEYS, sender=sender)


def confirmed(session: Session, minutes: int) -> Tribute:
    """A tribute whose email was confirmed."""
    tribute = sent(session, AT + minutes * MINUTE, email=EMAIL)
    tribute.email_confirmed_at = AT
    session.flush()
    return tribute


def test_only_a_confirmed_email_tells_what_else_came_by_it(session: Session) -> None:
    first, second = confirmed(session, 0), confirmed(session, 1)
    unconfirmed = sent(session, AT + 2 * MINUTE, email=EMAIL)
    sent(session, AT + 3 * MINUTE, email="other@memorial.example")
    assert kin.by_email(session, first) == (1, [second])
    assert kin.by_email(session, unconfirmed) == (0, [])
    assert kin.numbers(session, [first, second, unconfirmed], AT) == {
        first.id: Numbers(1, 0), second.id: Numbers(1, 0),
    }  # fmt: skip


def test_what_came_from_the_same_address_is_known_for_the_day(session: Session) -> None:
    first, second, elsewhere = came(session, 0), came(session, 1), came(session, 2, THERE)
    nowhere = came(session, 3, "")
    assert kin.by_address(session, first, AT + 5 * MINUTE) == (1, [second])
    assert kin.by_address(session, elsewhere, AT) == (0, [])
    assert kin.numbers(session, [first, elsewhere, nowhere], AT) == {first.id: Numbers(0, 1), elsewhere.id: ALONE}
    tomorrow = AT + timedelta(days=1)
    assert kin.by_address(session, first, tomorrow) == (0, [])
    assert kin.numbers(session, [first, second], tomorrow) == {}


def test_after_the_day_nothing_of_an_address_remains_once_another_comes(session: Session) -> None:
    came(session, 0)
    came(session, 1, THERE)
    assert len(session.scalars(select(Sender)).all()) == 2
    late = came(session, 60 * 24)
    assert [(row.tribute_id, row.day) for row in session.scalars(select(Sender))] == [(late.id, "2026-01-21")]
    came(session, 60 * 48, "")
    assert not session.scalars(select(Sender)).all()


def test_the_same_form_twice_is_noted_once(session: Session) -> None:
    assert came(session, 0) is came(session, 0)
    assert len(session.scalars(select(Sender)).all()) == 1


def test_erasing_a_tribute_takes_what_was_noted_of_its_address_with_it(session: Session) -> None:
    tribute, other = came(session, 0), came(session, 1)
    decided(session, tribute, Action.REMOVE, AT + 5 * MINUTE, KEEPER, Ground.LAW)
    assert list(session.scalars(select(Sender.tribute_id))) == [other.id]


def test_the_newest_are_named_and_the_rest_are_counted_to_a_bound(session: Session) -> None:
    made = [came(session, n) for n in range(MOST_COUNTED + 5)]
    found = kin.by_address(session, made[0], AT)
    assert (found.number, found.newest) == (MOST_COUNTED + 1, made[: -NEWEST - 1 : -1])
    assert kin.numbers(session, made[:1], AT)[made[0].id] == Numbers(0, MOST_COUNTED + 1)


def test_the_queue_tells_it_with_the_same_number_of_queries_however_many_there_are(session: Session) -> None:
    counted: list[str] = []

    def asked(conn: object, cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    numbers: list[int] = []
    items: list[DeskCard] = []
    for minutes in (0, 10):
        for n in range(3):
            came(session, minutes + n)
            confirmed(session, minutes + n)
        session.commit()
        event.listen(session.get_bind(), "before_cursor_execute", asked)
        items = desk.queue(session, MODERATOR, Listed(), at=AT).items
        event.remove(session.get_bind(), "before_cursor_execute", asked)
        numbers.append(len(counted))
        counted.clear()
    assert numbers[0] == numbers[1]
    assert {item.kin for item in items} == {Numbers(5, 0), Numbers(0, 5)}


def test_the_preview_is_of_what_waits_and_of_nothing_else(session: Session) -> None:
    tribute = sent(session, words="As it was")
    preview = desk_cards.preview(session, tribute)
    assert preview is not None
    assert (preview.html, preview.at) == ("<p>As it was</p>", AT)
    decided(session, tribute, Action.APPROVE, AT + MINUTE)
    assert desk_cards.preview(session, tribute) is None
    step(session, tribute, Action.AMEND, AT + 2 * MINUTE)
    preview = desk_cards.preview(session, tribute)
    assert preview is not None
    assert "Other words" in preview.html
