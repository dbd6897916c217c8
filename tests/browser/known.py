"""A site in use: samples of every status in four languages, and words that are hard to set on a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tests.browser.server import Site
from tests.cast import PASSWORD, STEPS, step
from tests.page import LANGUAGES
from tribute.domain import ids
from tribute.domain.lifecycle import Action, Status
from tribute.domain.mail import Failure
from tribute.domain.permissions import Role
from tribute.domain.reasons import CaseKind, Reason, ReportReason
from tribute.extensions import db, now, security
from tribute.models import Person, Tribute, begin_write
from tribute.services import (
    addresses,
    answers,
    articles,
    authors,
    cases,
    desk,
    editions,
    invitations,
    mail_links,
    memorials,
    outbox,
    people,
    redaction,
    reports,
)
from tribute.services.articles import Edition
from tribute.services.desk import Order
from tribute.services.tributes import Written
from tribute.web.passwords import hashed

KEEPER = "keeper.{}@memorial.example"
EMAIL = "a.very.long.address.of.somebody@memorial.example"
LONG_NAME = "Ağasəfərbəyzadəoğlu" * 4
LONG_WORDS = "Bizunutmadıq" * 20 + "\n\nhttps://memorial.example/" + "a-long-address-" * 12
ISSUED = """\
20 January, as it was told

Many years have passed since that night, and the families still bring flowers.

We remember with deep respect those who lost their lives.

Allah rəhmət eləsin!
"""


@dataclass(frozen=True)
class Known:
    """Where to find what was put in: tributes and receipts by status, the keepers' cases, an invitation."""

    tributes: dict[str, str]
    receipts: dict[str, str]  # the token of each
    open_case: int
    closed_case: int
    invitation: str
    with_app: str  # the address of somebody who has an app for codes
    draft: str  # the token of the link to next year's edition
    next_year: int
    mailed: tuple[str, ...]  # where the links in mails lead, after the language where it stands there
    decide: str  # and a moderator's, in English


def fill(site: Site) -> Known:
    """Put it all in."""
    for language in LANGUAGES:
        site.person(Role.KEEPER, LONG_NAME, KEEPER.format(language), language)
    with site.app.app_context():
        samples = site.app.test_cli_runner().invoke(args=["tribute", "demo"], catch_exceptions=False)
    assert samples.exit_code == 0, samples.output
    hard = {"name": LONG_NAME, "place": LONG_NAME, "words": LONG_WORDS, "gesture": "carnation", "page_language": "az"}
    tributes = {str(status): site.cast.tribute(status, **hard) for status in STEPS}
    tributes |= {name: site.cast.tribute(Status.APPROVED, **hard) for name in ("amended", "refused", "redacted")}
    tributes["asked"] = site.cast.tribute(Status.PENDING, **hard)
    tributes["mailed"] = site.cast.tribute(Status.PENDING, **hard | {"email": EMAIL})
    tributes["wordless"] = site.cast.tribute(Status.APPROVED, **hard | {"words": ""})
    with site.app.app_context():
        known = _finish(site, db.session(), tributes)
        db.session.commit()
    return known


def _finish(site: Site, session: Session, tributes: dict[str, str]) -> Known:
    begin_write(session)
    edition = Edition("en", 2024, "The embassy", date(2024, 1, 20), "https://memorial.example/" + "archive-" * 12)
    articles.bring_in(session, memorials.by_slug(session, "20-january"), ISSUED, edition, now())
    for name in ("amended", "refused"):
        tribute = session.get_one(Tribute, ids.decode(tributes[name]))
        authors.amend(session, tribute, now(), tribute.version, Written(LONG_NAME, "", LONG_WORDS, "en"))
        if name == "refused":
            step(session, tribute, Action.DECLINE, now())
    _redact(session, session.get_one(Tribute, ids.decode(tributes["redacted"])))
    keeper = session.scalars(db.select(Person).limit(1)).one()
    asked = session.get_one(Tribute, ids.decode(tributes["asked"]))
    desk.ask(session, asked, asked.version, LONG_WORDS, keeper, now())
    public = session.get_one(Tribute, ids.decode(tributes["approved"]))
    reports.report(session, public, ReportReason.OTHER, LONG_WORDS, "", now())
    draft = editions.begin(session, memorials.by_slug(session, "20-january"), keeper, now())
    editions.share(session, draft, draft.version)
    keys = site.app.config["RECEIPT_KEYS"]
    mailed = session.get_one(Tribute, ids.decode(tributes["mailed"]))
    found = {name: session.get_one(Tribute, ids.decode(public_id)) for name, public_id in tributes.items()}
    return Known(
        tributes, {name: authors.token_of(tribute, keys) for name, tribute in found.items()},
        _case(site, session), _case(site, session, is_closed=True),
        invitations.print_link(session, Role.MODERATOR, now()), _with_app(session),
        editions.token_of(draft, keys) or "", draft.year,
        tuple(f"mail/{p}/{addresses.token_of(mailed, p, keys)}" for p in (addresses.CONFIRM, addresses.STOP)),
        _link_to_decide(site, session, mailed),
    )  # fmt: skip


def _with_app(session: Session) -> str:
    """Somebody whose second step is an app."""
    person = people.add(session, "app@memorial.example", LONG_NAME, Role.MODERATOR, hashed(PASSWORD), "en", now())
    person.tf_primary_method, person.tf_totp_secret = "authenticator", security.totp_factory.generate_totp_secret()
    return person.email


def _link_to_decide(site: Site, session: Session, tribute: Tribute) -> str:
    """What a moderator is mailed; and one mail that failed, one that is tried again."""
    moderator = people.add(session, f"moderator.{EMAIL}", LONG_NAME, Role.MODERATOR, "x", "en", now())
    answers.confirm(session, tribute, now())
    for is_final in (True, False):
        claimed = outbox.claim(session, now())
        assert claimed
        outbox.failed(session, claimed, Failure.REFUSED, 550, now(), final=is_final)
    return f"/mail/decide/{mail_links.make(site.app.config['SECRET_KEY'], moderator, tribute.id, ids.new_id(now()))}"


def _redact(session: Session, tribute: Tribute) -> None:
    """Leave the name and an address out."""
    phrases = [LONG_NAME, "https://memorial.example/"]
    revision = redaction.successor(session, tribute, tribute.version, phrases, now())
    keeper = session.scalars(db.select(Person).limit(1)).one()
    order = Order(Action.REDACT, tribute.version, Reason.OTHER, LONG_WORDS, revision)
    desk.decide(session, tribute, order, keeper, now())


def _case(site: Site, session: Session, *, is_closed: bool = False) -> int:
    case = cases.open_case(
        session, b"open" if not is_closed else b"closed", CaseKind.OTHER, "az", LONG_NAME,
        "a.very.long.address.of.somebody@memorial.example", LONG_WORDS, now(), site.app.config["EMAIL_KEYS"],
    )  # fmt: skip
    if is_closed:
        cases.close(session, case, session.scalars(db.select(Person).limit(1)).one(), now())
    return case.number


def add_another_memorial(site: Site) -> None:
    """A second one, with no article and no tribute: nothing is the only memorial any more."""
    names = dict.fromkeys(LANGUAGES, LONG_NAME)
    with site.app.app_context():
        begin_write(db.session())
        memorials.add(db.session(), "another", date(1992, 2, 26), "Asia/Baku", names, names, now())
        db.session.commit()
