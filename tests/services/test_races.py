"""Two people at the same tribute at the same moment: one is first, and the other is told so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.cast import a_tribute
from tests.services.races import Act, queued, together
from tribute.domain import ids
from tribute.domain.errors import Conflict
from tribute.domain.lifecycle import Action, Status
from tribute.domain.permissions import Role
from tribute.domain.reasons import Ground, Reason
from tribute.extensions import db
from tribute.models import Decision, Person, Tribute
from tribute.services import authors, counts, decisions, desk, redaction, tributes
from tribute.services.desk import Order
from tribute.services.tributes import Written

AT = datetime(2026, 1, 20, 9, tzinfo=UTC)
LATER = AT + timedelta(minutes=20)
ROUNDS = 4  # pairs raced one after another, so that either may come first
Race = Callable[[Flask, int], list[object]]


def decides(tribute_id: int, action: Action, person: int, reason: str = "", seen: int = 1) -> Act:
    """A moderator decides on the version as it was sent, unless another is named."""

    def act(session: Session) -> str:
        who = Person(id=person, role=Role.KEEPER, name="", email="")
        desk.decide(session, tributes.by_id(session, tribute_id), Order(action, seen, reason), who, LATER)
        return f"{action} by {person}"

    return act


def withdraws(tribute_id: int) -> Act:
    """The author withdraws it."""

    def act(session: Session) -> str:
        authors.withdraw(session, tributes.by_id(session, tribute_id), LATER, 1)
        return "withdraw by None"

    return act


def amends(tribute_id: int) -> Act:
    """The author sends other words."""

    def act(session: Session) -> str:
        authors.amend(
            session, tributes.by_id(session, tribute_id), LATER, 1, Written("Daniel M.", "Leeds", "Other words.", "en")
        )
        return "amend by None"

    return act


def redacts(tribute_id: int, person: int) -> Act:
    """A moderator leaves something out of the version as it was sent."""

    def act(session: Session) -> str:
        who, tribute = Person(id=person, role=Role.MODERATOR, name="", email=""), tributes.by_id(session, tribute_id)
        revision = redaction.successor(session, tribute, 1, ["silence"], LATER)
        desk.decide(session, tribute, Order(Action.REDACT, 1, Reason.PRIVATE_PERSON, "", revision), who, LATER)
        return f"redact by {person}"

    return act


def sent(app: Flask) -> int:
    """A tribute that waits."""
    with app.app_context():
        return ids.decode(a_tribute(app, Status.PENDING, at=AT)) or 0


def rows_of(app: Flask, tribute_id: int) -> list[tuple[int, str]]:
    """What the log says was done to it after the sending."""
    with app.app_context():
        rows = decisions.history(db.session(), tribute_id)
        return [(row.version, f"{row.action} by {row.person_id}") for row, _ in rows][1:]


def others(tribute_id: int) -> list[Act]:
    """What may come between a moderator and their decision."""
    return [
        decides(tribute_id, Action.DECLINE, 2, "off_topic"), decides(tribute_id, Action.APPROVE, 2),
        withdraws(tribute_id), amends(tribute_id), decides(tribute_id, Action.REMOVE, 2, Ground.FAMILY),
        redacts(tribute_id, 2),
    ]  # fmt: skip


OTHERS = ["decline", "approve", "withdraw", "amend", "remove", "redact"]


@pytest.mark.parametrize("mine", ["approve", "redact"])
@pytest.mark.parametrize("other", range(len(OTHERS)), ids=OTHERS)
def test_of_two_at_once_one_is_first_and_the_other_hears_who_was(app: Flask, mine: str, other: int) -> None:
    for _ in range(ROUNDS):
        tribute_id = sent(app)
        first = redacts(tribute_id, 1) if mine == "redact" else decides(tribute_id, Action.APPROVE, 1)
        came_to = together(app, first, others(tribute_id)[other])
        won = [result for result in came_to if isinstance(result, str)]
        lost = [result for result in came_to if isinstance(result, Conflict)]
        assert (len(won), len(lost)) == (1, 1), came_to
        assert f"{lost[0].action} by {lost[0].person_id}" == won[0]
        assert lost[0].at == LATER
        assert rows_of(app, tribute_id) == [(2, won[0])]
    whole(app)


@pytest.mark.parametrize("first", ["remove", "amend"])
def test_an_author_who_mends_while_a_keeper_removes_stops_nobody(app: Flask, first: str) -> None:
    tribute_id = sent(app)
    acts = [decides(tribute_id, Action.REMOVE, 2, Ground.FAMILY), amends(tribute_id)]
    came_to = queued(app, *(acts if first == "remove" else reversed(acts)))
    assert sorted(type(result).__name__ for result in came_to) == ["Conflict", "str"]
    whole(app)
    with app.app_context():
        if db.session.get_one(Tribute, tribute_id).status == Status.REMOVED:
            revisions = db.session.execute(db.text("SELECT name, words, html FROM revision")).all()
            assert set(revisions) == {("", "", "")}


def test_a_withdrawal_sent_twice_is_one(app: Flask) -> None:
    tribute_id = sent(app)
    came_to = together(app, withdraws(tribute_id), withdraws(tribute_id))
    assert sorted(type(result).__name__ for result in came_to) == ["Conflict", "str"]
    assert rows_of(app, tribute_id) == [(2, "withdraw by None")]


def test_what_four_keepers_remove_at_once_is_removed_once(app: Flask) -> None:
    tribute_id = sent(app)
    came_to = together(app, *(decides(tribute_id, Action.REMOVE, person, Ground.LAW) for person in range(1, 5)))
    assert sorted(type(result).__name__ for result in came_to) == ["Conflict", "Conflict", "Conflict", "str"]
    assert len(rows_of(app, tribute_id)) == 1


def whole(app: Flask) -> None:
    """The log is unbroken and without gap, and the counts are right."""
    with app.app_context():
        session = db.session()
        assert decisions.broken_row(session) is None
        numbers = list(session.scalars(db.select(Decision.number).order_by(Decision.number)))
        assert numbers == list(range(1, len(numbers) + 1))
        assert counts.kept(session) == counts.recount(session)
