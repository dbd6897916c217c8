"""Leaving something out by selecting it, seeing what differs, and what stands beside the card in focus."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.axe import AXE, LIGHT_AND_DARK, PHONE, look
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tribute.domain import ids
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.models import Tribute
from tribute.services import authors
from tribute.services.tributes import Written

WORDS = "We remember Zəhra Quliyeva,\nthe teacher of our <b>school</b>."
SELECT = """([element, from, to]) => {
  const find = (text) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const at = walker.currentNode.data.indexOf(text);
      if (at >= 0) return [walker.currentNode, at];
    }
  };
  const [start, at] = find(from), [end, upTo] = find(to);
  getSelection().setBaseAndExtent(start, at, end, upTo + to.length);
}"""


def moderator(site: Site, someone: Someone, **settings: object) -> Page:
    """Rəna at the desk."""
    page = someone(site, **settings)
    steps.sign_in(page, site.person(Role.MODERATOR, "Rəna", "rena@memorial.example"))
    return page


def select(page: Page, start: str, end: str, name: str = "Nigar") -> None:
    """Select from one piece of a card's words to another, as with a pointer."""
    words = steps.desk_card(page, name).locator("blockquote").element_handle()
    page.evaluate(SELECT, [words, start, end])


def amended(site: Site) -> str:
    """A public tribute whose author sent other words."""
    public_id = site.cast.tribute(Status.APPROVED, name="Nigar", words=WORDS)
    with site.app.app_context():
        tribute = db.session.get_one(Tribute, ids.decode(public_id))
        written = Written("Nigar Ə.", "Leeds", WORDS.replace("We remember", "Today I remember"), "en")
        authors.amend(db.session(), tribute, now(), tribute.version, written)
        db.session.commit()
    return public_id


def test_what_is_selected_is_what_the_form_leaves_out(site: Site, someone: Someone) -> None:
    public_id = site.cast.tribute(Status.PENDING, name="Nigar", words=WORDS)
    page = moderator(site, someone)
    card = steps.desk_card(page, "Nigar")
    fold, field = steps.step(page, "Nigar", "redact"), card.locator("[name=cut]")
    select(page, "Quliyeva,", "school")
    fold.click()
    expect(field).to_have_value("Quliyeva, the teacher of our school")
    fold.click()
    select(page, "We", "We")
    fold.click()
    expect(field).to_have_value("Quliyeva, the teacher of our school\nWe")
    card.locator("[data-panel=redact] [name=reason]").select_option("private_person")
    card.get_by_role("button", name="Leave it out", exact=True).click()
    expect(steps.desk_card(page, "Nigar").locator("blockquote")).to_have_text("[…] remember Zəhra […].")
    steps.publish(page, "Nigar")
    page.goto(f"/en/20-january/tributes/{public_id}/")
    expect(page.locator("article blockquote")).to_have_text("[…] remember Zəhra […].")
    expect(page.locator("article")).to_contain_text("Shortened by a moderator.")


def test_what_is_selected_elsewhere_is_left_alone(site: Site, someone: Someone) -> None:
    site.cast.tribute(Status.PENDING, name="Nigar", words=WORDS)
    site.cast.tribute(Status.PENDING, name="Orxan", words="Other words")
    page = moderator(site, someone)
    select(page, "Other", "words", "Orxan")
    steps.step(page, "Nigar", "redact").click()
    expect(steps.desk_card(page, "Nigar").locator("[name=cut]")).to_be_visible()
    expect(steps.desk_card(page, "Nigar").locator("[name=cut]")).to_have_value("")


def test_it_works_without_javascript(site: Site, someone: Someone) -> None:
    public_id = site.cast.tribute(Status.PENDING, name="Nigar", words=WORDS)
    page = moderator(site, someone, java_script_enabled=False)
    card = steps.desk_card(page, "Nigar")
    steps.step(page, "Nigar", "redact").click()
    expect(page).to_have_url(re.compile(f"/desk/tributes/{public_id}/"))
    card.locator("[name=cut]").fill("Zəhra  Quliyeva")
    card.locator("[data-panel=redact] [name=reason]").select_option("private_person")
    card.get_by_role("button", name="Leave it out", exact=True).click()
    expect(card.locator("blockquote")).to_contain_text("We remember […],")
    card.locator("[formaction$='/approve']").click()
    expect(page).to_have_url(re.compile(r"/desk/$"))  # the list that it was opened from
    assert site.tributes() == [(public_id, "approved")]


def test_what_differs_is_marked_and_axe_finds_nothing(site: Site, someone: Someone) -> None:
    public_id = amended(site)
    page = moderator(site, someone, reduced_motion="reduce")
    page.goto(f"/desk/tributes/{public_id}/")
    expect(page.locator(".both del").first).to_have_text("We")
    expect(page.locator(".both ins").first).to_have_text("Today I")
    expect(page.locator(".both ins").nth(1)).to_have_text("Ə.")
    lines = [
        page.locator(f".both {tag}").first.evaluate("element => getComputedStyle(element).textDecorationLine")
        for tag in ("ins", "del")
    ]
    assert lines == ["underline", "line-through"]
    page.evaluate(AXE)
    for scheme, size in LIGHT_AND_DARK:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        assert not look(page)


def test_the_margin_shows_what_is_beside_the_card_in_focus(site: Site, someone: Someone) -> None:
    names = ("Nigar", "Orxan", "Leyla")
    made = {name: site.cast.tribute(Status.PENDING, name=name, words=f"Words of {name}") for name in names}
    page = moderator(site, someone)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/beside") else None)
    margin = page.locator("aside [data-nearby]")
    links = [steps.desk_card(page, name).locator("h2 a").element_handle() for name in ("Orxan", "Leyla")]
    page.evaluate("links => links.forEach((link) => link.focus())", links)
    expect(margin).to_contain_text("Words of Leyla")
    assert not [url for url in asked if made["Orxan"] in url]  # it was passed over
    assert len([url for url in asked if made["Leyla"] in url]) == 1
    steps.desk_card(page, "Nigar").locator("h2 a").focus()
    expect(margin).to_contain_text("Words of Nigar")
    expect(margin).to_have_count(1)
    page.evaluate(AXE)
    assert not look(page)


def test_a_narrow_screen_asks_for_nothing(site: Site, someone: Someone) -> None:
    site.cast.tribute(Status.PENDING, name="Nigar")
    page = moderator(site, someone, viewport=PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/beside") else None)
    steps.desk_card(page, "Nigar").locator("h2 a").focus()
    page.wait_for_timeout(600)
    assert not asked
