"""Mail as its reader has it: sent by the worker's own steps, at a moment that a test chooses."""

from __future__ import annotations

import html
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import Flask

from tribute.config import Settings
from tribute.mail.delivery import Folder, delivery_of
from tribute.mail.worker import carry

LINK = re.compile(r"https?://\S+")


def work(app: Flask) -> None:
    """What the worker does until nothing is due."""
    delivery = delivery_of(app.config["SETTINGS"])
    while carry(app, delivery):
        pass


def folder(app: Flask) -> Path:
    """Where mail is written."""
    settings: Settings = app.config["SETTINGS"]
    return settings.mail_folder


def posted(app: Flask) -> list[EmailMessage]:
    """Every mail that was written so far, the oldest first, after the worker did what is due."""
    work(app)
    return [read(folder(app) / f"{name}.eml") for name in Folder(folder(app)).names()]


def newly_posted(app: Flask) -> list[EmailMessage]:
    """The same, and the files are gone: the next call gives what came after."""
    found = posted(app)
    for name in Folder(folder(app)).names():
        Folder(folder(app)).forget(name)
    return found


def read(file: Path) -> EmailMessage:
    """A mail in a file."""
    found = message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(found, EmailMessage)
    return found


def text_of(mail: EmailMessage) -> str:
    """Its words as plain text."""
    part = mail.get_body(("plain",))
    assert part
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    """Its HTML."""
    part = mail.get_body(("html",))
    assert part
    return str(part.get_content())


def read_aloud(mail: EmailMessage) -> str:
    """The words of its HTML, as somebody reads them aloud."""
    shown = html_of(mail).partition("<body")[2].partition(">")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def links_of(mail: EmailMessage) -> list[str]:
    """The paths of its links, in their order."""
    return [re.sub(r"https?://[^/]+", "", found) for found in LINK.findall(text_of(mail))]


def link_of(mail: EmailMessage, part: str) -> str:
    """The one link that holds a part such as `/mail/stop/`."""
    found = {path for path in links_of(mail) if part in path}
    assert len(found) == 1, f"{part} in {links_of(mail)}"
    return found.pop()
