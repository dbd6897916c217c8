"""The proof of work in the browser, under the policy that the site is served with."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser import steps
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.models import Triage
from tribute.services import safeguards

FORM = "/en/20-january/tributes/new"


@pytest.fixture
def asked(site: Site) -> Site:
    """A site in a raid, for a minute already."""
    keeper = site.cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
    with site.app.app_context():
        safeguards.turn_on(db.session(), safeguards.PROOF_OF_WORK, keeper, now() - timedelta(minutes=1))
        db.session.commit()
    return site


def is_marked(site: Site) -> bool:
    """Whether the moderator is told that the puzzle was not solved."""
    with site.app.app_context():
        [found] = db.session.scalars(select(Triage))
        return "unworked" in [told[0] for told in found.signals]


def test_it_is_solved_while_somebody_writes(asked: Site, someone: Someone) -> None:
    page = someone(asked)
    page.goto(FORM)
    expect(page.locator("[name=work]")).not_to_have_value("", timeout=60_000)
    steps.write(page)
    steps.arrive_at_receipt(page)
    assert not is_marked(asked)


def test_who_is_quicker_is_told_and_sent_by_itself(asked: Site, someone: Someone) -> None:
    page = someone(asked)
    steps.hold_work(page)
    page.goto(FORM)
    steps.write(page)
    note = page.locator("[data-work-note]")
    expect(note).to_contain_text("One moment")
    steps.send_button(page).click()  # an impatient second click changes nothing
    page.evaluate("window.letGo()")
    steps.arrive_at_receipt(page)
    assert len(asked.tributes()) == 1
    assert not is_marked(asked)


def test_a_preview_waits_for_nothing(asked: Site, someone: Someone) -> None:
    page = someone(asked)
    steps.hold_work(page)
    page.goto(FORM)
    steps.fill(page, name="Nigar", message="Unutmadıq.")
    page.locator("[name=preview]").click()
    expect(page.locator("#preview")).to_be_visible()


def test_without_javascript_it_is_taken_and_marked(asked: Site, someone: Someone) -> None:
    page = someone(asked, java_script_enabled=False)
    page.goto(FORM)
    steps.write(page)
    steps.arrive_at_receipt(page)
    assert is_marked(asked)
