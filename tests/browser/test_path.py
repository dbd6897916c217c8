"""The whole path, as people walk it: article, tribute, decision, wall, search."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tribute.domain.permissions import Role

NAME, PLACE = "Nigar Əhmədova", "Gəncə"
WORDS = "Hər bir şəhid bir evin işığıdır. Unutmadıq."


def test_a_tribute_comes_from_the_article_to_the_wall_and_is_found(site: Site, someone: Someone) -> None:
    walk(site, someone(site, locale="az"), someone(site, locale="az"))


def test_the_same_path_needs_no_javascript(site: Site, someone: Someone) -> None:
    author = someone(site, locale="az", java_script_enabled=False)
    walk(site, author, someone(site, locale="az", java_script_enabled=False))


@pytest.mark.postgresql
def test_the_same_path_stands_on_postgresql(site_on_postgresql: Site, someone: Someone) -> None:
    walk(site_on_postgresql, someone(site_on_postgresql, locale="az"), someone(site_on_postgresql))


def walk(site: Site, author: Page, moderator: Page) -> None:
    """Everything that has to happen."""
    read_the_article(author)
    make_a_mistake_and_mend_it(author)
    receipt = see_the_receipt(author)
    find_nothing_yet(author)
    steps.sign_in(moderator, site.person(Role.MODERATOR, "Rəna", "moderator@memorial.example", "az"))
    steps.publish(moderator, NAME)
    see_it_on_the_wall(author)
    find_it(author)
    author.goto(receipt)
    expect(author.locator(".steps .wait")).to_have_count(0)
    expect(author.locator("main .tribute a.by")).to_contain_text(NAME)


def read_the_article(page: Page) -> None:
    """Come to the site, read, and press “Leave a tribute”."""
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/az/20-january/$"))
    expect(page.locator(".read .lede")).to_be_visible()
    expect(page.locator(".read .source")).to_be_visible()
    page.locator(".hero a[href$='/tributes/new']").click()
    expect(page.locator("[name=consent]")).not_to_be_checked()


def make_a_mistake_and_mend_it(page: Page) -> None:
    """Send it without a name: the page comes back with everything typed, and says what is missing."""
    steps.fill(page, place=PLACE, message=WORDS)
    steps.lay(page, "candle")
    steps.consent(page)
    steps.send(page)
    expect(page.locator(".summary")).to_be_focused()
    expect(page.locator("[name=message]")).to_have_value(WORDS)
    expect(page.locator("[name=place]")).to_have_value(PLACE)
    expect(page.locator("[name=gesture][value=candle]")).to_be_checked()
    page.locator(".summary a[href='#name']").click()
    expect(page.locator("[name=name]")).to_be_focused()
    page.keyboard.type(NAME)
    steps.send(page)


def see_the_receipt(page: Page) -> str:
    """What happens next, the words as they were written, and a link to come back by."""
    steps.arrive_at_receipt(page, "az")
    expect(page.locator(".steps .wait")).to_have_count(2)
    expect(page.locator("main .tribute blockquote")).to_have_text(WORDS)
    expect(page.locator("#private-link")).to_have_value(page.url)
    return page.url


def find_nothing_yet(page: Page) -> None:
    """What nobody has read is on no wall and in no search."""
    page.goto("/az/20-january/tributes/")
    expect(page.locator("main")).not_to_contain_text(NAME)
    search(page, "Nigar")
    expect(page.locator("main .tribute")).to_have_count(0)


def see_it_on_the_wall(page: Page) -> None:
    """By the menu, as a reader does."""
    page.locator("header nav a[href='/az/20-january/tributes/']").click()
    expect(page.locator(".wall .tribute blockquote")).to_have_text(WORDS)
    page.locator(".wall .tribute a.by").click()
    expect(page).to_have_url(re.compile(r"/az/20-january/tributes/\w+/$"))
    expect(page.locator("h1")).to_contain_text(NAME)


def find_it(page: Page) -> None:
    """Without its special letters; the hit is marked as it was written."""
    search(page, "sehid")
    found = page.locator("main .tribute")
    expect(found).to_have_count(1)
    expect(found.locator("blockquote")).to_have_text(WORDS)
    expect(found.locator("mark").first).to_have_text("şəhid")


def search(page: Page, words: str) -> None:
    """From the menu, by typing and Enter."""
    page.locator("header nav a[href='/az/search']").click()
    page.locator("[name=q]").fill(words)
    page.locator("[name=q]").press("Enter")
    expect(page.locator(".results [role=status]")).to_contain_text(words)
