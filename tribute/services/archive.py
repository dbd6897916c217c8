"""The archive: past entries by year, month and day, as a table of contents. Numbers come from the counts alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, select, union_all
from sqlalchemy.orm import Session

from tribute.domain import ids, text
from tribute.domain.anniversary import day_edges, in_year, local_day, month_edges
from tribute.domain.errors import NotFound
from tribute.domain.lifecycle import Status
from tribute.models import Memorial, Tribute
from tribute.services import counts, keyset, wall
from tribute.services.keyset import Page
from tribute.services.wall import Card

LINES = 60  # tributes a page
FIRST = 3  # of a day, among the same day of other years
OPENING = 140  # letters of the words that a line shows

Edges = tuple[datetime, datetime]


@dataclass(frozen=True)
class Line:
    """A tribute as a line of the contents."""

    card: Card
    opening: str  # its first words; empty where a gesture was laid without any


@dataclass(frozen=True)
class Day:
    """A day, how many tributes it has, and those of them that the page shows."""

    date: date
    number: int
    lines: list[Line]


@dataclass(frozen=True)
class Year:
    """A year's twelve months with their numbers, and the nearest years that have tributes."""

    months: list[tuple[date, int]]
    total: int
    earlier: date | None
    later: date | None


@dataclass(frozen=True)
class Part:
    """What a page of contents covers, a month or a day: its name in the counts, its edges, its days' numbers."""

    period: str
    edges: Edges
    numbers: dict[date, int]


@dataclass(frozen=True)
class Contents:
    """One page of a month, or of one of its days."""

    index: list[tuple[date, int]]  # the month's days that have tributes
    total: int
    days: list[Day]
    older: str | None
    newer: str | None
    earlier: date | None  # the nearest months, or days, that have tributes
    later: date | None


def years(session: Session, memorial: Memorial) -> list[tuple[int, int]]:
    """Every year from the newest that has tributes to the first, with its number."""
    numbers = dict(counts.public_years(session, memorial.id))
    return [(year, numbers.get(year, 0)) for year in _span(numbers)]


def year(session: Session, memorial: Memorial, number: int, today: date) -> Year:
    """A year's months. Raises NotFound for a year before the event or still to come, unless it has tributes."""
    numbers = counts.public_months(session, memorial.id, number)
    if not numbers and not memorial.event_date.year <= number <= today.year:
        raise NotFound
    months = [date(number, month, 1) for month in range(1, 13)]
    turns = counts.neighbours(session, memorial.id, f"y{number}")
    return Year([(month, numbers.get(month, 0)) for month in months], sum(numbers.values()), *turns)


def month(
    session: Session, memorial: Memorial, first: date, today: date,
    before: int | None = None, after: int | None = None,
) -> Contents:  # fmt: skip
    """A page of a month, named by its first day. Raises NotFound as `year` does."""
    index = _index(session, memorial, first, today)
    part = Part(f"m{first:%Y-%m}", month_edges(first, memorial.time_zone), index)
    return _contents(session, memorial, index, part, before, after)


def day(
    session: Session, memorial: Memorial, chosen: date, today: date,
    before: int | None = None, after: int | None = None,
) -> Contents:  # fmt: skip
    """A page of one day, within its month. Raises NotFound as `year` does."""
    index = _index(session, memorial, chosen.replace(day=1), today)
    own = {chosen: index.get(chosen, 0)}
    part = Part(f"d{chosen:%Y-%m-%d}", day_edges(chosen, memorial.time_zone), own)
    return _contents(session, memorial, index, part, before, after)


def on_this_day(session: Session, memorial: Memorial) -> list[Day]:
    """The event's day in every year from the newest that has tributes to the first, with its first tributes."""
    every = _span(dict(counts.public_years(session, memorial.id)))
    days = [found for number in every if (found := in_year(memorial.event_date, number))]
    numbers = counts.public_on(session, memorial.id, days)
    lines = _by_day(_first_of(session, memorial, list(numbers)), memorial)
    return [Day(one, numbers.get(one, 0), lines.get(one, [])) for one in days]


def _span(numbers: dict[int, int]) -> range:
    return range(max(numbers), min(numbers) - 1, -1) if numbers else range(0)


def _index(session: Session, memorial: Memorial, first: date, today: date) -> dict[date, int]:
    index = counts.public_days(session, memorial.id, first)
    if not index and not memorial.event_date.replace(day=1) <= first <= today:
        raise NotFound
    return index


def _contents(
    session: Session, memorial: Memorial, index: dict[date, int], part: Part, before: int | None, after: int | None
) -> Contents:
    total, page = sum(part.numbers.values()), Page[int]([], None, None)
    if total:  # else nothing is looked for: another memorial's tributes may fill the same range of keys
        page = _page(session, memorial, part, before, after)
    cards = wall.cards(session, [key for _, key in page.rows], memorial.slug)
    days = [Day(one, part.numbers.get(one, len(lines)), lines) for one, lines in _by_day(cards, memorial).items()]
    turns = counts.neighbours(session, memorial.id, part.period)
    return Contents(list(index.items()), total, days, page.older, page.newer, *turns)


def _page(session: Session, memorial: Memorial, part: Part, before: int | None, after: int | None) -> Page[int]:
    query = select(Tribute.id, Tribute.id).where(*_public(memorial, part.edges))
    page = keyset.page(session, query, Tribute.id, LINES, before, after, upward=True)
    if not page.rows and (before is not None or after is not None):  # what stood beyond the cursor is gone
        return _page(session, memorial, part, None, None)
    return page


def _public(memorial: Memorial, edges: Edges) -> list[ColumnElement[bool]]:
    """What is public between two moments: a range of keys on both databases, by status or by the key alone."""
    first, last = map(ids.first_id_at, edges)
    own = [Tribute.memorial_id == memorial.id, Tribute.status == Status.APPROVED]
    return [*own, Tribute.id >= first, Tribute.id < last]


def _first_of(session: Session, memorial: Memorial, days: list[date]) -> list[Card]:
    """The first tributes of each day, in one statement."""
    if not days:
        return []
    each = (_public(memorial, day_edges(one, memorial.time_zone)) for one in days)
    keys = [select(Tribute.id).where(*public).order_by(Tribute.id).limit(FIRST).subquery() for public in each]
    chosen = union_all(*(select(key.c.id) for key in keys))
    return wall.cards(session, sorted(session.scalars(chosen)), memorial.slug)


def _by_day(cards: list[Card], memorial: Memorial) -> dict[date, list[Line]]:
    """Cards in time order as lines, by their day where the memorial is."""
    those = groupby(cards, key=lambda card: local_day(card.at, memorial.time_zone))
    return {found: [Line(card, text.shorten(card.plain, OPENING)) for card in own] for found, own in those}
