"""People by the command line: roles, closing, opening, and recovering who can get in no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.web.second_step import give_password, set_up_app
from tests.web.steps import press
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.models import Decision, Person
from tribute.services import decisions

EMAIL = "keeper@memorial.example"


def run(app: Flask, *words: str) -> tuple[int, str]:
    """Give a command; its status, and what it says."""
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["tribute", "people", *words])
        return result.exit_code, result.output


def log(app: Flask) -> list[tuple[str, str]]:
    """Who did what, the first first."""
    with app.app_context():
        assert decisions.broken_row(db.session()) is None
        rows = db.session.scalars(select(Decision).order_by(Decision.number))
        return [(row.actor, row.action) for row in rows]


def test_roles_and_accounts_are_changed_and_logged(app: Flask, cast: Cast) -> None:
    cast.person(Role.KEEPER, "Aytən", EMAIL)
    cast.person(Role.MODERATOR, "Leyla", "leyla@memorial.example")
    assert run(app, "role", "Leyla@memorial.example", "keeper") == (0, "leyla@memorial.example is a keeper.\n")
    assert run(app, "close", EMAIL) == (0, f"{EMAIL} can sign in no more.\n")
    assert run(app, "reopen", EMAIL) == (0, f"{EMAIL} can sign in again.\n")
    assert log(app) == [("operator", deed) for deed in ("change-role", "close", "reopen")]


def test_the_last_keeper_stays_and_the_command_says_why(app: Flask, cast: Cast) -> None:
    cast.person(Role.KEEPER, "Aytən", EMAIL)
    for words in (("close", EMAIL), ("role", EMAIL, "moderator")):
        status, said = run(app, *words)
        assert status == 1
        assert "this is the last keeper" in said
    assert log(app) == []


def test_nobody_of_that_address(app: Flask) -> None:
    for command in ("close", "reopen", "recover"):
        assert run(app, command, "nobody@memorial.example") == (1, "Error: nothing of that name is here\n")


def test_a_keeper_who_lost_everything_is_let_in_once_within_an_hour(app: Flask, cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 1, 20, 8, tzinfo=UTC), tick=False) as clock:
        keeper = cast.keeper
        set_up_app(keeper)
        status, said = run(app, "recover", EMAIL)
        assert status == 0
        path = said.strip().removeprefix(app.config["BASE_URL"])
        assert keeper.get("/desk/").status_code == 302, "the sessions are ended"
        new = {"password": "yeni şifrəm 2026", "password_confirm": "yeni şifrəm 2026"}
        clock.shift(timedelta(hours=1, seconds=1))
        assert cast.visitor.get(path).location == "/account/reset"
        _status, said = run(app, "recover", EMAIL)
        path = said.strip().removeprefix(app.config["BASE_URL"])
        assert press(cast.visitor, path, **new).location == "/account/login"
        assert cast.visitor.get(path).location == "/account/reset"
        assert give_password(cast.visitor, EMAIL, new["password"]).location == "/desk/"
    assert ("operator", "recover") in log(app)
    with app.app_context():
        person = db.session.scalars(select(Person)).one()
        assert (person.tf_totp_secret, person.mf_recovery_codes) == (None, None)
