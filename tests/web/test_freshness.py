"""Before removing, exporting and what changes people, the password is asked for again; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.cast import PASSWORD, Cast, hidden, token
from tests.web.steps import contents, found, main_of, press, version_of
from tribute.domain.lifecycle import Status

THEN = datetime(2026, 1, 20, 8, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that a test moves."""
    with time_machine.travel(THEN, tick=False) as traveller:
        yield traveller


def test_an_export_leads_by_the_password_and_back(cast: Cast, clock: time_machine.Traveller) -> None:
    address = "/desk/log/export?what=approve"
    assert cast.keeper.get(address).mimetype == "text/csv"
    clock.shift(timedelta(minutes=10) - MOMENT)
    assert cast.keeper.get(address).mimetype == "text/csv"
    clock.shift(MOMENT)
    asked = cast.keeper.get(address).location
    assert asked.startswith("/account/verify?next=")
    page = cast.keeper.get(asked)
    wrong = cast.keeper.post(asked, data={"password": "wrong", "csrf_token": token(page)})
    assert wrong.status_code == 422
    assert "The password or the passkey is not right." in main_of(wrong)
    right = cast.keeper.post(asked, data={"password": PASSWORD, "csrf_token": token(page)})
    assert (right.status_code, right.location) == (303, address)
    assert cast.keeper.get(address).mimetype == "text/csv"


def test_removing_is_asked_in_place_and_keeps_what_was_chosen(cast: Cast, clock: time_machine.Traveller) -> None:
    app, address = cast.app, f"/desk/tributes/{(key := cast.tribute())}/remove"
    sent = {"version": version_of(app, key), "ground": "family", "note": "said by telephone"}
    cast.keeper.get("/desk/")
    clock.shift(timedelta(minutes=11))
    asked = press(cast.keeper, address, **sent)
    assert asked.status_code == 403
    assert hidden(asked, "ground") == "family"
    assert hidden(asked, "note") == "said by telephone"
    assert f'action="{address}"' in asked.text
    assert found(app, key).status == Status.APPROVED
    wrong = press(cast.keeper, address, **sent, password="wrong")
    assert wrong.status_code == 422
    assert hidden(wrong, "ground") == "family"
    assert found(app, key).status == Status.APPROVED
    assert press(cast.keeper, address, **sent, password=PASSWORD).status_code == 303
    assert found(app, key).status == Status.REMOVED


def test_a_wrong_password_is_refused_even_where_none_was_asked_for(cast: Cast) -> None:
    key = cast.tribute()
    sent = {"version": version_of(cast.app, key), "ground": "family"}
    before = contents(cast.app)
    assert press(cast.keeper, f"/desk/tributes/{key}/remove", **sent, password="wrong").status_code == 422
    assert contents(cast.app)["tribute"] == before["tribute"]


def test_what_touches_the_ways_in_asks_who_it_is(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.keeper.get("/desk/")
    clock.shift(timedelta(minutes=11))
    before = contents(cast.app)
    for path in ("/account/tf-setup", "/account/wan-register", "/account/mf-recovery-codes"):
        assert cast.keeper.get(path).location.startswith("/account/verify?next=/account/")
        assert press(cast.keeper, path).status_code == 403
    for path in ("/account/wan-delete", "/account/end-sessions"):
        assert press(cast.keeper, path).status_code == 403
    assert contents(cast.app) == before


def test_a_browser_that_is_kept_signed_in_has_to_show_who_it_is(cast: Cast, clock: time_machine.Traveller) -> None:
    page = cast.visitor.get("/account/login")
    cast.person("keeper", "Aytən", "k@memorial.example")  # type: ignore[arg-type]  # the role's own word
    data = {"email": "k@memorial.example", "password": PASSWORD, "remember": "y", "csrf_token": token(page)}
    cast.visitor.post("/account/login", data=data)
    clock.shift(timedelta(days=7))
    assert cast.visitor.get("/desk/").status_code == 200
    assert cast.visitor.get("/desk/log/export").location.startswith("/account/verify")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/en/"])
def test_it_leads_to_no_other_place(cast: Cast, target: str) -> None:
    page = cast.keeper.get(f"/account/verify?next={target}")
    answer = cast.keeper.post(f"/account/verify?next={target}", data={"password": PASSWORD, "csrf_token": token(page)})
    assert answer.location == "/desk/"
