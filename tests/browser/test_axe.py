"""axe-core looks at every page, in every language, light and dark."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import Someone
from tests.browser.every_page import Walk
from tests.browser.known import fill
from tests.browser.server import Site
from tests.page import LANGUAGES

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}
DESKTOP, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=780)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_on_any_page(site: Site, someone: Someone, lang: str) -> None:
    visitor, keeper = (someone(site, locale=lang, reduced_motion="reduce") for _ in range(2))
    found: list[str] = []
    for name, page in Walk(site, fill(site), lang, visitor, keeper).pages():
        page.evaluate(AXE)
        found += [f"{name}: light: {each}" for each in look(page)]
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(PHONE)
        found += [f"{name}: dark: {each}" for each in look(page)]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESKTOP)
    assert not found, "\n".join(found)


def look(page: Page) -> list[str]:
    """What axe holds against the page as it stands."""
    answer: dict[str, Any] = page.evaluate("options => axe.run(document, options)", OPTIONS)
    assert answer["passes"] is not None
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]
