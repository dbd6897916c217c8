"""Every page in every language, by one walk: on a narrow screen, and by axe-core, light and dark."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.axe import AXE, DESKTOP, PHONE, look
from tests.browser.ears import Ears
from tests.browser.every_page import Walk
from tests.browser.known import fill
from tests.browser.server import Site, Snapshot
from tests.browser.survey import measure
from tests.page import LANGUAGES

NARROW = ViewportSize(width=320, height=640)  # what WCAG 1.4.10 asks for


@dataclass
class Survey:
    """What one walk over all the pages in one language found."""

    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    held_against: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def take(self, name: str, page: Page) -> None:
        """Measure a page as it stands, let axe look at it dark and light, and leave it as it was."""
        self.pages[name] = measure(page)
        page.evaluate(AXE)
        for scheme, size in (("dark", PHONE), ("light", DESKTOP)):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.set_viewport_size(size)
            self.held_against += [f"{name}: {scheme}: {each}" for each in look(page)]
        page.set_viewport_size(NARROW)


@pytest.fixture(scope="module", params=LANGUAGES)
def survey(request: pytest.FixtureRequest, browser: Browser, served: tuple[Site, Snapshot]) -> Survey:
    """Walk once, for all the tests below."""
    site, snapshot = served
    snapshot.restore()
    found = Survey()
    settings: dict[str, Any] = {
        "viewport": NARROW, "base_url": site.url, "locale": request.param, "reduced_motion": "reduce",
    }  # fmt: skip
    visitor, keeper = (browser.new_context(**settings) for _ in range(2))
    ears = [Ears(context, site.url) for context in (visitor, keeper)]
    for name, page in Walk(site, fill(site), request.param, visitor.new_page(), keeper.new_page()).pages():
        found.take(name, page)
    visitor.close()
    keeper.close()
    found.complaints = [complaint for each in ears for complaint in each.complaints]
    return found


def test_axe_finds_nothing_on_any_page(survey: Survey) -> None:
    assert not survey.held_against, "\n".join(survey.held_against)


def test_no_page_scrolls_sideways_at_320_pixels(survey: Survey) -> None:
    assert not [f"{name}: {found['beyond']}" for name, found in survey.pages.items() if found["beyond"] > 0]


def test_whatever_is_pressed_is_high_enough_for_a_finger(survey: Survey) -> None:
    assert not [f"{name}: {one}" for name, found in survey.pages.items() for one in found["small"]]


def test_no_letter_is_set_too_small(survey: Survey) -> None:
    assert not [f"{name}: {one}" for name, found in survey.pages.items() for one in found["letters"]]


def test_no_page_makes_the_browser_complain_or_ask_another_host(survey: Survey) -> None:
    assert survey.complaints == []
