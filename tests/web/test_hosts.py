"""By which names the site is asked, and where it leads: what a request says of either is only its word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.cast import FORM, PASSWORD, WORDS, Cast, token
from tests.web.steps import contents, main_of
from tests.web.test_account import EMAIL, LOGIN, sign_in
from tribute.app import ROOT, create_app
from tribute.config import Settings
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.web.desk import own_path

STRANGE = ("evil.example", "memorial.example.evil.example", "evil.example:8000", "memorial.example@evil.example",
           "[::2]")  # fmt: skip
KNOWN = ("memorial.example", "MEMORIAL.example:443", "www.memorial.example", "10.0.0.5:8000", "localhost", "127.0.0.1",
         "[::1]:8000")  # fmt: skip
ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "evil.x",
    "javascript:alert(1)", "https:evil.example", "///evil.example", "/%09/evil.example", "http:/\\evil.example",
    "/desk\\..\\evil", "//desk/", "https://memorial.example@evil.example/desk/", " //evil.example", "\n//evil.x",
)  # fmt: skip


@pytest.fixture
def named(settings: Settings) -> Iterator[Flask]:
    """A site of several names behind a proxy."""
    changed = {"base_url": "http://memorial.example", "hosts": "www.memorial.example, 10.0.0.5", "proxies": 1}
    made = create_app(settings.model_copy(update=changed), TESTING=True)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("host", STRANGE)
def test_under_another_name_nothing_is_done_and_the_right_one_is_told(named: Flask, host: str) -> None:
    client, before = Cast(named).client(), contents(named)
    for answer in (
        client.get(FORM, headers={"Host": host}),
        client.get("/none", headers={"Host": host}),
        client.post("/en/contact", data={"message": WORDS}, headers={"Host": host}),
    ):
        assert answer.status_code == 400
        assert "http://memorial.example" in main_of(answer)
        assert "evil" not in answer.text
    assert WORDS in main_of(answer)
    assert contents(named) == before


@pytest.mark.parametrize("host", KNOWN)
def test_the_names_that_are_configured_and_the_machines_own_are_answered(named: Flask, host: str) -> None:
    assert Cast(named).client().get(FORM, headers={"Host": host}).status_code == 200


def test_a_supervisor_may_ask_by_any_name(named: Flask) -> None:
    for path in ("/healthz", "/readyz"):
        assert named.test_client().get(path, headers={"Host": "172.17.0.3:8000"}).status_code == 200


def test_links_and_addresses_are_the_sites_own_whatever_a_request_names(named: Flask) -> None:
    said = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    client, public_id = named.test_client(), Cast(named).tribute()
    for path in ("/en/20-january/feed.atom", "/sitemap.xml", "/robots.txt", "/en/20-january/",
                 f"/en/20-january/tributes/{public_id}/"):  # fmt: skip
        answer = client.get(path, headers=said)
        assert answer.status_code == 200
        assert "http://memorial.example/" in answer.text
        assert "evil.example" not in answer.text + str(answer.headers)
    for path in ("/", "/en", f"/t/{public_id}", "/desk", "/desk/"):
        answer = client.get(path, headers={"X-Forwarded-Host": "evil.example"})
        assert answer.location.startswith("/")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_leads_to_no_other_site(cast: Cast, target: str) -> None:
    cast.person(Role.MODERATOR, "Rəna", EMAIL)
    led = [sign_in(cast.client(), path=f"{LOGIN}?next={target}")]
    page = cast.keeper.get("/account/verify")
    data = {"password": PASSWORD, "csrf_token": token(page)}
    led.append(cast.keeper.post("/account/verify", query_string={"next": target}, data=data))
    led.append(
        cast.keeper.post("/account/logout", query_string={"next": target}, data={"csrf_token": data["csrf_token"]})
    )
    for answer in led:
        where = urlsplit(answer.headers.get("Location", ""))
        assert (where.scheme, where.netloc) == ("", "")
        assert not re.match(r"[/\\]{2}|/\s*[/\\]", answer.headers.get("Location", ""))
    assert own_path(target) is None


def test_no_view_follows_next_unlooked_at() -> None:
    for file in (ROOT / "tribute" / "web").glob("*.py"):
        for line in file.read_text("utf-8").splitlines():
            if re.search(r"""get\("next"|next\.data""", line):
                assert "own_path(" in line or _is_looked_at(file, line), f"{file.name}: {line}"


def _is_looked_at(file: Path, line: str) -> bool:
    """The one other place: what leads back once somebody has shown who they are."""
    return file.name == "freshness.py" and line.strip() == 'target = request.args.get("next", "")'
