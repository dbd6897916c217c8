"""The first page that anybody sees: what it weighs, and how it begins on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Someone
from tests.browser.known import fill
from tests.browser.server import Site
from tests.page import LANGUAGES

PHONE = {"width": 360, "height": 780}
MOST = 160 * 1024  # bytes as they come over the wire, headers included


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_first_visit_moves_little(site: Site, someone: Someone, lang: str) -> None:
    fill(site)
    page = someone(site, locale=lang)
    moved = weigh(page)
    page.goto(f"/{lang}/20-january/", wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    assert any(address.endswith(".woff2") for address in moved)
    assert sum(moved.values()) <= MOST, moved


@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_a_phone_the_words_begin_on_the_first_screen(site: Site, someone: Someone, lang: str) -> None:
    page = someone(site, locale=lang, viewport=PHONE)
    page.goto(f"/{lang}/20-january/")
    page.evaluate("document.fonts.ready")
    lede, figures, text = (top(page, f".read .{part}") for part in ("lede", "figs", "text"))
    assert lede < 560
    assert lede < figures < text


def weigh(page: Page) -> dict[str, float]:
    """Fill up, while the page loads, with what each address moved."""
    moved: dict[str, float] = {}
    addresses: dict[str, str] = {}
    network = page.context.new_cdp_session(page)
    network.on("Network.requestWillBeSent", lambda e: addresses.update({e["requestId"]: e["request"]["url"]}))
    network.on("Network.loadingFinished", lambda e: moved.update({addresses[e["requestId"]]: e["encodedDataLength"]}))
    network.send("Network.enable")
    return moved


def top(page: Page, selector: str) -> float:
    """Where an element begins, from the top of the page."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["y"]
