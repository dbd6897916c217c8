"""How long a sign-in lasts, and what ends it at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask_login import COOKIE_NAME, encode_cookie
from sqlalchemy import func, select

from tests.cast import PASSWORD, Cast, token
from tests.page import PageClient
from tests.web.second_step import LOGIN, give_password
from tests.web.steps import contents, decide, main_of, press
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.models import EndedSession, Person
from tribute.web.sessions import FOR_THE_DAY, KEPT, SIGN_IN, Lasts

EMAIL = "leyla@memorial.example"
THEN = datetime(2026, 1, 20, 8, tzinfo=UTC)
MOMENT = timedelta(seconds=2)


@pytest.fixture(autouse=True)
def _stay_signed_in() -> None:
    """Here sign-ins end as they do in earnest."""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that a test moves."""
    with time_machine.travel(THEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def leyla(cast: Cast) -> PageClient:
    """The browser of somebody who has an account and has not signed in."""
    cast.person(Role.MODERATOR, "Leyla", EMAIL)
    return cast.client()


def sign_in(client: PageClient, *, is_kept: bool = False) -> None:
    """Fill in the sign-in form, with the box ticked or not."""
    data = {"email": EMAIL, "password": PASSWORD, "csrf_token": token(client.get(LOGIN))}
    assert client.post(LOGIN, data=data | ({"remember": "y"} if is_kept else {})).location == "/desk/"


def is_in(client: PageClient) -> bool:
    """Whether the desk lets this browser in."""
    return client.get("/desk/").status_code == 200


def copy_of(client: PageClient, cast: Cast) -> PageClient:
    """Another browser with the same cookie, as a thief would have it."""
    found, thief = client.get_cookie("session"), cast.client()
    assert found
    thief.set_cookie("session", found.value)
    return thief


def key_of(client: PageClient) -> str:
    """The key of a browser's sign-in; empty before there is one."""
    with client.session_transaction() as kept:
        return str(kept.get(SIGN_IN, {}).get("key", ""))


def test_each_sign_in_has_a_key_of_its_own_and_forgets_the_token_of_before(cast: Cast, leyla: PageClient) -> None:
    planted = token(leyla.get(LOGIN))
    thief = copy_of(leyla, cast)
    sign_in(leyla)
    first = key_of(leyla)
    assert not is_in(thief)
    assert leyla.post("/desk/language", data={"language": "ru", "csrf_token": planted}).status_code == 400
    press(leyla, "/account/logout")
    sign_in(leyla)
    assert len({"", first, key_of(leyla)}) == 3
    assert len(first) == 32


@pytest.mark.parametrize(("is_kept", "lasts"), [(False, FOR_THE_DAY), (True, KEPT)], ids=["for the day", "kept"])
def test_who_does_nothing_is_signed_out(
    leyla: PageClient, clock: time_machine.Traveller, is_kept: bool, lasts: Lasts
) -> None:
    sign_in(leyla, is_kept=is_kept)
    clock.shift(lasts.idle - MOMENT)
    assert is_in(leyla)
    clock.shift(lasts.idle - MOMENT)
    assert is_in(leyla)
    clock.shift(lasts.idle + MOMENT)
    assert not is_in(leyla)
    sign_in(leyla, is_kept=is_kept)
    assert is_in(leyla)


@pytest.mark.parametrize(("is_kept", "lasts"), [(False, FOR_THE_DAY), (True, KEPT)], ids=["for the day", "kept"])
def test_whatever_is_done_a_sign_in_ends(
    leyla: PageClient, clock: time_machine.Traveller, is_kept: bool, lasts: Lasts
) -> None:
    sign_in(leyla, is_kept=is_kept)
    times = 5 if is_kept else 15  # none of the pauses is as long as one may do nothing
    for _each in range(times):
        assert is_in(leyla)
        clock.shift(lasts.longest / times)
    assert not is_in(leyla)


def test_a_page_that_stays_open_keeps_nobody_signed_in(leyla: PageClient, clock: time_machine.Traveller) -> None:
    sign_in(leyla)
    for _each in range(6):
        clock.shift(FOR_THE_DAY.idle / 6 - MOMENT)
        assert leyla.get("/desk/pulse").status_code == 200
    clock.shift(timedelta(minutes=2))
    assert leyla.get("/desk/pulse").status_code == 302


def test_what_is_sent_after_the_end_is_not_lost(cast: Cast, leyla: PageClient, clock: time_machine.Traveller) -> None:
    sign_in(leyla)
    public_id = cast.tribute(Status.PENDING)
    clock.shift(FOR_THE_DAY.idle)
    before = contents(cast.app)
    answer = decide(leyla, public_id, "decline", note="A note that took long.")
    assert answer.status_code == 401
    assert "A note that took long." in main_of(answer)
    assert "You are no longer signed in" in main_of(answer)
    assert contents(cast.app) == before
    assert decide(leyla, public_id, "approve").location.startswith(LOGIN)


def test_only_who_asks_to_be_kept_is_known_once_the_browser_was_closed(leyla: PageClient) -> None:
    for is_kept in (False, True):
        sign_in(leyla, is_kept=is_kept)
        cookie = leyla.get_cookie("session")
        assert cookie
        assert (cookie.expires is not None) is is_kept
        press(leyla, "/account/logout")


def test_a_cookie_of_the_sign_in_library_opens_nothing(app: Flask, leyla: PageClient) -> None:
    sign_in(leyla, is_kept=True)
    with leyla.session_transaction() as kept, app.app_context():
        signed = encode_cookie(kept["_user_id"])
    other = app.test_client()
    other.set_cookie(COOKIE_NAME, signed)
    assert other.get("/desk/").location == f"{LOGIN}?next=/desk/"


def test_a_new_password_leaves_this_browser_signed_in_as_it_was(leyla: PageClient) -> None:
    sign_in(leyla, is_kept=True)
    new = "another long password"
    said = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    press(leyla, "/account/change", **said)
    with leyla.session_transaction() as kept:
        assert kept[SIGN_IN]["is_kept"]
    assert is_in(leyla)


def test_after_signing_out_a_copy_of_the_cookie_opens_nothing(
    app: Flask, cast: Cast, leyla: PageClient, clock: time_machine.Traveller
) -> None:
    sign_in(leyla)
    thief, elsewhere = copy_of(leyla, cast), cast.client()
    assert is_in(thief)
    sign_in(elsewhere)
    press(leyla, "/account/logout")
    assert not is_in(leyla)
    assert not is_in(thief)
    assert is_in(elsewhere)
    clock.shift(FOR_THE_DAY.longest + MOMENT)
    assert not is_in(thief)
    sign_in(elsewhere)
    press(elsewhere, "/account/logout")
    with app.app_context():
        assert db.session.execute(select(func.count()).select_from(EndedSession)).scalar_one() == 1


def test_signing_out_everywhere_ends_every_browsers_sign_in(app: Flask, cast: Cast, leyla: PageClient) -> None:
    sign_in(leyla)
    phone = cast.client()
    sign_in(phone, is_kept=True)
    assert press(leyla, "/account/end-sessions").location == LOGIN
    for client in (leyla, phone):
        assert not is_in(client)
    with app.app_context():
        assert contents(app)["message"][-1].count("end-sessions") == 1
    assert give_password(phone, EMAIL).location == "/desk/"


def test_signing_out_everywhere_asks_who_it_is(cast: Cast, leyla: PageClient, clock: time_machine.Traveller) -> None:
    sign_in(leyla)
    clock.shift(timedelta(minutes=11))
    assert press(leyla, "/account/end-sessions").status_code == 403
    assert is_in(leyla)
    assert press(leyla, "/account/end-sessions", password=PASSWORD).location == LOGIN
    assert not is_in(leyla)
    assert press(cast.visitor, "/account/end-sessions").status_code == 302


def test_who_is_closed_or_removed_is_out_with_the_next_page(app: Flask, cast: Cast, leyla: PageClient) -> None:
    for change in (db.update(Person).values(active=False), db.delete(Person)):
        with app.app_context():
            db.session.execute(db.update(Person).values(active=True))
            db.session.commit()
        client = cast.client()
        sign_in(client, is_kept=True)
        with app.app_context():
            db.session.execute(change)
            db.session.commit()
        assert not is_in(client)
