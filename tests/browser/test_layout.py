"""Every page on a narrow screen, in every language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import DESKTOP
from tests.browser.every_page import Walk
from tests.browser.known import fill
from tests.browser.server import Site, Snapshot
from tests.browser.survey import measure
from tests.page import LANGUAGES

NARROW = {"viewport": {"width": 320, "height": 640}}  # what WCAG 1.4.10 asks for
Survey = dict[str, dict[str, Any]]


@pytest.fixture(scope="module", params=LANGUAGES)
def survey(request: pytest.FixtureRequest, browser: Browser, served: tuple[Site, Snapshot]) -> Iterator[Survey]:
    """One walk over all the pages in one language, measured once for the tests below."""
    site, snapshot = served
    snapshot.restore()
    people = [
        browser.new_context(base_url=site.url, **DESKTOP | NARROW | {"locale": request.param}) for _ in range(2)
    ]  # fmt: skip
    walk = Walk(site, fill(site), request.param, *(context.new_page() for context in people))
    yield {name: measure(page) for name, page in walk.pages()}
    for context in people:
        context.close()


def test_no_page_scrolls_sideways_at_320_pixels(survey: Survey) -> None:
    assert not [f"{name}: {found['beyond']}" for name, found in survey.items() if found["beyond"] > 0]


def test_whatever_is_pressed_is_high_enough_for_a_finger(survey: Survey) -> None:
    assert not [f"{name}: {one}" for name, found in survey.items() for one in found["small"]]


def test_no_letter_is_set_too_small(survey: Survey) -> None:
    assert not [f"{name}: {one}" for name, found in survey.items() for one in found["letters"]]
