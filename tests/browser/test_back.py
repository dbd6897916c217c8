"""Going back after sending: browsers keep the page as it was, and the same form is the same tribute."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.chromium import WHOLE
from tests.browser import steps
from tests.browser.conftest import DESKTOP, chromium
from tests.browser.server import Site

FORM = "/en/20-january/tributes/new"


@pytest.fixture
def keeper_of_pages(site: Site, launch_browser: Callable[..., Browser]) -> Iterator[Page]:
    """A browser that keeps pages it left, as people's browsers do; Playwright's own is told not to."""
    whole = chromium(*WHOLE)  # its shell keeps no page
    browser = launch_browser(executable_path=whole, ignore_default_args=["--disable-back-forward-cache"])
    yield browser.new_context(base_url=site.url, **DESKTOP).new_page()
    browser.close()


def go_back(page: Page) -> None:
    """As by the button: a page that was kept loads nothing, so there is no load to wait for."""
    page.evaluate("history.back()")
    page.wait_for_url(f"**{FORM}", wait_until="commit")


def test_sending_the_same_words_again_leads_to_the_same_receipt(site: Site, keeper_of_pages: Page) -> None:
    page = keeper_of_pages
    receipt = steps.leave_tribute(page)
    go_back(page)
    steps.send(page)
    expect(page).to_have_url(receipt)
    assert len(site.tributes()) == 1


def test_so_does_a_form_that_came_back_with_a_mistake(site: Site, keeper_of_pages: Page) -> None:
    page = keeper_of_pages
    page.goto(FORM)
    steps.fill(page, message="I remember the silence.")
    steps.consent(page)
    steps.send(page)
    expect(page.locator(".summary")).to_be_focused()
    steps.fill(page, name="Daniel M.")
    steps.send(page)
    steps.arrive_at_receipt(page)
    receipt = page.url
    go_back(page)
    steps.send(page)
    expect(page).to_have_url(receipt)
    assert len(site.tributes()) == 1


def test_other_words_in_a_form_that_was_sent_are_kept_and_become_a_tribute_of_their_own(
    site: Site, keeper_of_pages: Page
) -> None:
    page = keeper_of_pages
    receipt = steps.leave_tribute(page)
    go_back(page)
    steps.fill(page, message="And I remember the carnations.")
    steps.send(page)
    expect(page.locator(".summary")).to_be_focused()
    expect(page.locator("[name=message]")).to_have_value("And I remember the carnations.")
    assert len(site.tributes()) == 1
    steps.send(page)
    steps.arrive_at_receipt(page)
    assert page.url != receipt
    assert len(site.tributes()) == 2
