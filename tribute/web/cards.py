"""A card in words, all at once: asked for one by one by its template, they take several times as long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from tribute.domain import language as languages
from tribute.services.wall import Card
from tribute.web import shell, words


@dataclass(frozen=True)
class InWords:
    """What a card's template says beside what its author wrote."""

    address: str  # of its own page, once it has one
    day: str  # empty where it was not sent yet
    isotime: str
    label: str
    deed: str  # empty for words alone
    sign: str  # the address of the gesture's picture; empty too
    direction: str


def init_app(app: Flask) -> None:
    """Give both to every template."""
    app.jinja_env.filters |= {"in_words": in_words, "address": address}


def address(card: Card) -> str:
    """Where a card's own page is."""
    return f"{shell.address('tributes.wall', memorial=card.memorial)}{card.public_id}/"


def in_words(card: Card) -> InWords:
    """The words of a card in the page's language and the memorial's time."""
    shell.holds(card.public_id)
    at: datetime | None = card.at
    local = at.astimezone(words.zone()) if at else None
    day = words.local_day(local.date()) if local else ""
    has_gesture = card.gesture not in ("", "none")
    return InWords(
        address(card), day, local.isoformat(timespec="minutes") if local else "",
        words.texts().ugettext("Tribute by %(name)s, %(day)s") % {"name": card.name, "day": day},
        words.gesture_deed(card.gesture) if has_gesture else "",
        shell.asset(f"img/{card.gesture}.svg") if has_gesture else "",
        languages.direction(card.language),
    )  # fmt: skip
