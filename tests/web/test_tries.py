"""Guessing ends, nobody is locked out by it, and nobody learns whose address it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

import pytest
from flask import Flask
from limits import parse
from sqlalchemy import select

from tests.cast import PASSWORD, Cast, token
from tests.page import PageClient
from tests.web.second_step import give_code, give_password, set_up_app
from tests.web.steps import main_of, press
from tribute.app import create_app
from tribute.config import Settings
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.mail.letters import LETTERS
from tribute.models import Message
from tribute.web import tries

EMAIL = "rena@memorial.example"


@pytest.fixture
def guarded(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """The site with its limits, at numbers that a test reaches quickly; their meaning is the same."""
    for name, number in (("PASSWORDS", 2), ("ADDRESS", 4), ("ACCOUNT", 5), ("CODES", 2), ("RESETS", 2)):
        monkeypatch.setattr(tries, name, parse(f"{number} per 10 minutes"))
    app = create_app(settings.model_copy(update={"limits": True}), TESTING=True)
    cast = Cast(app)
    cast.person(Role.MODERATOR, "Rəna", EMAIL)
    yield cast
    with app.app_context():
        db.engine.dispose()


def at(client: PageClient, address: str) -> PageClient:
    """The same browser at an address."""
    client.environ_base["REMOTE_ADDR"] = address
    return client


def test_who_guesses_waits_and_who_signs_in_elsewhere_does_not(guarded: Cast) -> None:
    here, there = at(guarded.client(), "203.0.113.1"), at(guarded.client(), "203.0.113.2")
    assert [give_password(here, EMAIL, "wrong").status_code for _each in range(3)] == [200, 200, 429]
    refused = give_password(here, EMAIL)
    assert refused.status_code == 429, "also with the right one: otherwise the answer would tell"
    assert 0 < int(refused.headers["Retry-After"]) <= 600
    assert "Please try again in" in main_of(refused)
    assert give_password(there, EMAIL).status_code == 302


def test_guessing_from_many_addresses_slows_new_devices_and_no_known_one(guarded: Cast) -> None:
    known = at(guarded.client(), "198.51.100.1")
    assert give_password(known, EMAIL).status_code == 302
    press(known, "/account/logout")
    told = [give_password(at(guarded.client(), f"203.0.113.{n}"), EMAIL, "wrong").status_code for n in range(7)]
    assert told == [200] * 5 + [429] * 2
    assert give_password(at(guarded.client(), "198.51.100.9"), EMAIL).status_code == 429
    assert give_password(at(known, "203.0.113.1"), EMAIL).status_code == 302, "wherever that device is now"


def test_a_school_whose_address_is_spent_does_not_keep_a_known_device_out(guarded: Cast) -> None:
    known = at(guarded.client(), "203.0.113.1")
    give_password(known, EMAIL)
    press(known, "/account/logout")
    for number in range(5):
        give_password(at(guarded.client(), "203.0.113.1"), f"{number}@memorial.example", "wrong")
    assert give_password(at(guarded.client(), "203.0.113.1"), EMAIL).status_code == 429
    assert give_password(known, EMAIL).status_code == 302


def test_a_known_device_counts_by_itself(guarded: Cast) -> None:
    known = guarded.client()
    give_password(known, EMAIL)
    press(known, "/account/logout")
    assert [give_password(known, EMAIL, "wrong").status_code for _each in range(3)] == [200, 200, 429]


def test_a_cookie_that_was_made_up_makes_no_device_known(guarded: Cast) -> None:
    client = guarded.client()
    client.set_cookie("known", "WyJhIixbImIiXV0.aaaa.bbbb", path="/account")
    assert [give_password(client, EMAIL, "wrong").status_code for _each in range(3)] == [200, 200, 429]


def test_the_cookie_is_out_of_reach_and_names_nobody(guarded: Cast) -> None:
    answer = give_password(guarded.client(), EMAIL)
    found = next(cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("known="))
    assert "HttpOnly" in found
    assert "Path=/;" in f"{found};"
    assert "SameSite=Lax" in found
    assert "rena" not in found


def test_guessing_codes_ends(guarded: Cast) -> None:
    signed_in = guarded.client()
    give_password(signed_in, EMAIL)
    set_up_app(signed_in)
    thief = at(guarded.client(), "203.0.113.9")
    give_password(thief, EMAIL)
    assert [give_code(thief, "000000").status_code for _each in range(3)] == [200, 200, 429]


def test_known_and_unknown_addresses_get_the_same_answer_in_the_same_time(cast: Cast) -> None:
    cast.person(Role.MODERATOR, "Rəna", EMAIL)
    told: dict[str, set[str]] = {}
    spent: dict[str, list[float]] = {EMAIL: [], "nobody@memorial.example": []}
    for email in list(spent) * 9:
        page = cast.visitor.get("/account/login")
        data = {"email": email, "password": "wrong and long", "csrf_token": token(page)}
        before = time.thread_time()
        answer = cast.visitor.post("/account/login", data=data)
        spent[email].append(time.thread_time() - before)
        told.setdefault(email, set()).add(main_of(answer))
    assert len(set.union(*told.values())) == 1
    known, unknown = (median(times) for times in spent.values())
    assert 0.6 < known / unknown < 1.7, (known, unknown)


def test_a_forgotten_password_gets_one_answer_and_one_row_whatever_is_typed(app: Flask, cast: Cast) -> None:
    cast.person(Role.MODERATOR, "Rəna", EMAIL)
    said = []
    for email in (EMAIL, "nobody@memorial.example", EMAIL.upper()):
        answer = press(cast.visitor, "/account/reset", email=email)
        assert (answer.status_code, answer.location) == (303, "/account/reset?sent=1")
        said.append(main_of(cast.visitor.get(answer.location)))
    assert len(set(said)) == 1
    with app.app_context():
        rows = db.session.scalars(select(Message).order_by(Message.id)).all()
        assert [row.kind for row in rows] == ["new_password"] * 3
        with app.test_request_context():
            letters = [LETTERS[row.kind](db.session(), row) for row in rows]
    assert [letter.to if letter else None for letter in letters] == [EMAIL, None, EMAIL], "the worker alone looks"


def test_a_link_to_a_new_password_works_once_for_an_hour(app: Flask, cast: Cast) -> None:
    cast.person(Role.MODERATOR, "Rəna", EMAIL)
    press(cast.visitor, "/account/reset", email=EMAIL)
    with app.app_context(), app.test_request_context():
        row = db.session.scalars(select(Message)).one()
        letter = LETTERS[row.kind](db.session(), row)
    assert letter
    path = letter.given["url"].removeprefix(app.config["BASE_URL"])
    new = {"password": "yeni şifrəm 2026", "password_confirm": "yeni şifrəm 2026"}
    known = dict.fromkeys(new, "password123")
    assert "on lists of known ones" in main_of(press(cast.visitor, path, **known))
    assert press(cast.visitor, path, **new).location == "/account/login"
    assert press(cast.visitor, path, **new).location == "/account/reset"
    assert give_password(cast.client(), EMAIL).status_code == 200
    assert give_password(cast.client(), EMAIL, new["password"]).status_code == 302


def test_at_most_three_mails_a_day_go_to_one_address(app: Flask, cast: Cast) -> None:
    for _each in range(5):
        assert press(cast.visitor, "/account/reset", email="somebody@memorial.example").status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(Message)).all()) == 3


def test_asking_for_new_passwords_ends(guarded: Cast) -> None:
    told = [press(guarded.visitor, "/account/reset", email=f"{n}@memorial.example").status_code for n in range(3)]
    assert told == [303, 303, 429]


def test_the_password_is_not_guessed_by_confirming_either(guarded: Cast) -> None:
    client = guarded.client()
    give_password(client, EMAIL)
    page = client.get("/account/verify")
    data = {"password": "wrong", "csrf_token": token(page)}
    assert [client.post("/account/verify", data=data).status_code for _each in range(3)] == [422, 422, 429]
    assert client.post("/account/verify", data=data | {"password": PASSWORD}).status_code == 429
