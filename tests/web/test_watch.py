"""Each request has an id and a line in the log; neither says whose it was."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask

from tests.browser.server import serve
from tests.cast import FORM, WALL, WORDS, Cast
from tests.page import PageClient
from tests.web.steps import LANGUAGES, decide, withdraw
from tribute.app import create_app
from tribute.config import Settings
from tribute.extensions import db

PATIENCE = 60  # seconds for an answer, on a busy machine
OWN = re.compile(r"[0-9a-f]{16}")
GIVEN = "4bf92f3577b34da6a3ce929d0e0e4736"
EMAIL, NAME, ADDRESS = "leyla.unrepeated@memorial.example", "Leyla Unrepeated", "198.51.100.77"


@pytest.fixture
def broken(settings: Settings) -> Iterator[Flask]:
    """A site with a mistake in it, behind one proxy."""
    app = create_app(settings.model_copy(update={"proxies": 1}), PROPAGATE_EXCEPTIONS=False)
    for lang in LANGUAGES:
        app.add_url_rule(f"/{lang}/mistake/<token>/", f"mistake.{lang}", lambda token: str(int(token)))
    app.test_client_class = PageClient
    yield app
    with app.app_context():
        db.engine.dispose()


def test_every_answer_of_ours_has_an_id_of_its_own(cast: Cast) -> None:
    found = [cast.visitor.get(path).headers["X-Request-ID"] for path in (FORM, FORM, "/none", "/healthz")]
    assert all(OWN.fullmatch(each) for each in found)
    assert len(set(found)) == len(found)


def test_a_page_that_caches_hand_on_has_none(cast: Cast) -> None:
    for _ in range(2):
        assert "X-Request-ID" not in cast.visitor.get(WALL).headers


@pytest.mark.parametrize("given", [GIVEN, "short", "a" * 65, "two words here", "né-à-Bakı", "12345678\nforged"])
def test_a_strangers_id_is_not_believed_and_a_proxys_is_where_it_is_one(app: Flask, broken: Flask, given: str) -> None:
    shown = {"HTTP_X_REQUEST_ID": given}
    alone = app.test_client().get("/healthz", environ_overrides=shown).headers["X-Request-ID"]
    behind = broken.test_client().get("/healthz", environ_overrides=shown).headers["X-Request-ID"]
    assert OWN.fullmatch(alone)
    assert behind == given if given == GIVEN else OWN.fullmatch(behind)


def test_the_server_writes_a_line_of_json_for_each_request_and_no_path(database: str, tmp_path: Path) -> None:
    with serve(database, tmp_path) as site:
        line = HTTPConnection(site.url.removeprefix("http://"), timeout=PATIENCE)
        for path in ("/en/receipt/a-private-token/", FORM, WALL, WALL):
            line.request("GET", path)
            line.getresponse().read()
        line.close()
    told = [json.loads(each) for each in site.log.read_text().splitlines()]
    assert [(each["route"], each["status"]) for each in told] == [
        ("receipt.show", 404), ("tributes.new", 200), ("tributes.wall", 200)
    ]  # fmt: skip
    assert len({each["request_id"] for each in told}) == 3
    assert "a-private-token" not in site.log.read_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_a_mistake_of_ours_shows_the_id_to_quote(broken: Flask, lang: str) -> None:
    answer = broken.test_client().get(f"/{lang}/mistake/x/", headers={"X-Request-ID": GIVEN})
    assert (answer.status_code, answer.headers["X-Request-ID"]) == (500, GIVEN)
    assert f"{GIVEN}." in answer.text
    assert GIVEN not in broken.test_client().get(f"/{lang}/none/", headers={"X-Request-ID": GIVEN}).text


def test_a_request_is_told_by_its_view_and_not_by_its_path(broken: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "tribute"):
        broken.test_client().get("/en/mistake/a-private-token/")
        broken.test_client().get("/en/receipt/another-private-token/")
        broken.test_client().get("/readyz")
    failed, first, second = caplog.records
    assert (failed.getMessage(), vars(failed)["route"]) == ("a request failed", "mistake.en")
    assert (vars(first)["route"], vars(first)["status"], vars(first)["method"]) == ("mistake.en", 500, "GET")
    assert (vars(second)["route"], vars(second)["status"]) == ("receipt.show", 404)
    assert vars(second)["ms"] >= 0


def test_the_log_says_nothing_of_anybody(app: Flask, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        author = cast.author(message=WORDS, name=NAME, email=EMAIL)
        author.client.get(author.receipt, headers={"X-Forwarded-For": ADDRESS})
        decide(cast.moderator, author.public_id, "approve")
        author.client.get(f"/en/search?q={NAME}")
        withdraw(author)
        author.client.get("/en/receipt/none/", environ_overrides={"REMOTE_ADDR": ADDRESS})
    told = [f"{record.getMessage()} {vars(record)}" for record in caplog.records]
    assert len(told) > 8
    token = author.receipt.strip("/").split("/")[-1]
    for secret in (WORDS, NAME, EMAIL, ADDRESS, token, author.public_id, "127.0.0.1", "moderator@memorial.example"):
        assert not [line for line in told if secret in line], secret
