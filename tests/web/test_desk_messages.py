"""The keepers' room of mail: what waits, what failed and why, sending again; and never an address in full."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.cast import Cast, a_tribute, token
from tests.web.steps import main_of, press
from tribute.domain import ids
from tribute.domain.lifecycle import Status
from tribute.domain.mail import Failure, Mail, Notice, State
from tribute.extensions import db, now
from tribute.models import Message, Person
from tribute.services import outbox
from tribute.web.words import FAILURES, MAILS

EMAIL = "leyla.m@memorial.example"
ROOM = "/desk/messages"


def failed(app: Flask, failure: Failure = Failure.REFUSED, number: int = 550) -> str:
    """A mail to an author that failed for good; its public id."""
    with app.app_context():
        a_tribute(app, Status.PENDING, email=EMAIL, at=now())
        claimed = outbox.claim(db.session(), now())
        assert claimed
        outbox.failed(db.session(), claimed, failure, number, now(), final=True)
        db.session.commit()
        return ids.encode(claimed.id)


def test_it_says_where_mail_goes(app: Flask, cast: Cast) -> None:
    page = main_of(cast.keeper.get(ROOM))
    assert "nothing leaves this machine" in page
    assert "Nothing failed." in page
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(update={"mail_url": "smtps://user:secret@relay.example"})
    page = cast.keeper.get(ROOM).text
    assert "relay.example:465" in page
    assert "secret" not in page


def test_it_says_what_failed_and_why_and_to_whom_without_the_address(app: Flask, cast: Cast) -> None:
    failed(app)
    page = main_of(cast.keeper.get(ROOM))
    assert "Request to confirm an address" in page
    assert "The mail server refused this address or this mail." in page
    assert "550" in page
    assert "l…@memorial.example" in page
    assert EMAIL not in cast.keeper.get(ROOM).text


def test_what_failed_is_sent_again_once(app: Flask, cast: Cast) -> None:
    public_id = failed(app)
    assert press(cast.keeper, f"{ROOM}/{public_id}/again").status_code == 303
    assert "It is sent again within a minute." in cast.keeper.get(ROOM).text
    with app.app_context():
        assert db.session.scalars(select(Message.state)).all() == [State.WAITING]
    assert press(cast.keeper, f"{ROOM}/{public_id}/again").status_code == 409


def test_what_waits_too_long_is_said(app: Flask, cast: Cast) -> None:
    with app.app_context():
        a_tribute(app, Status.PENDING, email=EMAIL)  # an hour ago
    page = main_of(cast.keeper.get(ROOM))
    assert "Somebody should look whether the worker runs." in page
    result = app.test_cli_runner().invoke(args=["tribute", "check"])
    assert "T050" in result.output
    failed(app)
    assert "T051" in app.test_cli_runner().invoke(args=["tribute", "check"]).output


def test_a_moderator_and_a_visitor_do_not_see_it(app: Flask, cast: Cast) -> None:
    public_id = failed(app)
    assert cast.moderator.get(ROOM).status_code == 403
    assert press(cast.moderator, f"{ROOM}/{public_id}/again").status_code == 403
    assert ROOM not in cast.moderator.get("/desk/").text
    assert ROOM in cast.keeper.get("/desk/").text


def test_every_mail_and_every_failure_has_its_words() -> None:
    assert set(MAILS) == set(Mail)
    assert set(FAILURES) == set(Failure)


@pytest.mark.parametrize("notice", Notice)
def test_somebody_chooses_what_is_mailed_to_them(app: Flask, cast: Cast, notice: Notice) -> None:
    moderator = cast.moderator
    page = moderator.get("/desk/you")
    assert "links to decide by, without signing in" in page.text
    data = {"csrf_token": token(page), "notice": notice, "notice_hours": "6", "notice_alone": "1", "letters": "1"}
    assert moderator.post("/desk/you", data=data).status_code == 303
    with app.app_context():
        person = db.session.scalars(select(Person)).one()
        assert (person.notice, person.notice_hours, person.notice_alone) == (notice, 6, True)
    kept = moderator.get("/desk/you").text
    assert f'id="notice-{notice or "none"}" checked' in " ".join(kept.split())


def test_what_nobody_offered_changes_nothing(app: Flask, cast: Cast) -> None:
    moderator = cast.moderator
    with app.app_context():
        db.session.execute(update(Person).values(notice=Notice.DAILY, notice_hours=12))
        db.session.commit()
    data = {"csrf_token": token(moderator.get("/desk/you")), "notice": "always", "notice_hours": "-5"}
    assert moderator.post("/desk/you", data=data).status_code == 303
    with app.app_context():
        person = db.session.scalars(select(Person)).one()
        assert (person.notice, person.notice_hours) == (Notice.DAILY, 12)


def test_a_keeper_is_told_that_their_mail_has_no_such_links(cast: Cast) -> None:
    assert "Your account decides at the desk only" in cast.keeper.get("/desk/you").text
