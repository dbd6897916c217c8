"""Who may open what."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import Cast
from tests.page import PageClient
from tests.web.steps import press
from tribute.domain.errors import Forbidden
from tribute.domain.permissions import Permission, Role
from tribute.extensions import db
from tribute.models import Person
from tribute.web.access import requires, this_person


def test_what_a_view_asks_for_can_be_read_from_it() -> None:
    @requires(Permission.REMOVE)
    def view() -> str:
        return "let in"

    assert view.permission is Permission.REMOVE  # type: ignore[attr-defined]  # `requires` gives it


def test_nobody_is_nobody(app: Flask) -> None:
    with app.test_request_context("/desk/"), pytest.raises(Forbidden):
        this_person()


def test_an_outsider_with_a_forged_session_is_asked_to_sign_in(app: Flask, cast: Cast) -> None:
    client: PageClient = cast.client()
    for forged in ("", "x", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb"):
        client.set_cookie("session", forged)
        assert client.get("/desk/").location == "/account/login?next=/desk/"


def test_a_role_taken_away_holds_from_the_next_page_on(app: Flask, cast: Cast) -> None:
    assert cast.keeper.get("/desk/cases/").status_code == 200
    with app.app_context():
        db.session.execute(db.update(Person).values(role=Role.MODERATOR))
        db.session.commit()
    assert cast.keeper.get("/desk/cases/").status_code == 403
    assert cast.keeper.get("/desk/").status_code == 200


def test_an_account_that_is_gone_lets_nobody_in(app: Flask, cast: Cast) -> None:
    assert cast.moderator.get("/desk/").status_code == 200
    with app.app_context():
        db.session.execute(db.delete(Person))
        db.session.commit()
    assert cast.moderator.get("/desk/").status_code == 302
    assert press(cast.moderator, "/desk/language", language="ru").status_code == 302
