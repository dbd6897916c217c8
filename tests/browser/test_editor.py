"""A keeper in the editor: with JavaScript and without, on a wide screen and on a phone; nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Someone
from tests.browser.server import Site
from tests.browser.steps import sign_in
from tribute.domain.permissions import Role

EN = "/desk/articles/20-january/undated/en/"
PUBLIC = "/en/20-january/"
KEPT = re.compile(r"\?kept=\d+$")


def keeper(site: Site, someone: Someone, **settings: object) -> Page:
    """A keeper with the text open."""
    page = someone(site, **settings)
    sign_in(page, site.person(Role.KEEPER, "Aytən", "keeper@memorial.example"))
    page.goto(EN)
    return page


def write(page: Page, name: str, said: str) -> None:
    """Type into a field of the text."""
    page.locator(f".text-form [name={name}]").fill(said)


def test_the_preview_follows_what_is_typed_and_what_is_kept_is_public(
    site: Site, someone: Someone, reader: Page
) -> None:
    page = keeper(site, someone)
    expect(page.locator("[data-preview-here]")).to_be_hidden()
    write(page, "body", "Unutmadıq, *heç vaxt*.")
    expect(page.locator("[data-preview-here] em")).to_have_text("heç vaxt")
    reader.goto(PUBLIC)
    expect(reader.locator("article.read")).not_to_contain_text("heç vaxt")
    page.locator(".keeping .yes").click()
    expect(page).to_have_url(KEPT)
    reader.goto(PUBLIC)
    expect(reader.locator("article.read")).to_contain_text("heç vaxt")


def test_what_was_typed_and_never_kept_is_offered_again(site: Site, someone: Someone) -> None:
    page = keeper(site, someone)
    write(page, "title", "Never kept")
    page.goto("/desk/")
    page.goto(EN)
    expect(page.locator(".text-form [name=title]")).to_have_value("20 January 1990")
    page.locator("button", has_text="Put it back").click()
    expect(page.locator(".text-form [name=title]")).to_have_value("Never kept")
    page.locator(".keeping .yes").click()
    expect(page).to_have_url(KEPT)
    page.goto(EN)
    expect(page.locator("button", has_text="Put it back")).to_have_count(0)


@pytest.mark.parametrize("is_scripted", [True, False])
def test_on_a_phone_a_text_is_looked_at_mended_and_kept(
    site: Site, someone: Someone, reader: Page, is_scripted: bool
) -> None:
    phone = {"viewport": {"width": 360, "height": 780}, "java_script_enabled": is_scripted}
    page = keeper(site, someone, **phone)
    write(page, "title", "A first title")
    page.locator(".keeping [name=preview]").click()
    expect(page.locator("h1")).to_have_text("A first title")
    page.locator(".preview-bar [name=back]").click()
    expect(page.locator(".text-form [name=title]")).to_have_value("A first title")
    write(page, "title", "A better title")
    page.locator(".keeping .yes").click()
    expect(page).to_have_url(KEPT)
    reader.goto(PUBLIC)
    expect(reader.locator("h1")).to_have_text("A better title")


def test_enter_in_a_field_keeps_nothing(site: Site, someone: Someone, reader: Page) -> None:
    page = keeper(site, someone)
    write(page, "title", "Not yet")
    page.locator(".text-form [name=title]").press("Enter")
    expect(page.locator(".preview-bar")).to_be_visible()
    reader.goto(PUBLIC)
    expect(reader.locator("h1")).to_have_text("20 January 1990")


def test_going_back_finds_what_was_typed(site: Site, someone: Someone) -> None:
    page = keeper(site, someone, java_script_enabled=False)
    write(page, "title", "")
    write(page, "body", "All of this was typed.")
    page.locator(".keeping .yes").click()
    expect(page.locator("#title-error")).to_be_visible()
    page.go_back()
    expect(page.locator(".text-form [name=body]")).to_have_value("All of this was typed.")


def test_an_earlier_version_is_put_back(site: Site, someone: Someone, reader: Page) -> None:
    page = keeper(site, someone)
    write(page, "title", "A passing title")
    page.locator(".keeping .yes").click()
    expect(page).to_have_url(KEPT)
    page.goto(f"{EN}versions")
    page.locator("button", has_text="Put this version back").click()
    expect(page.locator("main [role=status]")).to_contain_text("The earlier version is the text again.")
    reader.goto(PUBLIC)
    expect(reader.locator("h1")).to_have_text("20 January 1990")
