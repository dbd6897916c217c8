"""Every mail of the site in one language, each brought about by what people really do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from tests.cast import Cast, a_tribute
from tests.mail.posted import newly_posted
from tribute.domain import ids
from tribute.domain.lifecycle import Action, Status
from tribute.domain.mail import Failure, Mail, Notice
from tribute.domain.permissions import Role
from tribute.domain.reasons import CaseKind
from tribute.extensions import db, now
from tribute.mail import chores
from tribute.models import Message, Person, Tribute, begin_write
from tribute.services import addresses, answers, cases, deeds, desk, forgotten, invitations, outbox, safeguards
from tribute.services.desk import Order
from tribute.services.invitations import Guest

BEGIN = datetime(2026, 1, 20, 9, 30, tzinfo=UTC)
LATER = timedelta(minutes=11)  # than a decision can be taken back
NAME, PLACE, WORDS = "Zümrüdxanım", "Qaradonlu", "Unudulmaz sözlər, sadəcə bu sınaq üçün."
EMAIL = "leyla@memorial.example"
NOTE = "Zəhmət olmasa, <b>telefon</b> nömrəsini & ünvanı çıxarın."
DECIDER = "Gülçöhrə Qərarverən"
REASON = "private_person"

Mails = dict[Mail, list[EmailMessage]]


class Post:
    """The site with a clock that the test moves, and its mail by kind."""

    def __init__(self, app: Flask, language: str, clock: time_machine.Traveller) -> None:
        self.app, self.language, self.clock, self.mails = app, language, clock, Mails()
        self.keeper = self.person(Role.KEEPER, "keeper@memorial.example")
        self.moderator = self.person(Role.MODERATOR, "moderator@memorial.example")

    def person(self, role: Role, email: str) -> int:
        """Somebody at the desk who speaks the language."""
        key = Cast(self.app).person(role, DECIDER, email)
        with self.writing() as session:
            session.get_one(Person, key).language = self.language
        return key

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction, committed."""
        with self.app.app_context():
            begin_write(db.session())
            yield db.session()
            db.session.commit()

    def tribute(self, **fields: str) -> int:
        """A tribute with an address, from a page in the language."""
        said = {"name": NAME, "place": PLACE, "words": WORDS, "email": EMAIL, "page_language": self.language} | fields
        with self.app.app_context():
            return ids.decode(a_tribute(self.app, Status.PENDING, at=now(), **said)) or 0

    def confirm(self, tribute_id: int) -> None:
        """Its author confirms the address."""
        with self.writing() as session:
            answers.confirm(session, session.get_one(Tribute, tribute_id), now())

    def decide(self, tribute_id: int, action: Action, reason: str = "", note: str = "") -> None:
        """The moderator decides."""
        with self.writing() as session:
            tribute, person = session.get_one(Tribute, tribute_id), session.get_one(Person, self.moderator)
            desk.decide(session, tribute, Order(action, tribute.version, reason, note), person, now())

    def collect(self, later: timedelta = LATER) -> None:
        """Let time go by, and gather the mail that came."""
        self.clock.shift(later)
        chores.tell(self.app)
        for mail in newly_posted(self.app):
            self.mails.setdefault(self.kind_of(mail), []).append(mail)

    def kind_of(self, mail: EmailMessage) -> Mail:
        """Which mail of the site it is."""
        key = ids.decode(str(mail["Message-ID"]).strip("<>").partition("@")[0])
        with self.app.app_context():
            return Mail(db.session.get_one(Message, key).kind)


@contextmanager
def post(app: Flask, language: str) -> Iterator[Post]:
    """The site on the morning of the day, for the length of a block."""
    with time_machine.travel(BEGIN, tick=False) as clock:
        yield Post(app, language, clock)


def every_mail(app: Flask, language: str) -> Mails:
    """Each mail at least once."""
    with post(app, language) as site:
        to_author(site)
        to_moderator(site)
        to_keeper(site)
        to_people(site)
        return site.mails


def to_author(site: Post) -> None:
    """Everything that an author can be told."""
    tribute = site.tribute()
    site.collect()
    site.confirm(tribute)
    site.collect()
    for action in (Action.APPROVE, Action.HIDE, Action.RESTORE):
        site.decide(tribute, action)
        site.collect()
    other = site.tribute()
    site.confirm(other)
    site.decide(other, Action.DECLINE, REASON, NOTE)
    site.collect()
    site.decide(other, Action.RESTORE)
    site.collect()
    site.decide(other, Action.SPAM)
    site.collect()
    with site.writing() as session:
        addresses.ask_for_links(session, EMAIL, site.language, now(), site.app.config["EMAIL_KEYS"])
    site.collect()


def to_people(site: Post) -> None:
    """Everything about signing in, and being invited to."""
    keys = site.app.config["EMAIL_KEYS"]
    with site.writing() as session:
        keeper, moderator = session.get_one(Person, site.keeper), session.get_one(Person, site.moderator)
        for role in Role:
            guest = Guest(f"{role}.invited@memorial.example", role, site.language)
            invitations.invite(session, guest, keeper, now(), keys)
        forgotten.ask(session, moderator.email, site.language, now(), keys)
        for deed in sorted(deeds.TOLD):
            deeds.record(session, deed, deeds.OPERATOR, now(), moderator)
    site.collect()


def to_moderator(site: Post) -> None:
    """Everything about what waits."""
    with site.writing() as session:
        person = session.get_one(Person, site.moderator)
        person.notice, person.noticed_at, person.notice_alone, person.reads = Notice.HOURLY, now(), True, ["az", "tr"]
        session.get_one(Person, site.keeper).reads = ["en", "ru"]
    for number in range(12):
        site.tribute(email=f"{number}@memorial.example")
    site.collect(timedelta(hours=2))
    with site.writing() as session:
        person = session.get_one(Person, site.moderator)
        person.notice, person.noticed_at, person.notice_hours = Notice.LATE, None, 6
    site.collect(timedelta(hours=5))


def to_keeper(site: Post) -> None:
    """Everything that keepers must hear of."""
    keys = site.app.config["EMAIL_KEYS"]
    with site.writing() as session:
        moderator = desk.actor_of(session.get_one(Person, site.moderator))
        safeguards.pause(session, WORDS, now() + timedelta(hours=1), moderator, now())
        cases.open_case(session, b"key", CaseKind.CORRECTION, site.language, NAME, EMAIL, WORDS, now(), keys)
        addresses.ask_for_links(session, EMAIL, site.language, now(), keys)
        claimed = outbox.claim(session, now() + timedelta(days=2))
        while claimed and session.get_one(Message, claimed.id).kind != Mail.LOST_LINK:
            claimed = outbox.claim(session, now() + timedelta(days=2))
        assert claimed
        outbox.failed(session, claimed, Failure.REFUSED, 550, now(), final=True)
    site.collect()
    site.collect(timedelta(days=28))
