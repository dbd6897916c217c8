"""Many people sending at once, and one form sent twice at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.services.races import Act, queued, together
from tests.services.test_races import whole
from tribute.domain.errors import KeyReused
from tribute.domain.permissions import Role
from tribute.domain.reasons import CaseKind
from tribute.extensions import db
from tribute.models import Case, Decision, Tribute
from tribute.services import authors, cases, invitations, memorials, people
from tribute.services.authors import Submission

AT = datetime(2026, 1, 20, 9, tzinfo=UTC)
KEYS = (b"an email key for the tests alone",)
CROWD = 12


def sends(words: str, key: bytes, at: datetime = AT) -> Act:
    """Somebody sends words under a form's key; gives back the tribute's id."""

    def act(session: Session) -> int:
        submission = Submission("Daniel M.", "Leeds", words, "candle", "daniel@memorial.example", "en", "1")
        return authors.submit(session, memorials.by_slug(session, "20-january"), submission, key, at, KEYS).id

    return act


def number_of(app: Flask, table: type[Tribute] | type[Case] | type[Decision]) -> int:
    """How many rows a table holds."""
    with app.app_context():
        return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_form_sent_twice_at_once_is_one_tribute_and_both_get_its_receipt(app: Flask) -> None:
    came_to = together(app, *[sends("I remember.", b"one form")] * 4)
    assert len(set(came_to)) == 1, came_to
    assert isinstance(came_to[0], int)
    assert (number_of(app, Tribute), number_of(app, Decision)) == (1, 1)
    whole(app)


def test_a_form_sent_again_while_the_first_sending_is_under_way_is_one_tribute(app: Flask) -> None:
    came_to = queued(app, sends("I remember.", b"one form"), sends("I remember.", b"one form"))
    assert len(set(came_to)) == 1, came_to
    assert (number_of(app, Tribute), number_of(app, Decision)) == (1, 1)
    whole(app)


def test_of_two_texts_under_one_key_the_first_is_kept_and_the_other_is_told(app: Flask) -> None:
    came_to = queued(app, sends("I remember.", b"one form"), sends("Other words.", b"one form"))
    assert sorted(type(result).__name__ for result in came_to) == ["KeyReused", "int"]
    assert any(isinstance(result, KeyReused) for result in came_to)
    assert number_of(app, Tribute) == 1
    whole(app)


def test_a_crowd_at_once_is_taken_in_whole_and_the_log_has_no_gap(app: Flask) -> None:
    acts = [sends(f"Words of {n}.", b"form %d" % n, AT + timedelta(seconds=n)) for n in range(CROWD)]
    came_to = together(app, *acts)
    assert len(set(came_to)) == CROWD
    assert (number_of(app, Tribute), number_of(app, Decision)) == (CROWD, CROWD)
    whole(app)


def test_a_message_to_the_keepers_sent_twice_at_once_is_one_case(app: Flask) -> None:
    def opens(session: Session) -> int:
        said = (CaseKind.OTHER, "en", "Daniel M.", "", "Please call me.")
        return cases.open_case(session, b"one form", *said, AT, KEYS).number

    assert len(set(together(app, *[opens] * 4))) == 1
    assert number_of(app, Case) == 1


def test_an_invitation_opened_twice_at_once_makes_one_account(app: Flask) -> None:
    with app.app_context():
        token = invitations.print_link(db.session(), Role.KEEPER, AT)
        db.session.commit()

    def accepts(email: str) -> Act:
        return lambda session: invitations.accept(session, token, email, "Leyla", "a hash", "en", AT).email

    addresses = [f"leyla{number}@memorial.example" for number in range(4)]
    came_to = together(app, *[accepts(address) for address in addresses])
    assert sorted(type(result).__name__ for result in came_to) == ["NotFound"] * 3 + ["str"]
    with app.app_context():
        assert [person.email for person in people.every(db.session())] == [r for r in came_to if isinstance(r, str)]
