"""Several moderators at the same moment: claims, batches, opinions, and taking back."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.races import Act, together
from tests.services.test_races import LATER, decides, rows_of, sent, whole
from tribute.domain import ids
from tribute.domain.errors import Conflict, IllegalAction
from tribute.domain.lifecycle import Action
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.models import Batch, Claim, Person, Tribute
from tribute.services import batches, desk, tributes
from tribute.services.batches import Chosen, Outcome
from tribute.services.desk import Order

ROUNDS = 4


def someone(number: int) -> Person:
    """A moderator, as a session knows them."""
    return Person(id=number, role=Role.MODERATOR, name="", email="", reads=[])


def claims(person: int) -> Act:
    """Take the next ten."""
    return lambda session: desk.take_next(session, someone(person), LATER)


def as_batch(person: int, *keys: int) -> Act:
    """Mark them as spam as one, on the version as it was sent."""

    def act(session: Session) -> Outcome:
        order = Order(Action.SPAM, 0)
        batch = batches.begin(session, order, someone(person), LATER)
        return batches.carry_out(session, batch, [Chosen(key, 1) for key in keys], order, someone(person), LATER)

    return act


def test_two_who_claim_at_once_read_different_ones(app: Flask) -> None:
    keys = [sent(app) for _ in range(15)]
    taken = together(app, claims(1), claims(2))
    assert sorted(str(each) for each in taken) == ["10", "5"]
    with app.app_context():
        found = list(db.session.scalars(select(Claim.tribute_id)))
    assert sorted(found) == sorted(keys)


def test_a_batch_and_a_single_decision_meet_and_each_tribute_is_decided_once(app: Flask) -> None:
    for _ in range(ROUNDS):
        keys = [sent(app) for _ in range(3)]
        outcome, single = together(app, as_batch(1, *keys), decides(keys[1], Action.APPROVE, 2))
        assert isinstance(outcome, Outcome)
        assert (outcome.left == 1) != isinstance(single, Conflict)
        assert all(len(rows_of(app, key)) == 1 for key in keys)
    whole(app)


def test_two_batches_over_the_same_tributes_share_them(app: Flask) -> None:
    keys = [sent(app) for _ in range(6)]
    one, other = together(app, as_batch(1, *keys), as_batch(2, *reversed(keys)))
    assert isinstance(one, Outcome)
    assert isinstance(other, Outcome)
    assert one.done + other.done == 6
    assert all(len(rows_of(app, key)) == 1 for key in keys)
    whole(app)


def test_taking_back_meets_anothers_decision(app: Flask) -> None:
    for _ in range(ROUNDS):
        key = sent(app)
        together(app, decides(key, Action.APPROVE, 1))

        def undoes(session: Session, key: int = key) -> str:
            found = tributes.by_id(session, key)
            desk.decide(session, found, Order(Action.UNDO, 2), someone(1), LATER)
            return "undo"

        def hides(session: Session, key: int = key) -> str:
            desk.decide(session, tributes.by_id(session, key), Order(Action.HIDE, 2), someone(2), LATER)
            return "hide"

        came_to = together(app, undoes, hides)
        assert len([each for each in came_to if isinstance(each, str)]) == 1, came_to
        assert all(isinstance(each, str | Conflict | IllegalAction) for each in came_to)
    whole(app)


def test_two_who_would_publish_the_same_hateful_words_publish_them_once(app: Flask) -> None:
    with app.app_context():
        for number in (1, 2):
            db.session.add(
                Person(id=number, email=f"{number}@memorial.example", name=str(number), password="", active=True,
                       fs_uniquifier=str(number), role=Role.MODERATOR, language="en", created_at=LATER)
            )  # fmt: skip
        db.session.commit()
    for _ in range(ROUNDS):
        key = sent(app)
        with app.app_context():
            row = db.session.get_one(Tribute, key)
            db.session.execute(
                db.text("UPDATE triage SET verdict = 'hateful' WHERE revision_id = :id"),
                {"id": row.waiting_revision_id},
            )
            db.session.commit()
        together(app, decides(key, Action.APPROVE, 1), decides(key, Action.APPROVE, 2))
        said = sorted(action for _version, action in rows_of(app, key))
        assert [action.split(" by ")[0] for action in said] == ["approve", "would-approve"]
        with app.app_context():
            assert db.session.get_one(Tribute, key).status == "approved"
    whole(app)


def test_ids_of_batches_do_not_meet(app: Flask) -> None:
    keys = [sent(app) for _ in range(2)]
    together(app, as_batch(1, keys[0]), as_batch(2, keys[1]))
    with app.app_context():
        assert len({ids.encode(batch.id) for batch in db.session.scalars(select(Batch))}) == 2
