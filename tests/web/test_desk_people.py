"""The keepers' room for people: the list, inviting by mail, and what is changed of somebody."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, Cast
from tests.page import PageClient
from tests.web.second_step import give_password
from tests.web.steps import contents, main_of, press
from tests.web.test_invitation import accept
from tribute.domain.mail import Mail
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.mail.letter import speaking, write
from tribute.mail.letters import LETTERS
from tribute.models import Message, Person
from tribute.services import decisions

LEYLA = "leyla@memorial.example"
INVITE = "/desk/people/invite"
DEEDS = ("change-role", "close", "reopen", "end-sessions", "reset-factors")


def number_of(app: Flask, email: str) -> int:
    """The number of somebody's page."""
    with app.app_context():
        return db.session.execute(select(Person.id).where(Person.email == email)).scalar_one()


def invite(keeper: PageClient, **fields: object) -> TestResponse:
    """Fill in the form, and send it."""
    return press(keeper, INVITE, **({"email": LEYLA, "role": "moderator", "language": "az", "reads": ["az"]} | fields))


def mailed_link(app: Flask) -> str:
    """The address in the newest invitation that was mailed."""
    with app.app_context():
        message = db.session.scalars(select(Message).where(Message.kind == Mail.INVITATION)).all()[-1]
        db.session.expunge_all()
    with speaking(app, message.language):
        letter = LETTERS[message.kind](db.session(), message)
        assert letter
        found = re.search(r"https?://\S+(/account/invitation/\S+)", write(message.kind, letter).text)
    assert found
    return found.group(1)


def test_the_list_says_who_is_here_and_what_lets_them_in(cast: Cast) -> None:
    cast.person(Role.MODERATOR, "Leyla", LEYLA)
    said = main_of(cast.keeper.get("/desk/people/"))
    assert "Leyla" in said
    assert LEYLA in said
    assert "password alone" in said
    assert "Last seen never" in said
    assert re.search(r"Signs in with password alone Last seen \d+ seconds? ago", said)


def test_a_moderator_is_invited_by_mail_and_makes_the_account_of_that_address(app: Flask, cast: Cast) -> None:
    assert invite(cast.keeper).location == "/desk/people/"
    said = main_of(cast.keeper.get("/desk/people/"))
    assert f"The invitation is on its way to {LEYLA}." in said
    assert "Invited by Aytən." in said
    link = mailed_link(app)
    answer = accept(cast.visitor, link, email="another@memorial.example")
    assert (answer.status_code, answer.location) == (303, "/desk/")
    with app.app_context():
        leyla = db.session.scalars(select(Person).where(Person.email == LEYLA)).one()
        assert (leyla.held, leyla.reads, leyla.language) == (Role.MODERATOR, ["az"], "az")
        assert leyla.signed_in_at
        assert decisions.broken_row(db.session()) is None
    assert cast.client().get(link).status_code == 404
    assert give_password(cast.client(), LEYLA).location == "/desk/"
    assert "Invited by Aytən" in main_of(cast.keeper.get("/desk/people/"))


def test_an_invitation_is_called_off(app: Flask, cast: Cast) -> None:
    invite(cast.keeper)
    link = mailed_link(app)
    action = re.search(r'action="(/desk/people/invitations/\w+/call-off)"', cast.keeper.get("/desk/people/").text)
    assert action
    assert press(cast.keeper, action.group(1)).location == "/desk/people/"
    assert press(cast.keeper, action.group(1)).status_code == 404
    assert cast.visitor.get(link).status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"email": ""}, "Please enter their email address."), ({"email": "x"}, "This is not an email address"),
     ({"email": "KEEPER@memorial.example"}, "This address already has an account."),
     ({"role": "owner"}, "Please choose one of these."), ({"language": "xx"}, "Please choose one of these.")],
)  # fmt: skip
def test_what_is_wrong_with_an_invitation_is_said(cast: Cast, fields: dict[str, str], said: str) -> None:
    answer = invite(cast.keeper, **fields)
    assert answer.status_code == 422
    assert said in main_of(answer)


def test_a_keeper_changes_what_somebody_may_do(app: Flask, cast: Cast) -> None:
    assert cast.moderator.get("/desk/people/").status_code == 403
    page = f"/desk/people/{number_of(app, 'moderator@memorial.example')}/"
    assert press(cast.keeper, f"{page}change-role", role="keeper").location == page
    assert cast.moderator.get("/desk/people/").status_code == 200
    assert press(cast.keeper, f"{page}change-role", role="owner").status_code == 404
    assert "Role changed" in main_of(cast.keeper.get("/desk/log"))
    assert "Moderator → then Keeper" in main_of(cast.keeper.get("/desk/log?what=change-role"))
    assert "Rəna" in main_of(cast.keeper.get("/desk/log?what=change-role"))


def test_a_keeper_signs_somebody_out_closes_and_opens_their_account(app: Flask, cast: Cast) -> None:
    email = "moderator@memorial.example"
    assert cast.moderator.get("/desk/").status_code == 200
    page = f"/desk/people/{number_of(app, email)}/"
    press(cast.keeper, f"{page}end-sessions")
    assert cast.moderator.get("/desk/").status_code == 302
    assert give_password(cast.moderator, email).status_code == 302
    press(cast.keeper, f"{page}close")
    assert cast.moderator.get("/desk/").status_code == 302
    assert give_password(cast.client(), email).status_code == 200
    press(cast.keeper, f"{page}reopen")
    assert give_password(cast.client(), email).status_code == 302


def test_the_last_keeper_stays(app: Flask, cast: Cast) -> None:
    keeper = cast.keeper
    page = f"/desk/people/{number_of(app, 'keeper@memorial.example')}/"
    for deed, fields in (("close", {}), ("change-role", {"role": "moderator"})):
        before = contents(app)
        answer = press(keeper, f"{page}{deed}", **fields)
        assert answer.status_code == 409
        assert "This is the last keeper." in main_of(answer)
        assert contents(app) == before


@pytest.mark.parametrize("deed", DEEDS)
def test_people_are_changed_by_keepers_with_a_token_by_pressing_alone(app: Flask, cast: Cast, deed: str) -> None:
    other = cast.person(Role.MODERATOR, "Leyla", LEYLA)
    address = f"/desk/people/{other}/{deed}"
    assert cast.keeper.get(address).status_code == 405
    assert press(cast.moderator, address).status_code == 403
    assert press(cast.visitor, address).status_code == 302
    before = contents(app)
    assert cast.keeper.post(address, data={"role": "keeper"}).status_code == 400
    assert contents(app) == before
    assert press(cast.keeper, f"/desk/people/{other + 99}/{deed}", role="keeper").status_code == 404
    assert press(cast.keeper, f"/desk/people/{other}/nothing").status_code == 404


def test_changing_people_asks_again_after_ten_minutes_and_keeps_what_was_typed(cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 1, 20, 8, tzinfo=UTC), tick=False) as clock:
        cast.keeper.get("/desk/people/")
        clock.shift(timedelta(minutes=11))
        asked = invite(cast.keeper)
        assert asked.status_code == 403
        assert f'value="{LEYLA}"' in asked.text
        assert invite(cast.keeper, password="wrong").status_code == 422
        assert invite(cast.keeper, password=PASSWORD).location == "/desk/people/"


@pytest.mark.parametrize("language", ["az", "en", "ru", "tr"])
def test_every_mail_to_people_is_whole_in_every_language(app: Flask, cast: Cast, language: str) -> None:
    invite(cast.keeper, language=language)
    press(cast.visitor, "/account/reset", email="keeper@memorial.example")
    press(cast.keeper, f"/desk/people/{number_of(app, 'keeper@memorial.example')}/end-sessions")
    with app.app_context():
        messages = db.session.scalars(select(Message).order_by(Message.id)).all()
        db.session.expunge_all()
    assert [message.kind for message in messages] == ["invitation", "new_password", "account"]
    for message in messages:
        with speaking(app, language):
            letter = LETTERS[message.kind](db.session(), message)
            assert letter
            written = write(message.kind, letter)
        assert "\n" not in written.subject
        assert written.subject in written.html.replace("&#39;", "'")
        assert f'lang="{language}"' in written.html
        assert "/account/" in written.text
