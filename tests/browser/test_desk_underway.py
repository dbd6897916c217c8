"""A decision that is on its way when its moderator leaves the page."""

from __future__ import annotations

import re

from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser import steps
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tests.browser.test_desk_keys import becomes, focused, moderator, statuses, waiting

APPROVE = re.compile("/approve$")
LEAVE = "setTimeout(() => location.assign('/desk/log'), 0)"


def slow(page: Page, latency: int) -> None:
    """Let every request take so many milliseconds before it is sent."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1},
    )


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
    slow(page, 700)
    page.keyboard.press("a")
    page.keyboard.press("s")
    assert focused(page) == "Author 3"
    assert set(statuses(site).values()) == {"pending"}
    page.goto("about:blank")
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
    page.route(APPROVE, lambda route: held.append(route))  # noqa: PLW0108
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
