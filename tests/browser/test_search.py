"""The search page: years that can be pressed by mouse and by keyboard, on every screen, with JavaScript and without."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import AXE, LIGHT_AND_DARK, look
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tests.browser.test_keyboard import Keyboard
from tribute.domain.lifecycle import Status

SEARCH = "/en/search"


def remember(site: Site, *years: int) -> None:
    """A tribute in each of these years."""
    for year in years:
        site.cast.tribute(Status.APPROVED, words="A zanbaq.", at=datetime(year, 1, 20, 8, tzinfo=UTC))


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_year_is_chosen_and_taken_off_by_its_bar(site: Site, someone: Someone, has_javascript: bool) -> None:
    remember(site, 2022, 2024, 2024)
    page = someone(site, java_script_enabled=has_javascript)
    page.goto(f"{SEARCH}?q=zanbaq")
    page.get_by_role("link", name="2024: 2 results").click()
    expect(page).to_have_url(f"{site.url}{SEARCH}?q=zanbaq&year=2024")
    expect(page.locator(".tribute")).to_have_count(2)
    page.locator(".year.on").click()
    expect(page).to_have_url(f"{site.url}{SEARCH}?q=zanbaq")


def test_the_keyboard_reaches_every_year_and_sees_where_it_is(site: Site, reader: Page) -> None:
    remember(site, 2022, 2024)
    reader.goto(f"{SEARCH}?q=zanbaq")
    bars = reader.locator(".year")
    bars.first.focus()
    reader.keyboard.press("Shift+Tab")
    reader.keyboard.press("Tab")
    expect(bars.first).to_be_focused()
    assert outline(reader, 0) != "none"
    assert outline(reader, 1) == "none"
    reader.keyboard.press("Tab")
    expect(bars.nth(1)).to_be_focused()
    reader.keyboard.press("Enter")
    expect(reader).to_have_url(f"{site.url}{SEARCH}?q=zanbaq&year=2024")


def outline(page: Page, bar: int) -> str:
    """What is drawn around a bar's share of the width."""
    drawn: str = page.locator(".share").nth(bar).evaluate("share => getComputedStyle(share).stroke")
    return drawn


def test_the_years_can_be_passed_over(site: Site, reader: Page) -> None:
    remember(site, *range(2000, 2020))
    reader.goto(f"{SEARCH}?q=zanbaq")
    person = Keyboard(reader)
    person.tab_to(href="#found")
    person.press("Enter")
    person.press("Tab")
    expect(reader.locator(".sorts a").first).to_be_focused()


def test_the_table_has_the_same_years_with_links(site: Site, reader: Page) -> None:
    remember(site, 2022, 2024, 2024)
    reader.goto(f"{SEARCH}?q=zanbaq")
    expect(reader.get_by_role("table")).to_be_hidden()
    reader.get_by_text("As a table").click()
    rows = reader.get_by_role("table", name="Results by year").get_by_role("row")
    assert [row.inner_text().split() for row in rows.all()] == [["Year", "Results"], ["2022", "1"], ["2024", "2"]]
    reader.get_by_role("rowheader", name="2022").get_by_role("link").click()
    expect(reader).to_have_url(f"{site.url}{SEARCH}?q=zanbaq&year=2022")


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_thirty_seven_years_stand_side_by_side_with_labels_apart(site: Site, someone: Someone, width: int) -> None:
    remember(site, 1990, 2005, 2026)
    page = someone(site, viewport={"width": width, "height": 780})
    page.goto(f"{SEARCH}?q=zanbaq&year=2005")
    bars = [box for bar in page.locator(".bar-of").all() if (box := bar.bounding_box())]
    assert len(bars) == 3
    assert all(bar["width"] >= 5 and 0 <= bar["x"] <= width - bar["width"] for bar in bars)
    seen = [box for text in page.locator(".bars .of:visible").all() if (box := text.bounding_box())]
    assert len(seen) >= 4
    assert all(left["x"] + left["width"] + 4 <= right["x"] for left, right in pairwise(seen))
    assert seen[0]["x"] >= 0
    assert seen[-1]["x"] + seen[-1]["width"] <= width


@pytest.mark.parametrize("lang", ["en", "az"])
def test_axe_finds_nothing_on_a_search_with_all_it_can_have(site: Site, someone: Someone, lang: str) -> None:
    remember(site, *range(2015, 2026))
    site.cast.tribute(Status.APPROVED, words="Təcili zanbaq üçün gəldik.", name="Leyla", gesture="carnation")
    page = someone(site, locale=lang, reduced_motion="reduce")
    found: list[str] = []
    for query in (
        "zanbaq&year=2020&kind=tribute",
        "tecili -name:Ley* year:abc",
        "zanbaqx",
        "zanbaq&before=" + "0" * 13,
    ):
        for scheme, viewport in LIGHT_AND_DARK:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(viewport)
            page.goto(f"/{lang}/search?q={query}")
            page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
            page.evaluate(AXE)
            found += [f"{query}: {scheme}: {each}" for each in look(page)]
    assert not found, "\n".join(found)
