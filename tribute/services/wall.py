"""The wall: what is public, newest first; words as cards, and gestures without words as one line between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from tribute.domain import ids, text
from tribute.domain.anniversary import year_edges
from tribute.domain.errors import Gone, NotFound
from tribute.domain.language import INTERFACE
from tribute.domain.lifecycle import Status
from tribute.models import Memorial, Revision, Tribute
from tribute.services import counts, keyset
from tribute.services.keyset import Page

WALL_SIZE = 24  # cards a page; two columns fill evenly
NEWEST_SIZE = 6  # cards under the article
SHORT = 80  # graphemes: what is no longer stands larger
NAMES = 3  # named in a line of gestures; the rest are counted
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Card:
    """A published tribute as it shows everywhere."""

    kind = "card"
    public_id: str
    memorial: str
    name: str
    place: str
    gesture: str
    html: Markup
    language: str
    page_language: str
    at: datetime
    short: bool
    shortened: bool = False  # a moderator left something out

    @property
    def plain(self) -> str:
        """The words without markup, for a page's description."""
        return text.plain(self.html)

    @property
    def own_language(self) -> str:
        """The language of its canonical address: that of its words, where the site speaks it."""
        return self.language if self.language in INTERFACE else self.page_language


@dataclass(frozen=True)
class Laid:
    """Gestures without words between two cards: the newest names, and how many others."""

    kind = "laid"
    gesture: str
    names: list[tuple[str, str]]  # name and public_id
    others: int
    others_capped: bool
    at: datetime


@dataclass(frozen=True)
class Wall:
    """One page of the wall."""

    items: list[Card | Laid]
    older: str | None
    newer: str | None
    total: int


@dataclass(frozen=True)
class Filters:
    """What a reader chose to see; empty means all."""

    year: int | None = None
    language: str = ""
    gesture: str = ""

    def conditions(self, time_zone: str) -> list[ColumnElement[bool]]:
        """The filters as conditions on a tribute; a year is a range of ids."""
        found: list[ColumnElement[bool]] = []
        if self.year is not None:
            first, last = year_edges(self.year, time_zone)
            found += [Tribute.id >= ids.first_id_at(first), Tribute.id < ids.first_id_at(last)]
        if self.language:
            found.append(Tribute.language == self.language)
        if self.gesture:
            found.append(Tribute.gesture == self.gesture)
        return found


def card_of(tribute: Tribute, revision: Revision, memorial: str, html: Markup | None = None) -> Card:
    """A revision of a tribute as a card."""
    shown = text.trusted(revision.html) if html is None else html
    return Card(
        tribute.public_id, memorial, revision.name, revision.place, tribute.gesture, shown, revision.language,
        tribute.page_language, tribute.at, is_short(revision.html),
        revision.made_by == "moderator",
    )  # fmt: skip


def is_short(html: str) -> bool:
    """Whether words stand larger, since there are few."""
    return not text.is_longer(text.plain(html), SHORT)


def wall(
    session: Session, memorial: Memorial, filters: Filters = Filters(),
    before: int | None = None, after: int | None = None, size: int = WALL_SIZE,
) -> Wall:  # fmt: skip
    """A page of a memorial's wall."""
    public = [*_public(memorial), *filters.conditions(memorial.time_zone)]
    # Keys alone, which an index holds: for whole rows PostgreSQL goes through all that wait.
    query = select(Tribute.id, Tribute.id).where(Tribute.worded, *public)
    page = keyset.page(session, query, Tribute.id, size, before, after)
    items: list[Card | Laid] = list(cards(session, [key for _, key in page.rows], memorial.slug))
    items += _laid(session, public, *_edges(page, before, after))
    items.sort(key=lambda item: item.at, reverse=True)
    return Wall(items, page.older, page.newer, counts.public_total(session, memorial.id))


def _edges(page: Page[int], before: int | None, after: int | None) -> tuple[int, int]:
    """The gestures a page owns: from its lowest card up to the card above its highest, whichever way it was reached."""
    above = page.beyond if before is None and after is not None else before
    lowest = 0 if after is None else min(after + 1, ids.MAXIMUM)  # where no card is left above `after`
    if page.older:
        lowest = ids.decode(page.older) or 0
    return lowest, above if above is not None else ids.MAXIMUM


def cards(session: Session, keys: Sequence[int], memorial: str) -> list[Card]:
    """Public tributes as cards, in the order of their keys; what is public no longer by now is left out."""
    query = select(Tribute, Revision).join(Revision, Revision.id == Tribute.public_revision_id)
    rows = session.execute(query.where(Tribute.id.in_(keys)))
    found = {tribute.id: card_of(tribute, revision, memorial) for tribute, revision in rows
             if tribute.status == Status.APPROVED}  # fmt: skip
    return [found[key] for key in keys if key in found]


def public_card(session: Session, memorial: Memorial, tribute_id: int | None) -> Card:
    """One public tribute. Raises NotFound, or Gone for what was withdrawn or removed after it had been public."""
    tribute = session.get(Tribute, tribute_id) if tribute_id is not None else None
    if tribute is None or tribute.memorial_id != memorial.id:
        raise NotFound
    if tribute.status in (Status.WITHDRAWN, Status.REMOVED) and tribute.published_at is not None:
        raise Gone
    if tribute.status != Status.APPROVED or tribute.public_revision_id is None:
        raise NotFound
    return card_of(tribute, session.get_one(Revision, tribute.public_revision_id), memorial.slug)


def choices(session: Session, memorial: Memorial) -> dict[str, list[tuple[int, int]] | list[tuple[str, int]]]:
    """What the wall can be filtered by, each with its number of public tributes."""
    return {
        "years": counts.public_years(session, memorial.id),
        "languages": counts.public_languages(session, memorial.id),
        "gestures": counts.public_gestures(session, memorial.id),
    }


def newest_published(session: Session, memorial: Memorial, limit: int) -> list[tuple[Card, datetime]]:
    """The last published tributes with the moment of publishing, for the feed alone."""
    order = (Tribute.published_at.desc(), Tribute.id.desc())
    query = select(Tribute.id, Tribute.published_at).where(*_public(memorial)).order_by(*order).limit(limit)
    moments = dict(session.execute(query).all())
    made = cards(session, list(moments), memorial.slug)
    return [(card, moments[ids.decode(card.public_id) or 0] or card.at) for card in made]


def newest_addresses(session: Session, limit: int) -> list[tuple[str, str, str]]:
    """The memorial, canonical language and public id of the last published tributes of all memorials."""
    newest = _newest(limit, Tribute.status == Status.APPROVED)
    query = select(Memorial.slug, Tribute.language, Tribute.page_language, Tribute.id).join(
        Memorial, Memorial.id == Tribute.memorial_id
    )
    rows = session.execute(query.where(Tribute.id.in_(newest)).order_by(Tribute.id.desc()))
    return [(slug, own if own in INTERFACE else page, ids.encode(key)) for slug, own, page, key in rows]


def _public(memorial: Memorial) -> list[ColumnElement[bool]]:
    return [Tribute.memorial_id == memorial.id, Tribute.status == Status.APPROVED]


def _laid(session: Session, public: list[ColumnElement[bool]], lowest: int, highest: int) -> list[Laid]:
    """A line for each gesture laid without words within a page's edges."""
    wordless = [*public, Tribute.worded.is_(False), Tribute.id >= lowest, Tribute.id < highest]
    lines = (_line(session, wordless, gesture) for gesture in ("carnation", "candle", "dove"))
    return [line for line in lines if line is not None]


def _line(session: Session, wordless: list[ColumnElement[bool]], gesture: str) -> Laid | None:
    conditions = [*wordless, Tribute.gesture == gesture]
    bounded = select(Tribute.id).where(*conditions).limit(MOST_COUNTED + NAMES + 1).subquery()
    number = session.execute(select(func.count()).select_from(bounded)).scalar_one()
    if not number:
        return None
    query = select(Tribute.id, Revision.name).join(Revision, Revision.id == Tribute.public_revision_id)
    newest = Tribute.id.in_(_newest(NAMES, *conditions))
    rows = session.execute(query.where(newest).order_by(Tribute.id.desc())).all()
    if not rows:  # they were hidden since they were counted
        return None
    names = [(name, ids.encode(key)) for key, name in rows]
    others = number - len(names)
    return Laid(gesture, names, min(others, MOST_COUNTED), others > MOST_COUNTED, ids.time_of(rows[0][0]))


def _newest(limit: int, *conditions: ColumnElement[bool]) -> Select[int]:
    """The keys of the newest, found before anything else is looked up."""
    keys = select(Tribute.id).where(*conditions).order_by(Tribute.id.desc()).limit(limit).subquery()
    return select(keys.c.id)
