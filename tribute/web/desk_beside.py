"""What stands beside one tribute at the desk: what else came from its sender, and how it will look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tribute.domain import text
from tribute.extensions import db, now
from tribute.models import Tribute
from tribute.services import desk_cards, kin
from tribute.services.desk_cards import DeskCard
from tribute.services.kin import Kin
from tribute.web.access import this_person
from tribute.web.desk_faces import same_address, same_email

EXCERPT = 80  # letters: enough to know the same words again


def nearby(found: Tribute) -> dict[str, Any]:
    """The groups of others that there are, each named by its code, and the card as it will be published."""
    session = db.session()
    groups = {
        "email": (kin.by_email(session, found), same_email),
        "address": (kin.by_address(session, found, now()), same_address),
    }
    return {
        "groups": {code: _group(group, said) for code, (group, said) in groups.items() if group.number},
        "preview": desk_cards.preview(session, found),
    }  # fmt: skip


def _group(group: Kin, said: Callable[[int], str]) -> dict[str, Any]:
    cards = desk_cards.cards(db.session(), group.newest, this_person())
    return {"said": said(group.number), "others": [_other(card) for card in cards]}


def _other(card: DeskCard) -> dict[str, Any]:
    return {
        "public_id": card.public_id, "name": card.name, "status": card.status, "at": card.at,
        "language": card.language, "excerpt": text.shorten(text.plain(card.html), EXCERPT),
    }  # fmt: skip
