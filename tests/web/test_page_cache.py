"""The page cache: what is kept and how long; nobody's own, bounded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests.cast import FORM, WALL, Cast
from tests.web.public_pages import CHANGES, HOME, PUBLIC, cache_of, in_session, rendered_anew
from tests.web.steps import MEMORIAL, amend, decide, withdraw
from tribute.app import create_app
from tribute.config import Settings
from tribute.domain import text
from tribute.domain.lifecycle import Status
from tribute.extensions import db
from tribute.web.page_cache import PAGES, Key, Page, Store
from tribute.web.shell import PERSONAL_PAGES, PERSONAL_ROOMS

NOT_KEPT = {
    "memorial.home", "memorial.index", "tributes.short",  # lead elsewhere
    "numbers.show",  # changes with every decision, public or not
    "static",
    "outside.alive", "outside.ready", "outside.metrics",  # of the moment
}  # fmt: skip


# ---- what is kept, and how long


def test_a_page_is_rendered_once_for_everybody(cast: Cast, rendered: list[str]) -> None:
    for path in PUBLIC:
        first = cast.client().get(path)
        for headers in ({}, {"Accept-Language": "ru"}, {"Cookie": "of=another"}, {"Host": "evil.example"}):
            again = cast.client().get(path, headers=headers)
            assert (again.status_code, again.data, again.headers["ETag"]) == (200, first.data, first.headers["ETag"])
    assert [path.replace("%20", " ") for path in rendered] == PUBLIC


def test_every_public_page_is_kept_or_said_not_to_be(app: Flask) -> None:
    public = {
        rule.endpoint for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in PERSONAL_PAGES
        and rule.endpoint.split(".")[0] not in PERSONAL_ROOMS
    }  # fmt: skip
    assert public == set(PAGES) | NOT_KEPT


def test_what_waits_or_is_declined_renders_nothing_anew(cast: Cast, rendered: list[str]) -> None:
    before = cast.visitor.get(WALL)
    author = cast.author(message="Words that wait")
    decide(cast.moderator, cast.tribute(Status.PENDING), "decline", reason="off_topic")
    amend(author, "Other words that wait")
    rendered.clear()
    assert cast.visitor.get(WALL).headers["ETag"] == before.headers["ETag"]
    assert rendered == []


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_in_public_is_seen_at_once_on_every_page(cast: Cast, uncached: Flask, change: str) -> None:
    for _each in range(2):
        cast.tribute()
    before = {path: cast.visitor.get(path).data for path in PUBLIC}
    CHANGES[change](cast)
    true = {path: uncached.test_client().get(path).data for path in PUBLIC}
    assert true != before
    assert {path: cast.visitor.get(path).data for path in PUBLIC} == true


def test_an_author_who_withdraws_or_formats_anew_sees_it_at_once(cast: Cast, uncached: Flask) -> None:
    author = cast.author(message="The silence on the morning after.")
    decide(cast.moderator, author.public_id, "approve")
    page = f"{WALL}{author.public_id}/"
    assert b"silence" in cast.visitor.get(page).data
    amend(author, "The <b>silence</b> on the morning after.")
    decide(cast.moderator, author.public_id, "approve")
    assert b"<b>silence</b>" in cast.visitor.get(page).data
    assert cast.visitor.get(page).data == uncached.test_client().get(page).data
    withdraw(author)
    assert cast.visitor.get(page).status_code == 410
    assert b"silence" not in cast.visitor.get(WALL).data


def test_what_a_new_cleaner_leaves_out_is_gone_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.tribute(words="<b>Dear</b> friend")
    assert "<b>Dear</b>" in cast.visitor.get(WALL).text
    monkeypatch.setattr(text, "POLICY", text.POLICY + 1)
    monkeypatch.setattr(text, "render", text.escape)
    in_session(rendered_anew)(cast)
    assert "<b>Dear</b>" not in cast.visitor.get(WALL).text


def test_another_process_has_it_too(cast: Cast, settings: Settings, rendered: list[str]) -> None:
    assert "Leeds" not in cast.visitor.get(WALL).text
    other = create_app(settings, TESTING=True)
    Cast(other).tribute()
    assert "Leeds" in cast.visitor.get(WALL).text
    assert len(rendered) == 2
    with other.app_context():
        db.engine.dispose()


def test_a_day_ends_at_midnight_where_the_memorial_is(cast: Cast) -> None:
    with time_machine.travel(datetime(2027, 1, 19, 19, 59, 52, tzinfo=UTC), tick=False) as clock:
        first = cast.visitor.get(HOME)
        assert "s-maxage=8, stale-while-revalidate=0, stale-if-error=8" in first.headers["Cache-Control"]
        clock.shift(timedelta(seconds=8))
        after = cast.visitor.get(HOME)
    assert ("36 years" in first.text, "37 years" in after.text) == (True, True)
    assert "s-maxage=10, stale-while-revalidate=10, stale-if-error=3600" in after.headers["Cache-Control"]


def test_a_page_that_a_wrong_clock_dated_ahead_is_not_kept_once_the_clock_is_right(cast: Cast) -> None:
    with time_machine.travel(datetime(2030, 1, 21, 12, tzinfo=UTC), tick=False):
        ahead = cast.visitor.get(HOME)
    with time_machine.travel(datetime(2027, 1, 21, 12, tzinfo=UTC), tick=False):
        right = cast.visitor.get(HOME)
    assert ("40 years" in ahead.text, "37 years" in right.text) == (True, True)


def test_a_search_that_was_cut_short_is_not_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.tribute()
    monkeypatch.setattr("tribute.services.search.SECONDS", 0)
    assert cast.visitor.get("/en/search?q=silence").headers["Cache-Control"] == "no-store"
    monkeypatch.setattr("tribute.services.search.SECONDS", 60)
    assert "<mark>silence</mark>" in cast.visitor.get("/en/search?q=silence").text


# ---- nobody's own


def test_who_has_a_session_is_never_answered_from_it_nor_kept_in_it(cast: Cast, rendered: list[str]) -> None:
    """A keeper and strangers by turns: each answer to the keeper is made for the keeper, and none to a stranger is."""
    cast.keeper.get("/desk/")
    cast.tribute()
    strangers = [cast.client() for _ in range(3)]
    for path in [*PUBLIC, "/desk/", FORM, f"/en/{MEMORIAL}/numbers/"]:
        for stranger in strangers:
            rendered.clear()
            assert cast.keeper.get(path).status_code == 200
            assert [asked.split("?")[0] for asked in rendered] == [path.split("?")[0]], path
            answer = stranger.get(path)
            assert "Aytən" not in answer.text, path
            if path in PUBLIC:
                assert "Set-Cookie" not in answer.headers, path
    kept = [page.body.decode() for store in cache_of(cast.app)._stores for page in store.pages.values()]
    assert len(kept) == len(PUBLIC)
    assert not [body for body in kept if "Aytən" in body or "csrf_token" in body]


def test_who_wrote_a_tribute_has_a_session_and_reads_past_the_cache(cast: Cast, rendered: list[str]) -> None:
    author = cast.author()
    rendered.clear()
    for _ in range(2):
        author.client.get(WALL)
    assert len(rendered) == 2


# ---- nobody can fill it


def test_what_a_page_does_not_read_is_not_part_of_its_address(cast: Cast, rendered: list[str]) -> None:
    pages = {cast.visitor.get(f"{WALL}?utm_source={n}&year=2026&x={'y' * 500}&fbclid={n}").data for n in range(20)}
    pages.add(cast.visitor.get(f"{WALL}?year=2026&year=2025").data)
    assert len(pages) == 1
    assert rendered == [f"{WALL}?year=2026"]
    assert cast.visitor.get(f"{HOME}?anything=1").data == cast.visitor.get(HOME).data


def test_it_stays_within_its_bytes_and_queries_never_push_out_the_rest(cast: Cast, rendered: list[str]) -> None:
    cache = cache_of(cast.app)
    cache._stores = Store(200_000), Store(60_000)
    cast.visitor.get(HOME)
    for number in range(60):
        cast.visitor.get(f"/en/search?q=silence{number}")
    rendered.clear()
    cast.visitor.get(HOME)
    assert rendered == []
    for store in cache._stores:
        assert 0 < store.bytes <= store.most
        assert store.bytes == sum(page.size for page in store.pages.values())


def test_what_was_used_stays_longest() -> None:
    store = Store(35)
    pages = {name: Page((), 0.0, [], b"x" * 10, "") for name in "abcd"}
    for name in "abc":
        store.put(Key("", name, ""), pages[name])
    store.get(Key("", "a", ""))
    store.put(Key("", "d", ""), pages["d"])
    assert [key.path for key in store.pages] == ["c", "d", "a"]
    store.put(Key("", "e", ""), Page((), 0.0, [], b"x" * 100, ""))
    assert store.pages == {}
    assert store.bytes == 0


def test_a_former_page_that_is_served_in_one_more_coding_does_not_come_back() -> None:
    store, key = Store(100), Key("", "a", "")
    former, newer = Page((), 0.0, [], b"x" * 10, ""), Page((), 0.0, [], b"y" * 20, "")
    store.put(key, former)
    store.put(key, newer)
    former.ready("")
    store.grew(key, former)
    assert (store.get(key), store.bytes) == (newer, 20)
    newer.ready("")
    store.grew(key, newer)
    assert store.bytes == 40


def test_a_page_larger_than_the_whole_is_answered_and_not_kept(cast: Cast, rendered: list[str]) -> None:
    cache_of(cast.app)._stores = Store(10), Store(10)
    assert [cast.visitor.get(HOME).status_code for _ in range(2)] == [200, 200]
    assert len(rendered) == 2


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=ışıq", "q=a%00b&&&=;", "a=1&" * 400, "q=a&q=b", "q=&year="])
def test_queries_that_are_hard_to_read_are_read_as_without_the_cache(cast: Cast, uncached: Flask, query: str) -> None:
    address = f"/en/search?{query}"
    assert cast.visitor.get(address).data == uncached.test_client().get(address).data
