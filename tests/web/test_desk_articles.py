"""The keepers' texts: what is there in which language, and next year's edition on its way through the year."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask

from tests.cast import Cast, hidden
from tests.page import PageClient
from tests.web.steps import LANGUAGES, contents, main_of, press
from tribute.domain.permissions import Role

TEXTS = "/desk/articles/"
BEGIN = "/desk/editions/20-january/begin"
STEP = "/desk/editions/20-january/2027/{}"
DRAFT = "/desk/articles/20-january/2027/en/"
NOVEMBER, LATER = datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC)
BEFORE, AFTER = datetime(2027, 1, 19, 19, 59, 59, tzinfo=UTC), datetime(2027, 1, 19, 20, 0, 1, tzinfo=UTC)
TITLE, WORD = "Thirty-seven years", "Unerhörtwort"


@pytest.fixture
def keeper(cast: Cast) -> PageClient:
    """A keeper who has begun the edition of 2027 in November, and given it a title and a word of its own."""
    with time_machine.travel(NOVEMBER):
        keeper = cast.keeper
        assert press(keeper, BEGIN).status_code == 303
        page = keeper.get(DRAFT)
        fields = {name: hidden(page, name) for name in ("seen", "csrf_token")} | {"title": TITLE, "body": f"{WORD}."}
        assert keeper.post(DRAFT, data=fields).status_code == 303
    return keeper


def version(keeper: PageClient) -> str:
    """The version that the edition's forms name."""
    page = keeper.get(TEXTS).text
    found = re.search(r'/desk/editions/20-january/2027/[\w]+">.*?name="version" value="(\d+)"', page, re.DOTALL)
    assert found
    return found.group(1)


def step(keeper: PageClient, name: str) -> int:
    """Press a button of the edition; the status of the answer."""
    return press(keeper, STEP.format(name), version=version(keeper)).status_code


def link(keeper: PageClient) -> str:
    """The path of the link that shows the draft."""
    found = re.search(r'value="(http[^"]*/preview/[^"]*)"', keeper.get(TEXTS).text)
    assert found
    return urlsplit(found.group(1)).path


def test_each_text_stands_there_in_its_four_languages(cast: Cast) -> None:
    page = cast.keeper.get(TEXTS).text
    for part in ("20-january/undated", "pages/rules", "pages/privacy", "pages/about", "pages/accessibility"):
        for lang in LANGUAGES:
            assert f'href="/desk/articles/{part}/{lang}/"' in page
    assert "Begin the edition of 20" in page


def test_a_moderator_has_no_way_there(app: Flask, cast: Cast, keeper: PageClient) -> None:
    assert TEXTS not in cast.moderator.get("/desk/").text
    before = contents(app)
    for path in (TEXTS, DRAFT, f"{DRAFT}versions", f"{DRAFT}file", STEP.format("preview")):
        assert cast.moderator.get(path).status_code == 403
    for path in (BEGIN, STEP.format("publish"), STEP.format("share"), DRAFT, f"{DRAFT}restore"):
        assert press(cast.moderator, path, version="1", number="1", title="x", body="x").status_code == 403
    assert contents(app) == before


# ---- before midnight, at every surface


def surfaces(client: PageClient) -> dict[str, str]:
    """Everything that a visitor or a machine can read."""
    paths = (
        "/en/20-january/", "/en/20-january/editions/", "/en/20-january/feed.atom", "/sitemap.xml",
        "/en/search?q=unerhortwort", "/en/search/suggestions?q=unerh", "/en/search?q=thirty-seven",
        "/en/20-january/archive/",
    )  # fmt: skip
    return {path: client.get(path).text for path in paths}


def test_until_midnight_nothing_shows_the_draft(cast: Cast, keeper: PageClient) -> None:
    with time_machine.travel(BEFORE, tick=False):
        for path, page in surfaces(cast.visitor).items():
            said = page.replace("unerhortwort", "").replace("thirty-seven", "")
            assert TITLE not in said, path
            assert WORD not in said, path
            assert "editions/2027" not in said, path
        assert cast.visitor.get("/en/20-january/editions/2027/").status_code == 404
        assert cast.visitor.get("/en/20-january/editions/undated/").status_code == 404
        for path in (STEP.format("preview"), DRAFT, f"{DRAFT}file"):
            assert cast.visitor.get(path).status_code == 302


def test_from_midnight_on_it_is_what_the_memorials_page_shows(cast: Cast, keeper: PageClient) -> None:
    with time_machine.travel(AFTER):
        shown = surfaces(cast.visitor)
        front = shown["/en/20-january/"]
        assert TITLE in front.split("</h1>")[0]
        assert "37 years" in front
        assert 'rel="canonical" href="http://127.0.0.1:8000/en/20-january/"' in front
        assert TITLE in shown["/en/20-january/editions/"]
        assert "/en/20-january/editions/undated/" in shown["/en/20-january/editions/"]
        assert "editions/undated/" in shown["/sitemap.xml"]
        assert "editions/2027" not in shown["/sitemap.xml"]
        assert f"<mark>{WORD}</mark>" in shown["/en/search?q=unerhortwort"]
        assert WORD in cast.visitor.get("/en/search/suggestions?q=unerh").get_json()["suggestions"]


def test_the_address_of_its_year_is_there_from_midnight_on_and_says_which_page_is_its_own(
    cast: Cast, keeper: PageClient
) -> None:
    with time_machine.travel(AFTER):
        page = cast.visitor.get("/en/20-january/editions/2027/")
        assert page.status_code == 200
        assert 'rel="canonical" href="http://127.0.0.1:8000/en/20-january/"' in page.text
        former = cast.visitor.get("/en/20-january/editions/undated/")
        assert "20 January 1990" in main_of(former) or "20 January 1990" in former.text
        assert 'rel="canonical" href="http://127.0.0.1:8000/en/20-january/editions/undated/"' in former.text


def test_the_search_leads_to_where_each_text_stands(cast: Cast, keeper: PageClient) -> None:
    with time_machine.travel(AFTER):
        assert 'href="/en/20-january/"' in main_html(cast.visitor.get("/en/search?q=unerhortwort").text)
        assert 'href="/en/20-january/editions/undated/"' in cast.visitor.get("/en/search?q=severely+wounded").text


def main_html(page: str) -> str:
    """A page without its frame."""
    return page.partition("<main")[2].partition("</main>")[0]


def test_a_caches_copy_from_before_midnight_is_no_longer_the_page(cast: Cast, keeper: PageClient) -> None:
    with time_machine.travel(BEFORE, tick=False):
        tag = cast.visitor.get("/en/20-january/").headers["ETag"]
        assert cast.visitor.get("/en/20-january/", headers={"If-None-Match": tag}).status_code == 304
    with time_machine.travel(AFTER):
        assert cast.visitor.get("/en/20-january/", headers={"If-None-Match": tag}).status_code == 200


def test_an_index_that_nobody_searched_is_told_by_the_daily_run(app: Flask, cast: Cast, keeper: PageClient) -> None:
    with time_machine.travel(AFTER):
        assert app.test_cli_runner().invoke(args=["tribute", "erase"]).exit_code == 0
        before = contents(app)
        assert f"<mark>{WORD}</mark>" in cast.visitor.get("/en/search?q=unerhortwort").text
        assert contents(app) == before


# ---- what a keeper does with it


def test_the_date_is_taken_off_and_set_again(cast: Cast, keeper: PageClient) -> None:
    with time_machine.travel(LATER):
        assert "Takes its place by itself on 20 January 2027 at 00:00." in keeper.get(TEXTS).text
        assert step(keeper, "take_off") == 303
        assert "Has no date" in keeper.get(TEXTS).text
    with time_machine.travel(AFTER):
        assert TITLE not in cast.visitor.get("/en/20-january/").text
    with time_machine.travel(LATER + timedelta(hours=1)):
        assert step(keeper, "day") == 303
    with time_machine.travel(AFTER):
        assert TITLE in cast.visitor.get("/en/20-january/").text


def test_it_is_published_at_once_and_taken_back(cast: Cast, keeper: PageClient) -> None:
    with time_machine.travel(LATER):
        assert step(keeper, "publish") == 303
        assert TITLE in cast.visitor.get("/en/20-january/").text
        assert WORD in cast.visitor.get("/en/search?q=unerhortwort").text
        assert step(keeper, "take_off") == 303
        assert TITLE not in cast.visitor.get("/en/20-january/").text
        assert f"<mark>{WORD}</mark>" not in cast.visitor.get("/en/search?q=unerhortwort").text


def test_a_step_on_an_older_version_and_a_second_beginning_are_refused(app: Flask, keeper: PageClient) -> None:
    with time_machine.travel(LATER):
        seen = version(keeper)
        assert step(keeper, "take_off") == 303
        before = contents(app)
        for name in ("publish", "day", "take_off", "share", "revoke"):
            assert press(keeper, STEP.format(name), version=seen).status_code == 409
        assert press(keeper, BEGIN).status_code == 409
        assert press(keeper, STEP.format("publish")).status_code == 409
        assert contents(app) == before


def test_an_edition_that_was_brought_in_has_nothing_to_settle(keeper: PageClient) -> None:
    for path in (STEP.format("publish").replace("2027", "2019"), BEGIN.replace("20-january", "nowhere")):
        assert press(keeper, path, version="1").status_code == 404
    assert keeper.get(STEP.format("preview").replace("2027", "2019")).status_code == 404


# ---- seeing it before others do


def test_a_keeper_sees_it_in_each_language_as_its_readers_will(keeper: PageClient) -> None:
    with time_machine.travel(LATER):
        page = keeper.get(STEP.format("preview"))
        assert TITLE in page.text.split("</h1>")[0]
        assert "37 years" in page.text
        assert "It takes its place on 20 January 2027 at 00:00." in page.text
        assert "20 Yanvar 1990" in keeper.get(f"{STEP.format('preview')}?language=az").text


def test_whoever_has_the_link_sees_it_and_nobody_keeps_it(cast: Cast, keeper: PageClient) -> None:
    with time_machine.travel(LATER):
        assert step(keeper, "share") == 303
        path = link(keeper)
        for lang in LANGUAGES:
            page = cast.visitor.get(path.replace(path.split("/")[1], lang, 1))
            assert page.status_code == 200
            assert page.headers["Cache-Control"] == "no-store"
            assert '<meta name="robots" content="noindex">' in page.text
            assert "canonical" not in page.text
            assert "Set-Cookie" not in page.headers
        assert TITLE in cast.visitor.get("/en/" + path.split("/", 2)[2]).text
        assert "Disallow: /en/preview/" in cast.visitor.get("/robots.txt").text
        assert step(keeper, "revoke") == 303
        assert cast.visitor.get(path).status_code == 404
        assert step(keeper, "share") == 303
        assert link(keeper) != path


def test_the_link_leads_to_the_public_page_once_there_is_one(cast: Cast, keeper: PageClient) -> None:
    with time_machine.travel(LATER):
        step(keeper, "share")
        path = link(keeper)
    with time_machine.travel(AFTER):
        answer = cast.visitor.get(path)
        assert (answer.status_code, answer.location) == (302, f"/{path.split('/')[1]}/20-january/editions/2027/")


def test_no_link_opens_a_draft_that_was_not_shared(app: Flask, cast: Cast, keeper: PageClient) -> None:
    for token in ("A" * 32, "x", "%00", "é", "0" * 500):
        assert cast.visitor.get(f"/en/preview/{token}/").status_code == 404


def test_the_log_says_what_was_done_and_who_did_it(cast: Cast, keeper: PageClient) -> None:
    with time_machine.travel(LATER):
        step(keeper, "take_off")
        log = cast.moderator.get("/desk/log").text
        for said in ("An edition begun", "A text changed", "An edition’s day taken off"):
            assert f"<b>{said}</b>" in log
        assert TITLE not in log


def test_a_second_memorial_is_listed_with_its_own_texts(app: Flask, cast: Cast) -> None:
    added = ["tribute", "memorial", "add", "other", "--date", "2001-05-09", "--time-zone", "Europe/Istanbul",
             "--name", "en=Other"]  # fmt: skip
    assert app.test_cli_runner().invoke(args=added).exit_code == 0
    page = cast.signed_in(Role.KEEPER, "Kamran", "other@memorial.example").get(TEXTS).text
    assert 'href="/desk/articles/other/undated/en/"' in page
    assert "/desk/editions/other/begin" not in page
