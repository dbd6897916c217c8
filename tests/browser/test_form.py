"""The form in the browser: no typed word is lost, and sending once is sending once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tribute.extensions import db, now
from tribute.models import begin_write
from tribute.services import safeguards
from tribute.services.decisions import Actor

FORM = "/en/20-january/tributes/new"
FAMILY = "👨‍👩‍👧‍👦"  # one sign to a reader, seven code points
TYPED = {"name": "Nigar", "place": "Bakı", "message": "Unutmadıq.\n\nUnutmarıq.", "email": "nigar@memorial.example"}


def test_the_counter_counts_down_what_a_reader_sees(reader: Page) -> None:
    reader.goto(FORM)
    left = reader.locator("[data-counter-for=message]")
    expect(left).to_have_text("2,000 left")
    steps.fill(reader, message=f"{FAMILY}é")
    expect(left).to_have_text("1,998 left")
    steps.fill(reader, message=FAMILY * 2_001)
    expect(left).to_have_text("1 too many")


def test_what_the_counter_allows_the_server_takes(site: Site, reader: Page) -> None:
    reader.goto(FORM)
    steps.fill(reader, message=FAMILY * 2_000)
    expect(reader.locator("[data-counter-for=message]")).to_have_text("0 left")
    steps.write(reader, message=FAMILY * 2_000)
    steps.arrive_at_receipt(reader)
    assert len(site.tributes()) == 1


def test_a_draft_survives_a_reload(reader: Page) -> None:
    reader.goto(FORM)
    steps.fill(reader, **TYPED)
    steps.lay(reader, "dove")
    steps.consent(reader)
    reader.reload()
    for name in ("name", "place", "message"):
        expect(reader.locator(f"[name={name}]")).to_have_value(TYPED[name])
    expect(reader.locator("[name=gesture][value=dove]")).to_be_checked()


def test_a_draft_keeps_neither_the_email_nor_the_consent(reader: Page) -> None:
    reader.goto(FORM)
    steps.fill(reader, **TYPED)
    steps.consent(reader)
    reader.goto("/en/20-january/")
    reader.goto(FORM)
    expect(reader.locator("[name=message]")).to_have_value(TYPED["message"])
    expect(reader.locator("[name=email]")).to_have_value("")
    expect(reader.locator("[name=consent]")).not_to_be_checked()


def test_a_draft_is_gone_once_it_is_sent(reader: Page) -> None:
    steps.leave_tribute(reader, **TYPED)
    reader.goto(FORM)
    for name in ("name", "place", "message"):
        expect(reader.locator(f"[name={name}]")).to_have_value("")
    assert reader.evaluate("localStorage.getItem('tribute:draft:20-january')") is None


def test_mended_words_survive_a_reload_and_are_forgotten_once_sent(reader: Page) -> None:
    receipt = steps.leave_tribute(reader, **TYPED)
    message = reader.locator("main [name=message]")
    reader.goto(f"{receipt}amend")
    expect(message).to_have_value(TYPED["message"])
    message.fill("Other words, typed for an hour")
    reader.reload()
    expect(message).to_have_value("Other words, typed for an hour")
    reader.locator("main form .acts button").click()
    expect(reader).to_have_url(re.compile(r"\?saved=1$"))
    assert reader.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('tribute:draft:'))") == []


def test_a_pause_keeps_mended_words_in_the_browser_until_it_ends(site: Site, reader: Page) -> None:
    receipt = steps.leave_tribute(reader, **TYPED)
    with site.app.app_context():
        begin_write(db.session())
        safeguards.pause(db.session(), "Soon again.", now() + timedelta(hours=1), Actor("moderator", 1), now())
        db.session.commit()
    message = reader.locator("main [name=message]")
    reader.goto(f"{receipt}amend")
    expect(reader.locator("main")).to_contain_text("Soon again.")
    message.fill("Other words, typed for an hour")
    reader.locator("main form .acts button").click()
    expect(reader.locator(".summary")).to_contain_text("Yours have not been sent")
    expect(message).to_have_value("Other words, typed for an hour")
    reader.goto(receipt)
    reader.goto(f"{receipt}amend")
    expect(message).to_have_value("Other words, typed for an hour")
    with site.app.app_context():
        begin_write(db.session())
        safeguards.resume(db.session(), Actor("moderator", 1), now())
        db.session.commit()
    reader.locator("main form .acts button").click()
    expect(reader).to_have_url(re.compile(r"\?saved=1$"))


@pytest.mark.parametrize("has_javascript", [True, False], ids=["with-javascript", "without"])
def test_another_language_keeps_every_typed_word(site: Site, someone: Someone, *, has_javascript: bool) -> None:
    page = someone(site, java_script_enabled=has_javascript)
    page.goto(FORM)
    steps.fill(page, **TYPED)
    steps.lay(page, "candle")
    steps.consent(page)
    key = page.locator("[name=key]").input_value()
    page.locator(".langs summary").click()
    page.locator(".langs button[lang=ru]").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page).to_have_url(re.compile("/ru/20-january/tributes/new$"))
    expect(page.locator(".summary")).to_have_count(0)
    for name, typed in TYPED.items():
        expect(page.locator(f"[name={name}]")).to_have_value(typed)
    expect(page.locator("[name=gesture][value=candle]")).to_be_checked()
    expect(page.locator("[name=consent]")).to_be_checked()
    expect(page.locator("[name=key]")).to_have_value(key)


def test_two_clicks_on_send_make_one_tribute(site: Site, reader: Page) -> None:
    reader.goto(FORM)
    steps.fill(reader, name="Nigar", message="Unutmadıq.")
    steps.consent(reader)
    steps.send_button(reader).dblclick()
    steps.arrive_at_receipt(reader)
    assert len(site.tributes()) == 1


def test_enter_in_a_field_sends_the_form_and_changes_no_language(site: Site, reader: Page) -> None:
    reader.goto(FORM)
    steps.fill(reader, message="Unutmadıq.")
    steps.consent(reader)
    steps.fill(reader, name="Nigar")
    reader.locator("[name=name]").press("Enter")
    steps.arrive_at_receipt(reader)


def test_without_javascript_nothing_is_offered_that_would_not_work(site: Site, someone: Someone) -> None:
    page = someone(site, java_script_enabled=False)
    page.goto(FORM)
    expect(page.locator("[data-counter-for=message]")).to_be_hidden()
    steps.write(page)
    steps.arrive_at_receipt(page)
    expect(page.locator("#private-link")).to_be_visible()
    for offered in ("[data-copy]", "[data-print]", "[data-share]", "[data-device]"):
        expect(page.locator(offered)).to_be_hidden()
