"""Which edition stands at a moment: read from the clock, so that midnight needs nobody to be awake.

The search alone has to be told, since what it holds is written down: `catch_up` does that once the moment has come.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, false, func, or_, select
from sqlalchemy.orm import Session

from tribute.domain.anniversary import day_edges, in_year, local_day
from tribute.models import Article, Memorial, Turnover
from tribute.search import index
from tribute.services import decisions
from tribute.services.memorials import versions_of


def of(session: Session, memorial: Memorial, year: int) -> Turnover | None:
    """What was settled about an edition that was begun in the desk; None for one that was imported."""
    query = select(Turnover).where(Turnover.memorial_id == memorial.id, Turnover.year == year)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def standing_year(session: Session, memorial: Memorial, at: datetime) -> int | None:
    """The year of the edition that stands at a moment; None for the text without a year."""
    due = select(Turnover.year).where(Turnover.memorial_id == memorial.id, Turnover.at <= at)
    return session.scalars(due.order_by(Turnover.at.desc(), Turnover.year.desc()).limit(1)).first()


def drafts(session: Session, memorial: Memorial, at: datetime) -> list[Turnover]:
    """The editions that nobody but keepers sees at a moment, by year."""
    not_yet = or_(Turnover.at.is_(None), Turnover.at > at)
    query = select(Turnover).where(Turnover.memorial_id == memorial.id, not_yet)
    return list(session.scalars(query.order_by(Turnover.year)))


def is_draft(turnover: Turnover | None, at: datetime) -> bool:
    """Whether an edition is a draft at a moment."""
    return turnover is not None and (turnover.at is None or turnover.at > at)


def anniversary(memorial: Memorial, year: int) -> date:
    """The memorial's day in a year; 1 March for a 29 February that the year lacks, as the years are counted."""
    return in_year(memorial.event_date, year) or date(year, 3, 1)


def midnight(memorial: Memorial, year: int) -> datetime:
    """When the memorial's day begins in a year, where the memorial is."""
    return day_edges(anniversary(memorial, year), memorial.time_zone)[0]


def next_year(session: Session, memorial: Memorial, at: datetime) -> int:
    """The year of the next anniversary that has no edition; today's counts as one that is to come."""
    today = local_day(at, memorial.time_zone)
    query = select(Article.year).where(Article.memorial_id == memorial.id, Article.year.is_not(None)).distinct()
    taken = set(session.scalars(query))
    year = today.year if anniversary(memorial, today.year) >= today else today.year + 1
    while year in taken:
        year += 1
    return year


def is_due(session: Session, memorials: Iterable[Memorial], at: datetime) -> bool:
    """Whether an edition has taken its place and the search does not know it yet; `memorials` are all there are.

    The database is asked when what is public has changed, as it does when an edition is settled.
    """
    kept, versions = _first.get(session.get_bind().engine), versions_of(memorials)
    if kept is None or kept[0] != versions:
        first = session.scalar(select(func.min(Turnover.at)).where(Turnover.is_found == false()))
        kept = _first[session.get_bind().engine] = versions, first
    return kept[1] is not None and kept[1] <= at


_first: WeakKeyDictionary[Engine, tuple[object, datetime | None]] = WeakKeyDictionary()


def catch_up(session: Session, at: datetime) -> int:
    """Let the search find every edition that has taken its place; returns how many are new to it."""
    decisions.lock_head(session)  # who changes the vocabulary waits for whoever does so
    query = select(Turnover).where(*_due(at)).execution_options(populate_existing=True)
    due = session.scalars(query).all()
    _first.pop(session.get_bind().engine, None)
    for turnover in due:
        let_be_found(session, turnover, is_found=True)
    return len(due)


def let_be_found(session: Session, turnover: Turnover, *, is_found: bool) -> None:
    """Put an edition's texts into the search, or take them out."""
    turnover.is_found = is_found
    session.flush()
    of_edition = Article.memorial_id == turnover.memorial_id, Article.year == turnover.year
    for article in session.scalars(select(Article).where(*of_edition)):
        index.update_article(session, article)


def _due(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return Turnover.at <= at, Turnover.is_found == false()
