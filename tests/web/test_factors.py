"""A second step after the password: an app's codes, recovery codes, and who must have one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast, token
from tests.page import PageClient
from tests.services.acts import places_of
from tests.web.second_step import begin_app, code_of, give_code, give_password, set_up_app
from tests.web.steps import main_of, press
from tribute.app import create_app
from tribute.config import Settings
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.models import Decision, Message, Person
from tribute.services import decisions, people

EMAIL = "moderator@memorial.example"
THEN = datetime(2026, 1, 20, 8, 0, 5, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that a test moves: codes change every half minute."""
    with time_machine.travel(THEN, tick=False) as traveller:
        yield traveller


def deeds(app: Flask) -> list[str]:
    """What the log holds, the first first."""
    with app.app_context():
        assert decisions.broken_row(db.session()) is None
        return list(db.session.scalars(select(Decision.action).order_by(Decision.number)))


def told(app: Flask) -> list[str]:
    """What people are told of by mail."""
    with app.app_context():
        return [row.values["deed"] for row in db.session.scalars(select(Message).order_by(Message.id))]


def test_an_app_is_set_up_by_a_picture_in_the_page_and_by_hand(app: Flask, cast: Cast, clock: object) -> None:
    secret, action, page = begin_app(cast.moderator)
    assert re.search(r'<svg class="qr"[^>]*role="img"', page.text)
    assert "data:" not in page.text
    assert len(secret) == 32
    wrong = cast.moderator.post(action, data={"code": "000000", "csrf_token": token(page)})
    assert wrong.status_code == 422
    assert secret == "".join(re.findall(r"<code>(\w+)</code>", wrong.text)), "the picture stays as it was"
    right = cast.moderator.post(action, data={"code": f" {code_of(secret)} ", "csrf_token": token(page)})
    assert right.location == "/account/factors"
    assert deeds(app) == ["add-factor"]
    assert told(app) == ["add-factor"]
    with app.app_context():
        assert places_of(db.session(), secret.encode()) == set(), "the secret is kept sealed"


def test_after_the_password_the_code_is_asked_for_and_each_works_once(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    secret = set_up_app(cast.moderator)
    first, second = cast.client(), cast.client()
    assert give_password(first, EMAIL).location.startswith("/account/tf-validate")
    assert first.get("/desk/").status_code == 302, "the password alone opens nothing"
    assert "This code is not right" in main_of(give_code(first, "000000"))
    assert give_code(first, code_of(secret)).location == "/desk/"
    assert first.get("/desk/").status_code == 200
    give_password(second, EMAIL)
    assert give_code(second, code_of(secret)).status_code == 200, "somebody who saw it typed cannot use it too"
    clock.shift(timedelta(seconds=30))
    assert give_code(second, code_of(secret)).status_code == 302
    give_password(third := cast.client(), EMAIL)
    assert give_code(third, code_of(secret, 3)).status_code == 200, "nor one of another time"


def test_a_recovery_code_lets_in_once_however_it_is_typed(
    app: Flask, cast: Cast, clock: time_machine.Traveller
) -> None:
    set_up_app(cast.moderator)
    page = press(cast.moderator, "/account/mf-recovery-codes")
    codes = re.findall(r"<code[^>]*>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</code>", page.text)
    assert len(set(codes)) == 10
    with app.app_context():
        assert places_of(db.session(), codes[0].encode()) == set(), "the codes are kept sealed"
    client = cast.client()
    give_password(client, EMAIL)
    assert "not right" in main_of(give_code(client, "0000-0000-0000", "/account/mf-recovery"))
    typed = codes[0].replace("-", " ").upper()
    assert give_code(client, typed, "/account/mf-recovery").location == "/desk/"
    assert "9 recovery codes are left." in main_of(client.get("/desk/"))
    again = cast.client()
    give_password(again, EMAIL)
    assert give_code(again, typed, "/account/mf-recovery").status_code == 200
    assert deeds(app) == ["add-factor", "new-recovery-codes", "use-recovery-code"]
    assert sorted(told(app)) == ["add-factor", "new-recovery-codes", "use-recovery-code"]
    shown = cast.moderator.get("/account/mf-recovery-codes?show_codes=1").text
    assert codes[0] not in shown
    assert codes[1] in shown


def test_an_app_can_be_given_up(app: Flask, cast: Cast, clock: object) -> None:
    set_up_app(cast.moderator)
    assert press(cast.moderator, "/account/tf-setup", setup="disable").status_code == 302
    assert give_password(cast.client(), EMAIL).location == "/desk/"
    assert deeds(app) == ["add-factor", "take-factor"]


def test_the_second_step_begins_with_the_password(cast: Cast) -> None:
    for path in ("/account/tf-validate", "/account/mf-recovery", "/account/tf-select"):
        assert cast.visitor.get(path).location == "/account/login"
        assert press(cast.visitor, path, code="000000").location == "/account/login"


def test_where_browsers_make_no_passkeys_the_page_says_so_and_offers_an_app(cast: Cast) -> None:
    page = cast.moderator.get("/account/wan-register", base_url="http://127.0.0.1:8000")
    signed_in = page if page.status_code == 200 else cast.moderator.get("/account/wan-register")
    assert "Set up an authenticator app instead" in signed_in.text
    assert "<noscript>" in signed_in.text


@pytest.fixture
def strict(settings: Settings) -> Iterator[Cast]:
    """A site whose keepers must have a second factor."""
    app = create_app(settings.model_copy(update={"keepers_need_second_factor": True}), TESTING=True)
    yield Cast(app)
    with app.app_context():
        db.engine.dispose()


def test_a_keeper_who_must_have_one_is_led_to_it_before_anything_else(strict: Cast, clock: object) -> None:
    keeper: PageClient = strict.keeper
    for path in ("/desk/", "/desk/people/", "/desk/log"):
        assert keeper.get(path).location == "/account/factors"
    assert press(keeper, "/desk/language", language="ru").location == "/account/factors"
    assert "the desk stays closed" in main_of(keeper.get("/account/factors"))
    assert strict.moderator.get("/desk/").status_code == 200
    set_up_app(keeper)
    assert keeper.get("/desk/").status_code == 200


def test_a_link_in_a_mail_never_stands_for_two_factors(app: Flask, cast: Cast, clock: object) -> None:
    with app.app_context():
        moderator = db.session.get_one(Person, cast.person(Role.MODERATOR, "Leyla", "leyla@memorial.example"))
        assert people.may_decide_by_mail(moderator)
        moderator.tf_primary_method, moderator.tf_totp_secret = "authenticator", "sealed"
        assert not people.may_decide_by_mail(moderator)


@pytest.mark.parametrize("by", ["code", "recovery code"])
def test_a_code_that_is_sent_twice_at_once_lets_in_once(cast: Cast, clock: time_machine.Traveller, by: str) -> None:
    secret = set_up_app(cast.moderator)
    code, path = code_of(secret), "/account/tf-validate"
    if by == "recovery code":
        page = press(cast.moderator, "/account/mf-recovery-codes")
        code, path = re.findall(r"<code[^>]*>([0-9a-f-]{14})</code>", page.text)[0], "/account/mf-recovery"
    clients = [cast.client() for _each in range(4)]
    sent = []
    for client in clients:
        give_password(client, EMAIL)
        sent.append({"code": code, "csrf_token": token(client.get(path))})
    start = Barrier(len(clients))

    def send(client: PageClient, data: dict[str, str]) -> int:
        start.wait(30)
        return client.post(path, data=data).status_code

    with ThreadPoolExecutor(len(clients)) as pool:
        told = list(pool.map(send, clients, sent))
    assert sorted(told) == [200, 200, 200, 302]
