"""An author follows a tribute through every message, in each language, by the links in their mail."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from tests.browser import steps
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tests.mail.posted import link_of, newly_posted
from tests.page import LANGUAGES
from tribute.domain import ids
from tribute.domain.lifecycle import Action
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.models import Message, Person, Tribute, begin_write
from tribute.services import desk
from tribute.services.desk import Order

EMAIL = "leyla@memorial.example"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_author_follows_a_tribute_through_every_message(site: Site, someone: Someone, language: str) -> None:
    site.person(Role.MODERATOR, "Rəna", "moderator@memorial.example")
    author = someone(site, locale=language)
    receipt = steps.leave_tribute(author, language, email=EMAIL)
    confirm(author, the_mail(site, language), receipt)
    subjects = [open_private_page(author, the_mail(site, language), receipt)]
    for action, reason in (
        (Action.APPROVE, ""), (Action.HIDE, ""), (Action.RESTORE, ""), (Action.HIDE, ""),
    ):  # fmt: skip
        decide(site, action, reason)
        subjects.append(open_private_page(author, the_mail(site, language), receipt))
    refused = steps.leave_tribute(author, language, email=EMAIL, message="Other words.")
    confirm(author, the_mail(site, language), refused)
    open_private_page(author, the_mail(site, language), refused)
    decide(site, Action.DECLINE, "private_person")
    subjects.append(open_private_page(author, the_mail(site, language), refused))
    assert len(set(subjects)) == 5  # it was hidden twice


def the_mail(site: Site, language: str) -> EmailMessage:
    """The one mail that came, once the minutes in which a decision can be taken back are over."""
    with site.app.app_context():
        begin_write(db.session())
        db.session.execute(update(Message).where(Message.ended_at.is_(None)).values(due_at=now()))
        db.session.commit()
    (mail,) = newly_posted(site.app)
    assert (mail["To"], mail["Content-Language"]) == (EMAIL, language)
    return mail


def confirm(page: Page, mail: EmailMessage, receipt: str) -> None:
    """Open the link that asks, press its button, and arrive at the private page."""
    page.goto(link_of(mail, "/mail/confirm/"))
    page.locator("main form button").click()
    expect(page).to_have_url(f"{receipt}?confirmed=1")


def open_private_page(page: Page, mail: EmailMessage, receipt: str) -> str:
    """Open the private page by the mail's own link; returns the mail's subject."""
    page.goto(link_of(mail, "/receipt/"))
    expect(page).to_have_url(receipt)
    expect(page.locator("h1")).to_be_visible()
    return str(mail["Subject"])


def decide(site: Site, action: Action, reason: str) -> None:
    """A moderator decides on the newest tribute."""
    with site.app.app_context():
        public_id = site.tributes()[-1][0]
        begin_write(db.session())
        tribute = db.session.get_one(Tribute, ids.decode(public_id))
        person = db.session.scalars(db.select(Person).where(Person.role == Role.MODERATOR)).one()
        desk.decide(db.session(), tribute, Order(action, tribute.version, reason, ""), person, now())
        db.session.commit()
