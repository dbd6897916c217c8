"""What stands around every page: headers, cookies, caches, and the years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import FORM, WALL, Cast, hidden, send, token
from tests.web.steps import LANGUAGES, MEMORIAL
from tribute.app import create_app
from tribute.config import Settings
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.web.shell import manifest

HOME = f"/en/{MEMORIAL}/"
SITE = "https://memorial.example"


def public_addresses(public_id: str) -> list[str]:
    """One of each kind of page that is the same for everybody."""
    return [
        HOME, WALL, f"{WALL}?gesture=dove", f"{WALL}{public_id}/", f"{HOME}editions/", f"{HOME}feed.atom",
        f"{HOME}archive/", f"{HOME}archive/on-this-day/",
        "/en/search", "/en/search?q=silence", "/en/pages/rules/", "/robots.txt", "/sitemap.xml",
    ]  # fmt: skip


@pytest.fixture
def over_tls(app: Flask, settings: Settings) -> Iterator[Flask]:
    """The same site as it is reached under TLS."""
    over_tls = create_app(settings.model_copy(update={"base_url": SITE}), TESTING=True)
    yield over_tls
    with over_tls.app_context():
        db.engine.dispose()


def test_every_answer_carries_the_headers_that_guard_its_reader(cast: Cast) -> None:
    author = cast.author()
    static = [f"/static/{manifest()[name]}" for name in ("css/site.css", "js/site.js", "img/favicon.svg")]
    paths = [*public_addresses(cast.tribute()), "/", "/en/", FORM, "/en/contact", author.receipt, "/account/login",
             "/desk/", "/none", *static]  # fmt: skip
    for client in (cast.visitor, cast.keeper):
        for path in paths:
            with client.get(path) as answer:
                headers = answer.headers
            assert headers["X-Content-Type-Options"] == "nosniff", path
            assert headers["Content-Security-Policy"].startswith("default-src 'self'; script-src 'self';"), path
            assert "unsafe" not in headers["Content-Security-Policy"], path
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
            assert headers["Referrer-Policy"] == "same-origin", path
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
            assert "Strict-Transport-Security" not in headers, path


def test_a_public_page_is_the_same_for_everyone_and_sets_no_cookie(cast: Cast) -> None:
    public_id = cast.tribute()
    cast.keeper.get("/desk/")
    assert cast.keeper.get_cookie("session")
    for path in public_addresses(public_id):
        answers = [client.get(path) for client in (cast.visitor, cast.keeper)]
        assert answers[0].data == answers[1].data, path
        for answer in answers:
            assert "Set-Cookie" not in answer.headers, path
            assert answer.headers.get("Vary") in (None, "Accept-Encoding"), path
            assert answer.headers["Cache-Control"].startswith("public, max-age=0, "), path
    assert cast.visitor.get_cookie("session") is None


def test_a_public_error_sets_no_cookie_and_is_not_kept(cast: Cast) -> None:
    for path in ("/none", "/en/none/", f"{WALL}0000000000000/", "/t/none", "/en/pages/none/"):
        for client in (cast.visitor, cast.keeper):
            answer = client.get(path)
            assert answer.status_code == 404
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Set-Cookie" not in answer.headers
            assert "Rəna" not in answer.text


def test_a_page_that_has_not_changed_is_not_sent_again(cast: Cast) -> None:
    public_id = cast.tribute(words="First words")
    for path in public_addresses(public_id):
        first = cast.visitor.get(path)
        again = cast.visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    first = cast.visitor.get(WALL)
    cast.tribute(words="Newer words")
    again = cast.visitor.get(WALL, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "Newer words" in again.text


def test_static_files_are_kept_for_ever_and_come_compressed(cast: Cast) -> None:
    for name in ("css/site.css", "js/site.js"):
        path = f"/static/{manifest()[name]}"
        assert path in cast.visitor.get(HOME).text
        for encoding in ("br", "gzip"):
            with cast.visitor.get(path, headers={"Accept-Encoding": encoding}) as answer:
                assert answer.headers["Content-Encoding"] == encoding
                assert "immutable" in answer.headers["Cache-Control"]


def test_a_form_is_for_one_reader_alone(cast: Cast) -> None:
    for path in (FORM, "/en/contact"):
        answer = cast.visitor.get(path)
        assert answer.headers["Cache-Control"] == "private, no-cache"
    assert cast.visitor.get_cookie("session")


def test_a_session_cookie_is_out_of_reach_of_scripts_and_other_sites(cast: Cast) -> None:
    cookie = cast.visitor.get(FORM).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_under_tls_cookies_are_secure_and_bound_to_the_host(over_tls: Flask, cast: Cast) -> None:
    client, email = over_tls.test_client(), "rena@memorial.example"
    cast.person(Role.MODERATOR, "Rəna", email)
    page = client.get("/account/login", base_url=SITE)
    said = {"email": email, "password": "a password for tests", "remember": "y", "csrf_token": token(page)}
    answer = client.post("/account/login", data=said, base_url=SITE, headers={"Referer": f"{SITE}/account/login"})
    cookies = answer.headers.getlist("Set-Cookie")
    assert sorted(cookie.split("=")[0] for cookie in cookies) == ["__Host-known", "__Host-session"]
    for cookie in cookies:
        assert all(said in cookie for said in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
        assert "Domain" not in cookie


def test_under_tls_every_answer_asks_for_tls_from_then_on(over_tls: Flask) -> None:
    client = over_tls.test_client()
    for path in (HOME, FORM, "/desk/", "/none", "/"):
        assert client.get(path, base_url=SITE).headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_form_can_be_sent_under_tls_and_from_this_site_alone(over_tls: Flask) -> None:
    client: FlaskClient = over_tls.test_client()
    page = client.get(FORM, base_url=SITE)
    said = {"name": "Oleg", "gesture": "dove", "consent": "y", "key": hidden(page, "key"), "csrf_token": token(page)}
    receipt = client.post(FORM, data=said, base_url=SITE, headers={"Referer": f"{SITE}{FORM}"}).location
    for referer, status in (("https://evil.example/", 400), (f"{SITE}{receipt}", 303)):
        step = {"csrf_token": said["csrf_token"], "version": "1"}
        answer = client.post(f"{receipt}withdraw", data=step, base_url=SITE, headers={"Referer": referer})
        assert answer.status_code == status


def test_a_token_of_another_browser_is_refused(cast: Cast) -> None:
    stolen = token(cast.client().get(FORM))
    assert send(cast.visitor, csrf_token=stolen).status_code == 422


YEARS = [
    (datetime(2027, 1, 19, 19, 59, tzinfo=UTC), 36),  # 23:59 in Baku
    (datetime(2027, 1, 19, 20, 0, tzinfo=UTC), 37),
    (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), 36),
]


@pytest.mark.parametrize(("at", "years"), YEARS)
def test_the_years_are_counted_to_the_day_where_it_happened(cast: Cast, at: datetime, years: int) -> None:
    with time_machine.travel(at, tick=False):
        for lang in LANGUAGES:
            page = cast.visitor.get(f"/{lang}/{MEMORIAL}/").text
            assert str(years) in page.split("<h1")[0].split('class="hero"')[1]
            assert str(73 - years) not in page.split("<h1")[0].split('class="hero"')[1]
