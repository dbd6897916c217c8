"""Signing in and out, and one's password."""

from __future__ import annotations

import re
import unicodedata

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, Cast, token
from tests.page import PageClient
from tests.web.steps import contents, main_of, press
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.models import Person
from tribute.web.passwords import hashed

EMAIL = "rena@memorial.example"
LOGIN = "/account/login"


def sign_in(client: PageClient, email: str = EMAIL, password: str = PASSWORD, path: str = LOGIN) -> TestResponse:
    """Fill in the sign-in form."""
    page = client.get(path)
    return client.post(path, data={"email": email, "password": password, "csrf_token": token(page)})


def is_signed_in(client: PageClient) -> bool:
    """Whether the desk lets this browser in."""
    return client.get("/desk/").status_code == 200


@pytest.fixture
def moderator(cast: Cast) -> PageClient:
    """The browser of somebody who has an account and has not signed in."""
    cast.person(Role.MODERATOR, "Rəna", EMAIL)
    return cast.client()


def test_one_signs_in_with_address_and_password(moderator: PageClient) -> None:
    answer = sign_in(moderator, "RENA@Memorial.example")
    assert (answer.status_code, answer.location) == (302, "/desk/")
    assert "Rəna" in moderator.get("/desk/").text


def test_one_comes_back_to_the_page_that_asked(moderator: PageClient) -> None:
    asked = moderator.get("/desk/?status=spam").location
    assert sign_in(moderator, path=asked).location == "/desk/?status=spam"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_sign_in_leads_to_no_other_site(moderator: PageClient, target: str) -> None:
    answer = sign_in(moderator, path=f"{LOGIN}?next={target}")
    assert not re.match(r"[a-z]+:|/[/\\]", answer.headers.get("Location", ""))


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(moderator: PageClient) -> None:
    answers = [sign_in(moderator, EMAIL, "not the password"), sign_in(moderator, "nobody@memorial.example", PASSWORD)]
    said = [main_of(answer) for answer in answers]
    assert said[0] == said[1]
    assert "The email or the password is not right." in said[0]
    assert answers[0].status_code == answers[1].status_code
    assert not is_signed_in(moderator)


def test_a_closed_account_does_not_open(app: Flask, moderator: PageClient) -> None:
    sign_in(moderator)
    with app.app_context():
        db.session.execute(db.update(Person).values(active=False))
        db.session.commit()
    assert not is_signed_in(moderator)
    assert "The email or the password is not right." in main_of(sign_in(moderator))


def test_one_signs_out_by_a_button_alone(moderator: PageClient) -> None:
    sign_in(moderator)
    assert moderator.get("/account/logout").status_code == 405
    assert is_signed_in(moderator)
    assert press(moderator, "/account/logout").location == "/"
    assert not is_signed_in(moderator)


def test_a_new_password_holds_and_the_old_one_opens_nothing(cast: Cast, moderator: PageClient) -> None:
    other, new = cast.client(), "yeni şifrəm 2026"
    sign_in(moderator)
    sign_in(other)
    said = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    assert press(moderator, "/account/change", **said).location == "/desk/"
    assert is_signed_in(moderator)
    assert not is_signed_in(other)
    assert sign_in(other).status_code == 200
    assert sign_in(other, password=new).status_code == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"password": "not the password"}, "The password is not right."),
     ({"new_password_confirm": "something else"}, "The two passwords are not the same."),
     ({"new_password": "short", "new_password_confirm": "short"}, "at least 10 characters"),
     ({"new_password": "password123", "new_password_confirm": "password123"}, "on lists of known ones"),
     ({"new_password": PASSWORD, "new_password_confirm": PASSWORD}, "must differ from the old one"),
     ({"password": ""}, "Please enter your password.")],
)  # fmt: skip
def test_a_password_that_cannot_be_changed_says_why(
    app: Flask, moderator: PageClient, fields: dict[str, str], said: str
) -> None:
    sign_in(moderator)
    before = contents(app)
    good = {"password": PASSWORD, "new_password": "another long one", "new_password_confirm": "another long one"}
    assert said in main_of(press(moderator, "/account/change", **(good | fields)))
    assert contents(app) == before


def test_only_who_is_signed_in_changes_a_password(cast: Cast) -> None:
    assert cast.visitor.get("/account/change").location == f"{LOGIN}?next=/account/change"
    assert press(cast.visitor, "/account/change", password=PASSWORD).status_code == 302


@pytest.mark.parametrize(("stored", "typed"), [("NFD", "NFC"), ("NFC", "NFD"), ("NFC", "NFKC")])
def test_a_password_given_to_the_command_opens_from_every_keyboard(
    app: Flask, cast: Cast, stored: str, typed: str
) -> None:
    password = "gözəl ﬁndıq şəhəri"
    arguments = ["tribute", "people", "add", EMAIL, "--role", "moderator", "--password-stdin"]
    given = unicodedata.normalize(stored, password)  # type: ignore[arg-type]  # one of the four forms
    with app.app_context():
        result = app.test_cli_runner().invoke(args=arguments, input=f"{given}\n")
    assert result.exit_code == 0, result.output
    entered = unicodedata.normalize(typed, password)  # type: ignore[arg-type]  # the same
    assert sign_in(cast.visitor, password=entered).status_code == 302


def test_passwords_are_hashed_with_argon2id_at_the_cost_that_was_chosen(app: Flask) -> None:
    with app.app_context():
        assert re.match(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$", hashed(PASSWORD))


def test_the_account_pages_speak_to_people_alone(cast: Cast) -> None:
    answer = cast.visitor.get("/desk/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.location) == (302, f"{LOGIN}?next=/desk/")
    assert cast.visitor.get(LOGIN, headers={"Accept": "application/json"}).mimetype == "text/html"
    for path in ("/account/register", "/account/us-signin", "/account/fs-static/js/webauthn.js"):
        assert cast.visitor.get(path).status_code == 404


def test_account_pages_are_never_kept_or_found(cast: Cast) -> None:
    for path in (LOGIN, "/account/change"):
        answer = cast.moderator.get(path) if "change" in path else cast.visitor.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in answer.text


def test_a_password_counts_to_its_last_letter_in_its_own_case(cast: Cast) -> None:
    long = "Uzun bir şifrə, sonuna qədər oxunur: " + "x" * 90
    cast.person(Role.MODERATOR, "Rəna", EMAIL, long)
    for wrong in (long.upper(), long.lower(), long[:-1], f"{long}x", long[:72], f" {long}"):
        assert sign_in(cast.client(), password=wrong).status_code == 200
    assert sign_in(cast.client(), password=long).status_code == 302


def test_passwords_are_typed_unseen_and_may_come_from_a_manager(cast: Cast) -> None:
    for client, path, filled in ((cast.visitor, LOGIN, {"current-password"}),
                                 (cast.moderator, "/account/change", {"current-password", "new-password"}),
                                 (cast.moderator, "/account/verify", {"current-password"})):  # fmt: skip
        fields = re.findall(r'<input[^>]*name="[a-z_]*password[a-z_]*"[^>]*>', client.get(path).text)
        assert fields
        assert all('type="password"' in field for field in fields)
        assert {found for field in fields for found in re.findall(r'autocomplete="([^"]*)"', field)} == filled


def test_a_new_site_knows_nobody(app: Flask) -> None:
    assert contents(app)["person"] == []
