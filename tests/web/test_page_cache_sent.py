"""The page cache: how a page is sent, in which coding and with which headers, also when the database is gone."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import brotli
import pytest
from flask import Flask
from sqlalchemy import make_url

from tests import databases
from tests.cast import FORM, WALL, Cast
from tests.web.steps import MEMORIAL
from tribute.config import Settings
from tribute.extensions import db
from tribute.web.page_cache import lifetime

HOME = f"/en/{MEMORIAL}/"


def test_it_comes_compressed_with_a_strong_tag_of_its_own_for_each_coding(cast: Cast) -> None:
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}
    cast.app.test_client_class = None
    browser = cast.app.test_client()
    plain = browser.get(HOME)
    tags = {plain.headers["ETag"]}
    wanted = {"br": "br", "gzip": "gzip", "gzip, deflate, br, zstd": "br", "br;q=0, gzip": "gzip"}
    for accepted, coding in wanted.items():
        answer = browser.get(HOME, headers={"Accept-Encoding": accepted})
        assert answer.headers["Content-Encoding"] == coding
        assert unpack[coding](answer.data) == plain.data
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert answer.headers["Vary"] == "Accept-Encoding"
        tags.add(answer.headers["ETag"])
        again = browser.get(HOME, headers={"Accept-Encoding": accepted, "If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", answer.headers["ETag"])
    assert len(tags) == 3
    assert not [tag for tag in tags if tag.startswith("W/")]
    for refused in ("identity", "zstd", "br;q=0", ""):
        assert "Content-Encoding" not in browser.get(HOME, headers={"Accept-Encoding": refused}).headers


def test_head_says_what_get_says_without_the_page(cast: Cast) -> None:
    for path in (HOME, "/en/none/", "/"):
        first, got = cast.visitor.head(path), cast.visitor.get(path)
        assert (first.status_code, first.data) == (got.status_code, b""), path
        if path == HOME:
            assert first.headers == got.headers


def test_a_tag_of_before_is_answered_with_the_new_page(cast: Cast) -> None:
    before = cast.visitor.get(WALL).headers["ETag"]
    cast.tribute()
    assert cast.visitor.get(WALL, headers={"If-None-Match": before}).status_code == 200
    assert cast.visitor.get(WALL, headers={"If-None-Match": "*"}).status_code == 304


def test_a_public_page_says_what_it_shows_to_whoever_keeps_it_in_front(cast: Cast) -> None:
    public_id = cast.tribute()
    for path, keys in {
        WALL: f"public {MEMORIAL} {public_id}", f"{WALL}{public_id}/": f"public {MEMORIAL} {public_id}",
        "/en/pages/rules/": f"public {MEMORIAL}", "/robots.txt": "public",
    }.items():  # fmt: skip
        assert cast.visitor.get(path).headers["Surrogate-Key"] == keys, path
    for path in (FORM, "/none", "/account/login"):
        assert "Surrogate-Key" not in cast.visitor.get(path).headers


@pytest.mark.parametrize(("left", "said"), [
    (86_400, "public, max-age=0, s-maxage=10, stale-while-revalidate=10, stale-if-error=3600"),
    (15, "public, max-age=0, s-maxage=10, stale-while-revalidate=5, stale-if-error=15"),
    (3, "public, max-age=0, s-maxage=3, stale-while-revalidate=0, stale-if-error=3"),
    (-5, "public, max-age=0, s-maxage=0, stale-while-revalidate=0, stale-if-error=0"),
])  # fmt: skip
def test_no_cache_in_front_keeps_a_page_past_midnight(left: int, said: str) -> None:
    assert lifetime(left) == said


# ---- when the database is gone


@contextmanager
def gone(settings: Settings) -> Iterator[None]:
    """Nobody can reach the database."""
    url = make_url(settings.database)
    db.engine.dispose()
    if url.get_backend_name() == "sqlite":
        folder = Path(url.database or "").parent
        away = folder / "away"
        away.mkdir()
        files = [file.name for file in folder.glob("tribute.db*")]
        for name in files:
            (folder / name).rename(away / name)
        yield
        db.engine.dispose()
        for name in files:
            (away / name).rename(folder / name)
        return
    databases.run(databases.OTHERS, name=url.database)
    databases.run(f"ALTER DATABASE {url.database} RENAME TO {url.database}_away")
    try:
        yield
    finally:
        databases.run(f"ALTER DATABASE {url.database}_away RENAME TO {url.database}")


def test_what_it_has_is_served_on_and_says_that_it_may_be_old(app: Flask, cast: Cast, settings: Settings) -> None:
    before = cast.visitor.get(HOME)
    with app.app_context(), gone(settings):
        during = cast.visitor.get(HOME)
        assert (during.status_code, during.data) == (200, before.data)
        assert during.headers["Cache-Status"] == "tribute; hit; detail=stale"
        assert "s-maxage=0, stale-while-revalidate=0" in during.headers["Cache-Control"]
        assert cast.visitor.get(WALL).status_code == 503
    cast.tribute()
    after = cast.visitor.get(HOME)
    assert "Cache-Status" not in after.headers
    assert "Leeds" in after.text


def test_a_page_that_cannot_be_rendered_is_the_last_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = cast.visitor.get(WALL)
    cast.tribute()
    monkeypatch.setitem(cast.app.view_functions, "tributes.wall", lambda **_: ("", 503))
    during = cast.visitor.get(WALL)
    assert (during.data, during.headers["Cache-Status"]) == (before.data, "tribute; hit; detail=stale")


def test_it_can_be_left_out(uncached: Flask) -> None:
    answer = uncached.test_client().get(HOME)
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
