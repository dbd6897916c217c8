"""Chromium, the served site, and people who come to it, each with a browser of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import BrowserContext, Page

from deploy.chromium import SHELL, WHOLE, find
from tests import databases
from tests.browser.ears import Ears
from tests.browser.server import Site, Snapshot, serve

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"}
PATIENCE = 10_000  # milliseconds until an expected thing has to be on the page


class Someone(Protocol):
    """Lets somebody come to a site with a browser that nobody has used yet."""

    def __call__(self, site: Site, **settings: Any) -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's own Chromium."""
    return browser_type_launch_args | {"executable_path": chromium(SHELL, *WHOLE), "args": FLAGS}


def chromium(*names: str) -> str:
    """The first of these that is here; where there is none the tests are left out, or fail where CI requires it."""
    found = find(*names)
    if found is None and "chromium" in databases.REQUIRED:
        pytest.fail("Chromium is missing, and TRIBUTE_REQUIRE names it")
    return found or pytest.skip("Chromium is missing")


@pytest.fixture(scope="session")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Snapshot]]:
    """One server a worker, on SQLite."""
    folder = tmp_path_factory.mktemp("served")
    with serve(databases.sqlite_copy(sqlite_template, folder), folder) as site:
        snapshot = Snapshot(site)
        yield site, snapshot
        snapshot.close()


@pytest.fixture
def site(browser: object, served: tuple[Site, Snapshot]) -> Iterator[Site]:
    """The served site as it was on its first day: what ships, and nobody's words."""
    site, snapshot = served
    snapshot.restore()
    site.log.write_text("")
    yield site
    assert not site.failures()


@pytest.fixture
def site_on_postgresql(browser: object, postgresql_template: str, tmp_path: Path) -> Iterator[Site]:
    """The same on PostgreSQL."""
    for database in databases.postgresql_copy(postgresql_template):
        with serve(database, tmp_path) as site:
            yield site
            assert not site.failures()


@pytest.fixture
def someone(new_context: Callable[..., BrowserContext]) -> Iterator[Someone]:
    """People with browsers; whatever they do, no browser complains and none asks another host."""
    ears: list[Ears] = []

    def come(site: Site, **settings: Any) -> Page:
        context = new_context(base_url=site.url, **DESKTOP | settings)
        context.set_default_timeout(PATIENCE)
        ears.append(Ears(context, site.url))
        return context.new_page()

    yield come
    assert not [complaint for each in ears for complaint in each.complaints]


@pytest.fixture
def reader(site: Site, someone: Someone) -> Page:
    """A visitor."""
    return someone(site)
