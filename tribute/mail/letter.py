"""What every mail has: its three templates written in one language, and the headers around them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import urlsplit

from email_validator import validate_email
from flask import Flask, current_app, g, render_template, url_for

from tribute.config import Settings
from tribute.domain import emails, ids
from tribute.extensions import now
from tribute.models import Memorial, Message
from tribute.services.people import EMAIL_RULES
from tribute.web.shell import absolute, shown_memorial

NOBODY = "tribute@localhost"  # where mail goes to files, and nobody set a sender


@dataclass(frozen=True)
class Letter:
    """One mail before it is written: whom it goes to, and what its templates are given.

    `stop`: the address of the page that ends mail to this reader.
    """

    to: str
    given: dict[str, Any] = field(default_factory=dict)
    stop: str = ""


@dataclass(frozen=True)
class Written:
    """A mail in words."""

    subject: str
    text: str
    html: str


@contextmanager
def speaking(app: Flask, language: str, memorial: Memorial | None = None) -> Iterator[None]:
    """The surroundings in which templates are written for a language, as a page of the site would be."""
    with app.app_context(), app.test_request_context(base_url=app.config["BASE_URL"]):
        g.lang = language
        if memorial is not None:
            g.memorial = memorial
        yield


def write(kind: str, letter: Letter) -> Written:
    """The words of a mail, in the language that is spoken here."""
    given = letter.given | {"kind": kind, "stop": letter.stop, "contact_url": absolute(url_for("contact.new"))}
    subject, text, html = (render_template(f"mail/{kind}.{part}", **given) for part in ("subject", "txt", "html"))
    return Written(" ".join(subject.split()), _lines(text), html.strip() + "\n")


def _lines(text: str) -> str:
    """A text without the gaps that a template's own lines leave."""
    lines = [line.strip() for line in text.strip().splitlines()]
    kept = [line for number, line in enumerate(lines) if line or lines[number - 1]]
    return "\n".join(kept) + "\n"


def envelope(message: Message, letter: Letter, written: Written) -> EmailMessage:
    """The mail as it is handed over: letters beyond ASCII are encoded, and the same row has the same Message-ID."""
    settings: Settings = current_app.config["SETTINGS"]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender(settings)
    mail["To"] = deliverable(letter.to)
    mail["Subject"] = written.subject
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = f"<{ids.encode(message.id)}@{urlsplit(settings.base_url).hostname}>"
    mail["Auto-Submitted"] = "auto-generated"
    if letter.stop:
        mail["List-Unsubscribe"] = f"<{letter.stop}>"
    mail.set_content(written.text, cte="quoted-printable")
    mail.add_alternative(written.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.language  # only now: giving a mail its content clears what describes it
    return mail


def deliverable(address: str) -> str:
    """An address as mail servers take it: its domain in ASCII."""
    found = validate_email(address, **EMAIL_RULES)
    return f"{found.local_part}@{found.ascii_domain}"


def sender(settings: Settings) -> Address:
    """Who mail comes from: the address of the settings, under its own name or else the site's."""
    name, address = parseaddr(settings.mail_from or NOBODY)
    memorial = shown_memorial()
    return Address(name or (memorial.name(g.lang) if memorial else "Tribute"), addr_spec=address)


def file_name(message_id: int) -> str:
    """What a mail is called where it is written to a file."""
    return ids.encode(message_id)


def unsealed(sealed: bytes) -> str:
    """An address, or a link's token, that was sealed for the outbox. Raises InvalidToken where its key is gone."""
    return emails.unseal(current_app.config["EMAIL_KEYS"], sealed)
