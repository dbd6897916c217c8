"""Paper, the dark, and less motion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Someone
from tests.browser.server import Site
from tribute.domain.lifecycle import Status

ARTICLE = "/en/20-january/"
DAY = datetime(2026, 1, 20, 8, tzinfo=UTC)
MOVING = """() => [...document.querySelectorAll('*')].flatMap(element => {
  const { transitionDuration, animationName } = getComputedStyle(element);
  const moves = transitionDuration.split(',').some(one => parseFloat(one) > 0) || animationName !== 'none';
  return moves ? [element.outerHTML.slice(0, 80)] : [];
})"""


@pytest.mark.parametrize("room", ["article", "wall", "tribute", "month", "this day"])
def test_paper_has_the_words_and_nothing_to_press(site: Site, reader: Page, room: str) -> None:
    public_id = site.cast.tribute(Status.APPROVED, name="Nigar", words="Unutmadıq.", at=DAY)
    site.cast.tribute(Status.APPROVED, name="Elçin", words="Unutmarıq.", at=DAY - timedelta(days=365))
    rooms = {"article": "", "wall": "tributes/", "tribute": f"tributes/{public_id}/", "month": "archive/2026/1/",
             "this day": "archive/on-this-day/"}  # fmt: skip
    reader.goto(ARTICLE + rooms[room])
    expect(reader.locator("header nav")).to_be_visible()
    reader.emulate_media(media="print")
    for pressed in ("header nav", ".langs", ".btn:visible", ".turn:visible", ".chips:visible", ".foot", ".skip"):
        expect(reader.locator(pressed)).not_to_be_visible()
    expect(reader.get_by_text("Unutmadıq.")).to_be_visible()
    expect(reader.get_by_text("Nigar").locator("visible=true").first).to_be_visible()
    assert lightness(reader) == 1
    assert reader.pdf().startswith(b"%PDF-")


def test_the_article_prints_whole(reader: Page) -> None:
    reader.goto(ARTICLE)
    reader.emulate_media(media="print")
    for part in ("h1", ".lede", ".figs", ".time", ".text", ".close", ".source"):
        expect(reader.locator(part)).to_be_visible()


def test_a_printed_tribute_fills_one_page(site: Site, reader: Page) -> None:
    public_id = site.cast.tribute(Status.APPROVED, name="Nigar", words="Unutmadıq.", gesture="carnation")
    reader.goto(f"{ARTICLE}tributes/{public_id}/")
    assert reader.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_the_dark_is_dark_and_the_light_is_light(site: Site, someone: Someone) -> None:
    page = someone(site)
    page.goto(ARTICLE)
    light = lightness(page)
    page.emulate_media(color_scheme="dark")
    assert lightness(page) < 0.15 < 0.85 < light


def test_those_who_ask_for_less_motion_see_none(site: Site, someone: Someone) -> None:
    page = someone(site)
    page.goto(ARTICLE)
    page.locator(".langs summary").click()
    assert page.evaluate(MOVING)
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == []


def lightness(page: Page) -> float:
    """How light the page's ground is, from 0 to 1."""
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    parts = [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    return sum(parts) / (255 * len(parts))
