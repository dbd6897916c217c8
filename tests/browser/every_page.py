"""Every page of the site and every state that a page has, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.known import KEEPER, Known, add_another_memorial
from tests.browser.server import Site
from tribute.domain.lifecycle import Status
from tribute.extensions import db, now
from tribute.models import Person, begin_write
from tribute.services import safeguards

WALL = "/{lang}/20-january/tributes/"
ARCHIVE = "/{lang}/20-january/archive/"
SEARCH = "/{lang}/search"
DESK = "/desk/tributes/"
TEXTS = "/desk/articles/"


@dataclass(frozen=True)
class Walk:
    """One language's walk: a visitor's browser, a keeper's, and what is there to be found."""

    site: Site
    known: Known
    lang: str
    visitor: Page
    keeper: Page

    def pages(self) -> Iterator[tuple[str, Page]]:
        """Each page in turn: what it is called in a report, and the browser's page that shows it."""
        tributes = [f"{WALL}{self.known.tributes[name]}/" for name in ("approved", "wordless", "redacted", "removed")]
        tributes += [f"{WALL}{self.known.tributes['approved']}/report", f"{WALL}reported"]
        links = f"/account/invitation/{self.known.invitation}", f"/{{lang}}/preview/{self.known.draft}/"
        for address in (*PUBLIC, *tributes, *links):
            self.visitor.goto(address.format(lang=self.lang))
            yield address, self.visitor
        ended = f"{self.known.decide[:-9]}ABCDEFGHI"
        for address in (*(f"/{self.lang}/{path}" for path in self.known.mailed), self.known.decide, ended):
            self.visitor.goto(address)
            yield f"from a mail: {address[:20]}", self.visitor
        yield from self._receipts()
        steps.sign_in(self.keeper, KEEPER.format(self.lang))
        for address in self._desk():
            self.keeper.goto(address)
            yield address, self.keeper
        for state in STATES:
            yield state.__doc__ or "", state(self)
        add_another_memorial(self.site)
        for address in AMONG_OTHERS:
            self.visitor.goto(address.format(lang=self.lang))
            yield f"of two memorials: {address}", self.visitor

    def _receipts(self) -> Iterator[tuple[str, Page]]:
        for name, token in self.known.receipts.items():
            self.visitor.goto(f"/{self.lang}/receipt/{token}/")
            yield f"receipt: {name}", self.visitor
        for name, step in (("approved", "amend"), ("redacted", "amend"), ("approved", "withdraw")):
            self.visitor.goto(f"/{self.lang}/receipt/{self.known.receipts[name]}/{step}")
            yield f"receipt: {step}", self.visitor

    def _desk(self) -> Iterator[str]:
        yield from ("/desk/", *(f"/desk/?status={status}" for status in Status if status != Status.PENDING))
        shown = ("pending", "removed", "refused", "wordless", "redacted")
        yield from (f"{DESK}{self.known.tributes[name]}/" for name in shown)
        yield f"{DESK}{self.known.tributes['amended']}/beside"
        yield from ("/desk/cases/", *(f"/desk/cases/{n}/" for n in (self.known.open_case, self.known.closed_case)))
        yield from ("/desk/?verdict=spam", "/desk/safeguards", "/desk/safeguards?list=domain")
        yield from ("/desk/?status=second", "/desk/?mine=1", "/desk/reports", "/desk/brake", "/desk/you")
        yield from ("/desk/care", "/desk/rules", "/desk/export", "/desk/people/", "/desk/people/1/")
        yield from ("/desk/messages", f"{DESK}{self.known.tributes['mailed']}/")
        yield from ("/account/factors", "/account/tf-setup", "/account/wan-register", "/account/mf-recovery-codes")
        yield "/account/verify"
        yield from ("/desk/overview", "/desk/overview?days=1", "/desk/overview?days=31")
        year = self.known.next_year
        yield from ("/desk/articles/", *(f"{TEXTS}pages/rules/{self.lang}/{step}" for step in ("", "versions")))
        yield from (f"{TEXTS}20-january/{year}/en/?beside=az", f"{TEXTS}20-january/2024/az/")
        yield f"/desk/editions/20-january/{year}/preview"
        yield from ("/desk/log", "/desk/?q=sehid", "/account/change", "/desk/nothing-is-here")


PUBLIC = (
    "/{lang}/20-january/", "/{lang}/20-january/editions/", "/{lang}/20-january/editions/2024/", WALL,
    ARCHIVE, ARCHIVE + "on-this-day/", ARCHIVE + "2026/", ARCHIVE + "2026/1/", ARCHIVE + "2026/1/?day=20",
    ARCHIVE + "2026/2/",
    WALL + "?language=az&gesture=carnation", WALL + "?year=1999", WALL + "new",
    SEARCH, SEARCH + "?q=sehid", SEARCH + "?q=zzzz", SEARCH + "?q=baku&kind=tribute&language=tr",
    "/{lang}/20-january/numbers/",
    *("/{lang}/pages/" + page + "/" for page in ("rules", "privacy", "about", "accessibility")),
    "/{lang}/receipt/", "/{lang}/receipt/sent", "/{lang}/contact", "/{lang}/contact/sent",
    "/{lang}/nothing-is-here", WALL + "nothing-is-here/",
    "/account/login", "/account/reset", "/account/reset?sent=1",
)  # fmt: skip
AMONG_OTHERS = ("/{lang}/", "/{lang}/another/tributes/", "/{lang}/another/", "/{lang}/search?q=baku", "/{lang}/contact")

State = Callable[[Walk], Page]


OPEN = """() => {
  for (const details of document.querySelectorAll('details')) details.open = true;
  document.querySelectorAll('article.item').forEach((card, at) => {
    const buttons = card.querySelectorAll('button[form=opening]');
    buttons[at % buttons.length]?.click();
  });
  for (const panel of document.querySelectorAll('form[data-panel][hidden]')) panel.hidden = false;
}"""


def open_folds(page: Page) -> Page:
    """Open every menu and fold, and a form in each card of the desk: another in each, or all of one that is alone."""
    page.evaluate(OPEN)
    return page


def form_with_menu(walk: Walk) -> Page:
    """the form with its language menu open"""
    walk.visitor.goto(f"/{walk.lang}/20-january/tributes/new")
    return open_folds(walk.visitor)


def several_at_once(walk: Walk) -> Page:
    """what a decision on several would do"""
    walk.keeper.goto("/desk/?status=spam")
    open_folds(walk.keeper)
    walk.keeper.locator("[name=all]").check()
    walk.keeper.locator(".several [value=restore]").click()
    expect(walk.keeper.locator("[name=sure]")).to_be_attached()
    return walk.keeper


def hide_lately(walk: Walk) -> Page:
    """how much the brake would hide"""
    walk.keeper.goto("/desk/brake")
    walk.keeper.locator("form:has([name=minutes]) button").click()
    expect(walk.keeper.locator("[name=since]")).to_be_attached()
    return walk.keeper


def keys(walk: Walk) -> Page:
    """the list of keys"""
    walk.keeper.goto("/desk/")
    walk.keeper.locator("[data-open-keys]").click()
    expect(walk.keeper.locator("dialog[open]")).to_be_visible()
    return walk.keeper


def form_with_errors(walk: Walk) -> Page:
    """the form with an error on every field"""
    walk.visitor.goto(f"/{walk.lang}/20-january/tributes/new")
    steps.fill(walk.visitor, place="x" * 81, message="x" * 2001, email="nobody")
    steps.send(walk.visitor)
    expect(walk.visitor.locator(".summary")).to_be_focused()
    return walk.visitor


def lost_link_with_errors(walk: Walk) -> Page:
    """asking for lost links, with errors"""
    walk.visitor.goto(f"/{walk.lang}/receipt/")
    walk.visitor.locator("[name=email]").fill("nobody")
    walk.visitor.locator("main form button").click()
    expect(walk.visitor.locator(".summary")).to_be_focused()
    return walk.visitor


def new_private_link(walk: Walk) -> Page:
    """a new private link, shown once"""
    walk.keeper.goto(f"{DESK}{walk.known.tributes['hidden']}/")
    walk.keeper.locator("summary:has(+ form[action$='/new-link'])").click()
    walk.keeper.locator("form[action$='/new-link'] button").click()
    expect(walk.keeper.locator("#private-link")).to_be_visible()
    return walk.keeper


def preview(walk: Walk) -> Page:
    """the form with a preview"""
    walk.visitor.goto(f"/{walk.lang}/20-january/tributes/new")
    steps.fill(walk.visitor, name="Nigar", place="Bakı", message="Unutmadıq.\n\nUnutmarıq.")
    walk.visitor.locator("[name=preview]").click()
    expect(walk.visitor.locator("#preview")).to_be_visible()
    return walk.visitor


def form_sent_before(walk: Walk) -> Page:
    """the form that was sent before with other words, beside the list of this device's tributes"""
    form = f"/{walk.lang}/20-january/tributes/new"
    walk.visitor.goto(form)
    key = walk.visitor.locator("[name=key]").input_value()
    steps.write(walk.visitor)
    steps.arrive_at_receipt(walk.visitor, walk.lang)
    walk.visitor.goto(form)
    walk.visitor.locator("[name=key]").evaluate("(field, sent) => field.value = sent", key)
    steps.write(walk.visitor, message="Other words.")
    expect(walk.visitor.locator(".summary")).to_be_focused()
    expect(walk.visitor.locator("[data-device]")).to_be_visible()
    return walk.visitor


def amend_with_errors(walk: Walk) -> Page:
    """mending, with errors"""
    walk.visitor.goto(f"/{walk.lang}/receipt/{walk.known.receipts['declined']}/amend")
    walk.visitor.locator("[name=name]").fill("")
    walk.visitor.locator("main form .acts button").click()
    expect(walk.visitor.locator(".summary")).to_be_focused()
    return walk.visitor


def contact_with_errors(walk: Walk) -> Page:
    """contact, with errors"""
    walk.visitor.goto(f"/{walk.lang}/contact")
    walk.visitor.locator("[name=email]").fill("nobody")
    walk.visitor.locator("main form button").click()
    expect(walk.visitor.locator(".summary")).to_be_focused()
    return walk.visitor


def sign_in_with_errors(walk: Walk) -> Page:
    """sign-in, refused"""
    walk.visitor.goto("/account/login")
    walk.visitor.locator("main [name=email]").fill("nobody@memorial.example")
    walk.visitor.locator("main [name=password]").fill("nothing of the kind")
    walk.visitor.locator("main form:has([name=password]) button").click()
    expect(walk.visitor.locator(".summary")).to_be_visible()
    return walk.visitor


def invitation_with_errors(walk: Walk) -> Page:
    """the invitation, with errors"""
    walk.visitor.goto(f"/account/invitation/{walk.known.invitation}")
    walk.visitor.locator("main form button").click()
    expect(walk.visitor.locator(".summary")).to_be_focused()
    return walk.visitor


def picture_for_an_app(walk: Walk) -> Page:
    """setting up an app"""
    walk.keeper.goto("/account/tf-setup")
    walk.keeper.locator("[name=setup][value=authenticator]").click()
    expect(walk.keeper.locator(".qr")).to_be_visible()
    return walk.keeper


def recovery_codes(walk: Walk) -> Page:
    """recovery codes to write down"""
    walk.keeper.goto("/account/mf-recovery-codes")
    walk.keeper.locator("main form button").click()
    expect(walk.keeper.locator(".codes")).to_be_visible()
    return walk.keeper


def code_asked_for(walk: Walk) -> Page:
    """the second step of signing in"""
    steps.give_password(walk.visitor, walk.known.with_app)
    expect(walk.visitor.locator("main [name=code]")).to_be_visible()
    return walk.visitor


def recovery_code_asked_for(walk: Walk) -> Page:
    """a recovery code instead, refused"""
    walk.visitor.goto("/account/mf-recovery")
    walk.visitor.locator("main [name=code]").fill("0000")
    walk.visitor.locator("main form button").click()
    expect(walk.visitor.locator(".summary")).to_be_visible()
    return walk.visitor


def inviting_with_errors(walk: Walk) -> Page:
    """inviting somebody, with errors, beside an invitation that is open"""
    walk.keeper.goto("/desk/people/")
    walk.keeper.locator("main .adding button").click()
    expect(walk.keeper.locator(".summary")).to_be_visible()
    return walk.keeper


def queue_with_folds(walk: Walk) -> Page:
    """the queue with every panel open"""
    walk.keeper.goto("/desk/")
    return open_folds(walk.keeper)


def tribute_with_folds(walk: Walk) -> Page:
    """one tribute at the desk, amended, with every panel open"""
    walk.keeper.goto(f"{DESK}{walk.known.tributes['amended']}/")
    return open_folds(walk.keeper)


def redaction_refused(walk: Walk) -> Page:
    """leaving out what is not there"""
    walk.keeper.goto(f"{DESK}{walk.known.tributes['pending']}/")
    more = walk.keeper.locator("details.more > summary")
    if more.is_visible():  # on a phone
        more.click()
    walk.keeper.locator("button[value=redact]").click()
    walk.keeper.locator("[name=cut]").fill("Nothing of the kind")
    walk.keeper.locator("[data-panel=redact] [name=reason]").select_option("other")
    walk.keeper.locator("[data-panel=redact] button").click()
    expect(walk.keeper.locator("main [role=alert]")).to_be_visible()
    return walk.keeper


def beside_a_card(walk: Walk) -> Page:
    """the queue with what stands beside the card that holds the focus"""
    walk.keeper.set_viewport_size({"width": 1280, "height": 900})
    walk.keeper.goto("/desk/")
    walk.keeper.locator("article.item h2 a").first.focus()
    expect(walk.keeper.locator("aside [data-nearby]")).to_be_visible()
    return walk.keeper


def decided_already(walk: Walk) -> Page:
    """a decision that somebody else took first"""
    address = f"{DESK}{walk.known.tributes['pending']}/"
    other = walk.keeper.context.new_page()
    for page in (walk.keeper, other):
        page.goto(address)
    for page in (other, walk.keeper):
        page.locator("button[formaction$='/approve']").click()
    expect(walk.keeper.locator("main [role=alert]")).to_be_visible()
    other.close()
    return walk.keeper


def just_decided(walk: Walk) -> Page:
    """the queue after a decision, which can be taken back"""
    walk.keeper.goto("/desk/")
    walk.keeper.locator("button[formaction$='/approve']").first.click()
    expect(walk.keeper.locator(".undo")).to_be_visible()
    return walk.keeper


def edit(walk: Walk, button: str = "", **typed: str) -> Page:
    """Type into a text of the memorial, and press a button; without one, keep it."""
    walk.keeper.goto(f"{TEXTS}20-january/undated/{walk.lang}/")
    for name, said in typed.items():
        walk.keeper.locator(f".text-form [name={name}]").fill(said)
    walk.keeper.locator(f".keeping [name={button}]" if button else ".keeping .yes").click()
    return walk.keeper


def text_with_errors(walk: Walk) -> Page:
    """a text that cannot be kept"""
    edit(walk, title="", timeline="no bar", issued="")
    expect(walk.keeper.locator(".summary")).to_be_focused()
    return walk.keeper


def text_preview(walk: Walk) -> Page:
    """a text as it would be"""
    edit(walk, "preview", title="Unutmadıq " * 20, body="Unutmadıq.\n\n## Unutmarıq\n\n- Bir\n- İki")
    expect(walk.keeper.locator("[data-previewed]")).to_be_visible()
    return walk.keeper


def text_kept_twice(walk: Walk) -> Page:
    """a text that somebody else kept first"""
    address = f"{TEXTS}20-january/undated/{walk.lang}/"
    other = walk.keeper.context.new_page()
    for page in (walk.keeper, other):
        page.goto(address)
    for page, said in ((other, "Bir"), (walk.keeper, "İki")):
        page.locator(".text-form [name=title]").fill(said)
        page.locator(".keeping .yes").click()
    expect(walk.keeper.locator(".summary")).to_be_focused()
    other.close()
    return walk.keeper


def versions_compared(walk: Walk) -> Page:
    """what a version changed"""
    walk.keeper.goto(f"{TEXTS}20-january/undated/{walk.lang}/versions")
    walk.keeper.locator(".history a[href*='version=']").first.click()
    expect(walk.keeper.locator("ins").first).to_be_visible()
    return walk.keeper


def texts_with_folds(walk: Walk) -> Page:
    """the list of texts with every panel open"""
    walk.keeper.goto(TEXTS)
    return open_folds(walk.keeper)


def form_in_a_raid(walk: Walk) -> Page:
    """the form of somebody who waits for the proof of work"""
    with walk.site.app.app_context():
        begin_write(db.session())  # the page before may still have a decision under way
        keeper = db.session.scalars(db.select(Person.id)).first()
        assert keeper
        safeguards.turn_on(db.session(), safeguards.PROOF_OF_WORK, keeper, now())
        db.session.commit()
    steps.hold_work(walk.visitor)
    walk.visitor.goto(f"/{walk.lang}/20-january/tributes/new")
    steps.write(walk.visitor)
    expect(walk.visitor.locator("[data-work-note]")).not_to_be_empty()
    return walk.visitor


STATES: tuple[State, ...] = (several_at_once, hide_lately, keys,
    form_with_menu, form_with_errors, preview, form_sent_before, amend_with_errors, contact_with_errors,
    lost_link_with_errors, new_private_link,
    sign_in_with_errors, invitation_with_errors, code_asked_for, recovery_code_asked_for, picture_for_an_app,
    recovery_codes, inviting_with_errors, queue_with_folds, tribute_with_folds, redaction_refused,
    beside_a_card, decided_already, just_decided,
    text_with_errors, text_preview, text_kept_twice, versions_compared, texts_with_folds,
    form_in_a_raid,
)  # fmt: skip
