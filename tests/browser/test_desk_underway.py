"""A decision that is on its way when its moderator leaves the page."""

from __future__ import annotations

import re

from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser import steps
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tests.browser.test_desk_keys import becomes, focused, moderator, waiting

APPROVE = re.compile("/approve$")
HEAR = """() => {
  const plain = window.fetch;
  window.carried = [];
  window.fetch = (address, given) => {
    if (given.method === 'POST') window.carried.push(given.keepalive);
    return plain(address, given);
  };
}"""
LEAVE = "setTimeout(() => location.assign('/desk/log'), 0)"


def asked_on_leaving(page: Page) -> bool:
    """Try to leave; tell whether the browser asks, and stay if it does."""
    dialogs: list[str] = []

    def answer(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.evaluate(LEAVE)
    page.wait_for_timeout(500)  # nothing tells that no question comes
    page.remove_listener("dialog", answer)
    assert set(dialogs) <= {"beforeunload"}
    return bool(dialogs)


def test_it_arrives_though_the_page_is_gone(site: Site, someone: Someone) -> None:
    one, two, _three = waiting(site, 3)
    page = moderator(site, someone)
    page.evaluate(HEAR)
    page.keyboard.press("a")
    page.keyboard.press("s")
    assert focused(page) == "Author 3"
    # Whether a plain request is dropped depends on how far it came; the browser is told that these must not be.
    assert page.evaluate("window.carried") == [True, True]
    page.close()
    becomes(site, one, "approved")
    becomes(site, two, "spam")


def test_leaving_is_asked_about_once_something_failed_and_no_longer_when_it_went_well(
    site: Site, someone: Someone
) -> None:
    one, _two = waiting(site, 2)
    page = moderator(site, someone)
    page.route(APPROVE, lambda route: route.fulfill(status=503, json={"said": "Not just now."}))
    page.keyboard.press("a")
    expect(steps.desk_card(page, "Author 1").get_by_role("alert")).to_be_visible()
    assert asked_on_leaving(page)
    assert page.url.endswith("/desk/")
    page.unroute(APPROVE)
    steps.desk_card(page, "Author 1").focus()
    page.keyboard.press("a")
    becomes(site, one, "approved")
    expect(page.locator("[data-status]")).to_have_text("Published.")
    assert not asked_on_leaving(page)
    expect(page).to_have_url(re.compile("/desk/log$"))


def test_leaving_is_asked_about_while_something_hangs(site: Site, someone: Someone) -> None:
    one, _two = waiting(site, 2)
    page = moderator(site, someone)
    held: list[Route] = []
    page.route(APPROVE, lambda route: held.append(route))  # noqa: PLW0108  Playwright writes on it
    page.keyboard.press("a")
    page.wait_for_timeout(1200)  # longer than a decision takes
    assert asked_on_leaving(page)
    held[0].continue_()
    becomes(site, one, "approved")
    expect(page.locator("[data-status]")).to_have_text("Published.")
    assert not asked_on_leaving(page)


def test_what_a_colleague_decided_first_is_nothing_to_stay_for(site: Site, someone: Someone) -> None:
    waiting(site, 2)
    page = moderator(site, someone)
    page.route(APPROVE, lambda route: route.fulfill(status=409, json={"said": "Already published by Elçin, just now."}))
    page.keyboard.press("a")
    expect(steps.desk_card(page, "Author 1").get_by_role("alert")).to_be_visible()
    assert not asked_on_leaving(page)
