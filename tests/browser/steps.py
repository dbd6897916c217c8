"""What people do on the pages, by the names of fields and by addresses: the same in every language."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import Site
from tests.cast import PASSWORD

FORM = "#tribute-form"


def fill(page: Page, **fields: str) -> None:
    """Type into the fields of the tribute form."""
    for name, text in fields.items():
        page.locator(f"{FORM} [name={name}]").fill(text)


def consent(page: Page) -> None:
    """Agree to be published."""
    page.locator(f"{FORM} [name=consent]").check()


def lay(page: Page, gesture: str) -> None:
    """Choose what is laid, by its picture."""
    page.locator(f"{FORM} label:has([name=gesture][value={gesture}])").click()


def send_button(page: Page) -> Locator:
    """The one that sends the form in earnest."""
    return page.locator(f"{FORM} .acts button:not([name])")


def send(page: Page) -> None:
    """Press it."""
    send_button(page).click()


def leave_tribute(page: Page, language: str = "en", **fields: str) -> str:
    """Fill the form in and send it; returns the receipt's address."""
    page.goto(f"/{language}/20-january/tributes/new")
    write(page, **fields)
    arrive_at_receipt(page, language)
    return page.url


def write(page: Page, **fields: str) -> None:
    """Fill in the form that is open, agree, and send it."""
    fill(page, **{"name": "Daniel M.", "message": "I remember the silence."} | fields)
    consent(page)
    send(page)


def arrive_at_receipt(page: Page, language: str = "en") -> None:
    """The page is a receipt now."""
    expect(page).to_have_url(re.compile(rf"/{language}/receipt/[^/]+/$"))


def sign_in(page: Page, email: str) -> None:
    """Sign in at the desk."""
    give_password(page, email)
    expect(page).to_have_url(re.compile(r"/desk/$"))


def give_password(page: Page, email: str) -> None:
    """The first step of signing in."""
    page.goto("/account/login")
    page.locator("main [name=email]").fill(email)
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main form:has([name=password]) button").click()


def desk_card(page: Page, name: str) -> Locator:
    """The card in the queue of whoever wrote under that name."""
    return page.locator("article.item").filter(has=page.locator("h2", has_text=name))


def step(page: Page, name: str, step: str) -> Locator:
    """The button of a card that takes a step at once, or opens its form."""
    return desk_card(page, name).locator(f"button:is([formaction$='/{step}'], [value='{step}'])")


def publish(page: Page, name: str) -> None:
    """Publish from the queue, and wait until the server has."""
    with page.expect_response(re.compile("/approve$")):
        step(page, name, "approve").click()
    expect(page).to_have_url(re.compile(r"/desk/$"))


def published(site: Site) -> list[str]:
    """The public ids of what is on the wall."""
    return [public_id for public_id, status in site.tributes() if status == "approved"]


def hold_work(page: Page) -> None:
    """Let the proof of work begin only when `letGo` is called."""
    page.add_init_script("""
        const post = Worker.prototype.postMessage;
        const go = new Promise((done) => { window.letGo = done; });
        Worker.prototype.postMessage = function (message) { go.then(() => post.call(this, message)); };
    """)
