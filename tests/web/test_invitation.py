"""The link that makes an account: once, within a day, with nothing typed lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, Cast, token
from tests.page import PageClient
from tests.web.steps import main_of, press
from tests.web.test_account import EMAIL, sign_in
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.services import invitations


def invitation(app: Flask, role: Role = Role.KEEPER) -> str:
    """The address of a new link."""
    with app.app_context():
        made = invitations.print_link(db.session(), role, now())
        db.session.commit()
        return f"/account/invitation/{made}"


def accept(client: PageClient, path: str, **fields: str) -> TestResponse:
    """Fill in the page that a link leads to."""
    page = client.get(path)
    said = {"name": "Aytən", "email": "ayten@memorial.example", "password": PASSWORD, "password_confirm": PASSWORD}
    return client.post(path, data={"csrf_token": token(page)} | said | fields)


def test_a_link_makes_one_account_and_works_once(app: Flask, cast: Cast) -> None:
    path, second = invitation(app), cast.client()
    answer = accept(cast.visitor, path)
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert cast.visitor.get("/desk/cases/").status_code == 200
    assert second.get(path).status_code == 404
    assert press(second, path, name="Other", email="other@memorial.example").status_code == 404
    assert sign_in(second, "ayten@memorial.example").status_code == 302


def test_a_link_ends_after_24_hours_and_when_another_is_made(app: Flask, cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 1, 20, 8, tzinfo=UTC), tick=False) as clock:
        first, other_role = invitation(app), invitation(app, Role.MODERATOR)
        path = invitation(app)
        assert cast.visitor.get(first).status_code == 404
        assert cast.visitor.get(other_role).status_code == 200
        clock.shift(timedelta(hours=24))
        assert cast.visitor.get(path).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert cast.visitor.get(path).status_code == 404


def test_what_is_wrong_with_an_account_is_said_and_the_link_still_works(app: Flask, cast: Cast) -> None:
    cast.person(Role.MODERATOR, "Rəna", EMAIL)
    path = invitation(app)
    for fields, said in (({"name": ""}, "Please enter your name."), ({"email": "x"}, "This is not an email address"),
                         ({"password": "short"}, "at least 10 characters"), ({"password_confirm": "x"}, "not the same"),
                         ({"password": "password123"}, "on lists of known ones"),
                         ({"email": EMAIL.upper()}, "This address already has an account.")):  # fmt: skip
        answer = accept(cast.visitor, path, **fields)
        assert answer.status_code == 422
        assert said in main_of(answer)
        assert PASSWORD not in answer.text
        assert 'value="Aytən"' in answer.text or "name" in fields
    assert accept(cast.visitor, path).status_code == 303
