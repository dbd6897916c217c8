"""Next year's edition: drafted, shown to a few, and in its place at midnight, by a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests import databases
from tests.browser.conftest import Someone
from tests.browser.server import Site, serve
from tests.browser.steps import sign_in
from tribute.domain.permissions import Role

EVE = datetime(2027, 1, 19, 18, tzinfo=UTC)  # ten in the evening in Baku
MIDNIGHT = datetime(2027, 1, 19, 20, tzinfo=UTC)
PUBLIC, YEAR = "/en/20-january/", "/en/20-january/editions/2027/"
TITLE, BODY = "Thirty-seven years", "Unerhörtwort stands in it."


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """Where the served site reads what time it is."""
    file = tmp_path / "clock"
    file.write_text(EVE.isoformat())
    return file


@pytest.fixture
def moved(browser: Browser, sqlite_template: Path, tmp_path: Path, clock: Path) -> Iterator[Site]:
    """The site on the eve of the memorial's day."""
    with serve(databases.sqlite_copy(sqlite_template, tmp_path), tmp_path, clock) as site:
        yield site
        assert not site.failures()


@pytest.mark.parametrize("is_scripted", [True, False])
def test_an_edition_is_drafted_previewed_and_turned_over_at_midnight(
    moved: Site, someone: Someone, clock: Path, is_scripted: bool
) -> None:
    keeper, reader, friend = (someone(moved, java_script_enabled=is_scripted) for _ in range(3))
    sign_in(keeper, moved.person(Role.KEEPER, "Aytən", "keeper@memorial.example"))
    keeper.goto("/desk/articles/")
    keeper.locator("button", has_text="Begin the edition of 2027").click()
    draft = keeper.locator("section.item", has=keeper.locator("h3", has_text="The edition of 2027"))
    expect(draft).to_contain_text("Takes its place by itself on 20 January 2027 at 00:00.")
    draft.locator("a", has_text="English").click()
    keeper.locator(".text-form [name=title]").fill(TITLE)
    keeper.locator(".text-form [name=body]").fill(BODY)
    keeper.locator(".keeping .yes").click()
    keeper.goto("/desk/articles/")
    draft.locator("a", has_text="Preview").click()
    expect(keeper.locator("h1")).to_have_text(TITLE)
    keeper.goto("/desk/articles/")
    draft.locator("button", has_text="Make a link").click()
    link = draft.get_by_label("Link for those who should see it before").input_value()

    friend.goto(f"/en/{urlsplit(link).path.split('/', 2)[2]}")
    expect(friend.locator("h1")).to_have_text(TITLE)
    expect(friend.locator(".over")).to_contain_text("37 years")
    for address in (PUBLIC, "/en/search?q=unerhortwort", "/en/20-january/editions/"):
        reader.goto(address)
        expect(reader.locator("body")).not_to_contain_text(TITLE)

    clock.write_text(MIDNIGHT.isoformat())
    reader.goto(PUBLIC)
    expect(reader.locator("h1")).to_have_text(TITLE)
    reader.goto("/en/search?q=unerhortwort")
    expect(reader.locator(".hit a")).to_have_text(TITLE)
    reader.locator(".hit a").click()
    expect(reader).to_have_url(f"{moved.url}{PUBLIC}")
    reader.goto("/en/20-january/editions/")
    expect(reader.locator(".editions li").first).to_contain_text(TITLE)
    reader.locator(".editions a[href$='/undated/']").click()
    expect(reader.locator("h1")).to_have_text("20 January 1990")
    friend.reload()
    expect(friend).to_have_url(f"{moved.url}{YEAR}")
