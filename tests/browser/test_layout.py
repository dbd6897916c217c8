"""Every page on a narrow screen, in every language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import DESKTOP
from tests.browser.ears import Ears
from tests.browser.every_page import Walk
from tests.browser.known import fill
from tests.browser.server import Site, Snapshot
from tests.browser.survey import measure
from tests.page import LANGUAGES

NARROW = {"viewport": {"width": 320, "height": 640}}  # what WCAG 1.4.10 asks for


@dataclass
class Survey:
    """What one walk over all the pages in one language found."""

    pages: dict[str, dict[str, Any]]
    complaints: list[str]


@pytest.fixture(scope="module", params=LANGUAGES)
def survey(request: pytest.FixtureRequest, browser: Browser, served: tuple[Site, Snapshot]) -> Survey:
    """Walk once, for all the tests below."""
    site, snapshot = served
    snapshot.restore()
    settings = DESKTOP | NARROW | {"base_url": site.url, "locale": request.param}
    visitor, keeper = (browser.new_context(**settings) for _ in range(2))
    ears = [Ears(context, site.url) for context in (visitor, keeper)]
    walk = Walk(site, fill(site), request.param, visitor.new_page(), keeper.new_page())
    measured = {name: measure(page) for name, page in walk.pages()}
    visitor.close()
    keeper.close()
    return Survey(measured, [complaint for each in ears for complaint in each.complaints])


def test_no_page_scrolls_sideways_at_320_pixels(survey: Survey) -> None:
    assert not [f"{name}: {found['beyond']}" for name, found in survey.pages.items() if found["beyond"] > 0]


def test_whatever_is_pressed_is_high_enough_for_a_finger(survey: Survey) -> None:
    assert not [f"{name}: {one}" for name, found in survey.pages.items() for one in found["small"]]


def test_no_letter_is_set_too_small(survey: Survey) -> None:
    assert not [f"{name}: {one}" for name, found in survey.pages.items() for one in found["letters"]]


def test_no_page_makes_the_browser_complain_or_ask_another_host(survey: Survey) -> None:
    assert survey.complaints == []
