"""What the browser keeps for an author: the private link, and the list of this device's tributes."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tribute.domain.lifecycle import Status

FORM = "/en/20-january/tributes/new"
LIST = "[data-device]"


def test_copying_puts_the_private_link_on_the_clipboard(site: Site, someone: Someone) -> None:
    page = someone(site, permissions=["clipboard-read", "clipboard-write"])
    receipt = steps.leave_tribute(page)
    page.locator("[data-copy]").click()
    expect(page.locator("[data-copy]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == receipt
    expect(page.locator("[data-status]")).to_have_text("Copied")


def test_a_tribute_has_an_address_to_copy(site: Site, someone: Someone) -> None:
    page = someone(site, permissions=["clipboard-read", "clipboard-write"])
    public_id = site.cast.tribute(Status.APPROVED)
    page.goto(f"/en/20-january/tributes/{public_id}/")
    page.locator("[data-copy]").click()
    expect(page.locator("[data-copy]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site.url}/t/{public_id}"


def test_this_device_lists_its_tributes_newest_first(reader: Page) -> None:
    first = steps.leave_tribute(reader, name="Nigar")
    second = steps.leave_tribute(reader, name="Elçin")
    reader.goto(FORM)
    links = reader.locator(f"{LIST} a")
    expect(links).to_have_count(2)
    expect(links.first).to_contain_text("Elçin")
    assert [reader.url.replace(FORM, str(link.get_attribute("href"))) for link in links.all()] == [second, first]
    links.last.click()
    expect(reader).to_have_url(first)


def test_forgetting_empties_the_list(reader: Page) -> None:
    steps.leave_tribute(reader)
    reader.goto(FORM)
    reader.locator(f"{LIST} [data-forget]").click()
    expect(reader.locator(LIST)).to_be_hidden()
    expect(reader.locator("main")).to_be_focused()
    reader.reload()
    expect(reader.locator(LIST)).to_be_hidden()
    assert reader.evaluate("localStorage.getItem('tribute:device')") is None


def test_another_browser_knows_nothing_of_it(site: Site, someone: Someone) -> None:
    steps.leave_tribute(someone(site))
    other = someone(site)
    other.goto(FORM)
    expect(other.locator(LIST)).to_be_hidden()
