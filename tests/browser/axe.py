"""axe-core, asked for everything that WCAG 2.2 AA wants and its own best practice."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Literal

from playwright.sync_api import Page, ViewportSize

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}
DESKTOP, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=780)
LIGHT_AND_DARK: tuple[tuple[Literal["light", "dark"], ViewportSize], ...] = (("light", DESKTOP), ("dark", PHONE))


def look(page: Page) -> list[str]:
    """What axe holds against the page as it stands."""
    answer: dict[str, Any] = page.evaluate("options => axe.run(document, options)", OPTIONS)
    assert answer["passes"] is not None
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]
