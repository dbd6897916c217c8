"""The forms of a card: opened by key or button in the list, filled in, and sent without leaving the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tests.browser.test_desk_keys import becomes, focused, moderator, statuses, waiting
from tribute.domain import ids
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.models import Note, Revision, Tribute
from tribute.services import authors
from tribute.services.tributes import Written

WORDS = "We remember Zəhra Quliyeva, the teacher of our school."
CUT = "We remember […], the teacher of our school."
STAYS = "window.stays = true"


def mended(site: Site, name: str) -> str:
    """A public tribute whose author sent other words."""
    public_id = site.cast.tribute(Status.APPROVED, name=name, words="Earlier words")
    with site.app.app_context():
        tribute = db.session.get_one(Tribute, ids.decode(public_id))
        authors.amend(db.session(), tribute, tribute.at, tribute.version, Written(name, "", "Newer words", "en"))
        db.session.commit()
    return public_id


def public_words(site: Site, public_id: str) -> str:
    """What is public of a tribute."""
    with site.app.app_context():
        tribute = db.session.get_one(Tribute, ids.decode(public_id))
        return db.session.get_one(Revision, tribute.public_revision_id).words


def leave_out(page: Page, card: Locator, phrase: str) -> None:
    """Press E, and leave a phrase out."""
    page.keyboard.press("e")
    expect(card.locator("[name=cut]")).to_be_focused()
    page.keyboard.type(phrase)
    card.locator("[data-panel=redact] [name=reason]").select_option("private_person")
    card.get_by_role("button", name="Leave it out", exact=True).click()


def test_h_hides_what_is_published(site: Site, someone: Someone) -> None:
    waiting(site, 1)
    hidden, kept = (site.cast.tribute(Status.APPROVED, name=name) for name in ("Nigar", "Orxan"))
    page = moderator(site, someone)
    page.goto("/desk/?status=approved")
    expect(page.locator("article.item").first).to_be_focused()
    assert focused(page) == "Orxan"
    page.keyboard.press("j")
    page.keyboard.press("h")
    expect(steps.desk_card(page, "Nigar")).to_have_count(0)
    expect(page.locator("[data-status]")).to_have_text("Hidden.")
    becomes(site, hidden, "hidden")
    assert statuses(site)[kept] == "approved"
    page.keyboard.press("z")
    becomes(site, hidden, "approved")


def test_h_hides_a_public_tribute_whose_new_words_wait(site: Site, someone: Someone) -> None:
    public_id = mended(site, "Nigar")
    page = moderator(site, someone)
    assert focused(page) == "Nigar"
    page.keyboard.press("h")
    becomes(site, public_id, "hidden")


def test_h_does_nothing_to_what_was_never_public(site: Site, someone: Someone) -> None:
    (one,) = waiting(site, 1)
    page = moderator(site, someone)
    page.keyboard.press("h")
    page.keyboard.press("?")  # the next key is heard, so the one before was
    expect(page.get_by_role("dialog")).to_be_visible()
    assert statuses(site) == {one: "pending"}


def test_e_leaves_something_out_behind_the_card_which_is_then_published(site: Site, someone: Someone) -> None:
    public_id = site.cast.tribute(Status.PENDING, name="Nigar", words=WORDS)
    waiting(site, 1)
    page = moderator(site, someone)
    page.evaluate(STAYS)
    card = steps.desk_card(page, "Nigar")
    card.focus()
    leave_out(page, card, "Zəhra Quliyeva")
    expect(card.locator("blockquote")).to_have_text(CUT)
    expect(card).to_be_focused()
    expect(page.locator("[data-status]")).to_have_text("Redacted.")
    assert page.evaluate("window.stays")
    page.keyboard.press("a")  # on the version as it is by now
    becomes(site, public_id, "approved")
    assert public_words(site, public_id) == CUT


def test_z_brings_back_what_was_left_out(site: Site, someone: Someone) -> None:
    site.cast.tribute(Status.PENDING, name="Nigar", words=WORDS)
    page = moderator(site, someone)
    page.evaluate(STAYS)
    card = steps.desk_card(page, "Nigar")
    leave_out(page, card, "Zəhra Quliyeva")
    expect(card.locator("blockquote")).to_have_text(CUT)
    page.keyboard.press("z")
    expect(card.locator("blockquote")).to_have_text(WORDS)
    assert page.evaluate("window.stays")


def test_what_does_not_stand_there_is_said_on_the_card_and_the_form_stays(site: Site, someone: Someone) -> None:
    site.cast.tribute(Status.PENDING, name="Nigar", words=WORDS)
    page = moderator(site, someone)
    page.route("**/redact", lambda route: route.fulfill(status=422, json={"said": "It does not stand there."}))
    card = steps.desk_card(page, "Nigar")
    leave_out(page, card, "Nobody")
    expect(card.get_by_role("alert")).to_have_text("It does not stand there.")
    expect(card.locator("[name=cut]")).to_have_value("Nobody")
    expect(card.locator("[name=cut]")).to_be_visible()


def test_c_asks_a_colleague_with_a_note(site: Site, someone: Someone) -> None:
    one, _two = waiting(site, 2)
    page = moderator(site, someone)
    page.keyboard.press("c")
    page.keyboard.type("Is this his real name?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(steps.desk_card(page, "Author 1")).to_have_count(0)
    assert focused(page) == "Author 2"
    expect(page.locator("[data-status]")).to_have_text("A colleague is asked.")
    assert statuses(site)[one] == "pending"
    with site.app.app_context():
        assert db.session.scalars(db.select(Note.text)).all() == ["Is this his real name?"]
    colleague = someone(site)
    steps.sign_in(colleague, site.person(Role.MODERATOR, "Elçin", "elcin@memorial.example"))
    colleague.goto("/desk/?status=second")
    expect(steps.desk_card(colleague, "Author 1")).to_contain_text("Rəna asks a colleague.")
    expect(steps.desk_card(colleague, "Author 1")).to_contain_text("Is this his real name?")


def test_one_form_is_open_at_a_time_and_escape_closes_it_with_what_was_typed(site: Site, someone: Someone) -> None:
    waiting(site, 1)
    page = moderator(site, someone)
    card = steps.desk_card(page, "Author 1")
    steps.step(page, "Author 1", "decline").click()
    expect(steps.step(page, "Author 1", "decline")).to_have_attribute("aria-expanded", "true")
    card.locator("[data-panel=decline] [name=note]").fill("Tell us more.")
    steps.step(page, "Author 1", "note").click()
    expect(card.locator("form.panel:visible")).to_have_count(1)
    expect(card.locator("[data-panel=note] textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card.locator("form.panel:visible")).to_have_count(0)
    expect(steps.step(page, "Author 1", "note")).to_be_focused()
    steps.step(page, "Author 1", "decline").click()
    expect(card.locator("[data-panel=decline] [name=note]")).to_have_value("Tell us more.")
    assert (
        page.evaluate("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size")
        == page.locator("[id]").count()
    )


@pytest.mark.parametrize("has_javascript", [True, False], ids=["with-javascript", "without"])
def test_on_a_phone_what_is_rarer_waits_under_more(site: Site, someone: Someone, *, has_javascript: bool) -> None:
    (one,) = waiting(site, 1)
    page = moderator(
        site, someone, viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True,
        java_script_enabled=has_javascript,
    )  # fmt: skip
    spam = steps.step(page, "Author 1", "spam")
    expect(spam).to_be_hidden()
    steps.desk_card(page, "Author 1").locator("summary", has_text="More").tap()
    spam.tap()
    becomes(site, one, "spam")
