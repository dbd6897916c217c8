"""Next year's edition: begun from the text that stands, shown to whom its keeper chooses, and put in its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import ids, receipts
from tribute.domain.anniversary import local_day
from tribute.domain.errors import Conflict, NotFound
from tribute.domain.lifecycle import Remark
from tribute.models import Article, Memorial, Person, Turnover, renew_version
from tribute.services import articles, decisions, desk, remarks, turnovers, versions
from tribute.services.articles import Edition
from tribute.services.versions import BEGUN, Made

FIRST = 1  # the version of a row that was just made


def begin(session: Session, memorial: Memorial, person: Person, at: datetime) -> Turnover:
    """Copy the text that stands, in each of its languages, as a draft of the next anniversary's edition.

    It takes its place at midnight of that day unless the date is taken off. Raises Conflict where one is begun
    already, NotFound where there is nothing to copy.
    """
    decisions.lock_head(session)
    if is_begun(session, memorial, at):
        raise Conflict
    year, standing = turnovers.next_year(session, memorial, at), turnovers.standing_year(session, memorial, at)
    of_year = Article.year.is_(None) if standing is None else Article.year == standing
    texts = session.scalars(select(Article).where(Article.memorial_id == memorial.id, of_year)).all()
    if not texts:
        raise NotFound
    midnight = turnovers.midnight(memorial, year)
    turnover = Turnover(
        id=ids.new_id(at), memorial_id=memorial.id, year=year, at=midnight if midnight > at else None, version=FIRST,
        is_found=False, is_shared=False, generation=0,
    )  # fmt: skip
    session.add(turnover)
    session.flush()
    for each in texts:
        which = Edition(each.language, year, each.issuer)
        articles.bring_in(session, memorial, each.original, which, at, made=Made(BEGUN, person.id))
    _carry_over(session, memorial, texts, year)
    remarks.about_site(session, Remark.BEGIN, desk.actor_of(person), at, version=year)
    return turnover


def is_begun(session: Session, memorial: Memorial, at: datetime) -> bool:
    """Whether a draft of this year's edition or of a later one is here."""
    today = local_day(at, memorial.time_zone)
    return any(turnover.year >= today.year for turnover in turnovers.drafts(session, memorial, at))


def _carry_over(session: Session, memorial: Memorial, texts: Sequence[Article], year: int) -> None:
    """Let each copy follow the copy of what its original was translated from, where that was up to date."""
    for each in texts:
        former = versions.current(session, versions.of_article(memorial.slug, each.year, each.language))
        for other in texts:
            newest = versions.current(session, versions.of_article(memorial.slug, each.year, other.language))
            if former.follows == newest.number:
                copy = versions.current(session, versions.of_article(memorial.slug, year, each.language))
                source = versions.current(session, versions.of_article(memorial.slug, year, other.language))
                copy.follows = source.number


def set_day(session: Session, turnover: Turnover, seen: int, person: Person, at: datetime) -> None:
    """Let a draft take its place when the memorial's day begins. Raises Conflict where that has passed."""
    memorial = session.get_one(Memorial, turnover.memorial_id)
    midnight = turnovers.midnight(memorial, turnover.year)
    if midnight <= at:
        raise Conflict
    _settle(session, turnover, midnight, seen, Remark.SET_DAY, person, at)


def publish(session: Session, turnover: Turnover, seen: int, person: Person, at: datetime) -> None:
    """Let an edition stand from now on."""
    _settle(session, turnover, at, seen, Remark.PUBLISH, person, at)
    turnovers.let_be_found(session, turnover, is_found=True)


def take_off(session: Session, turnover: Turnover, seen: int, person: Person, at: datetime) -> None:
    """Take an edition's moment away: it waits for its keeper, and where it stood already it is a draft again."""
    _settle(session, turnover, None, seen, Remark.TAKE_OFF, person, at)
    turnovers.let_be_found(session, turnover, is_found=False)


def share(session: Session, turnover: Turnover, seen: int) -> None:
    """Let a link show the draft to whoever has it."""
    _raise(session, turnover, seen)
    turnover.is_shared = True


def revoke(session: Session, turnover: Turnover, seen: int) -> None:
    """Let no link that was given out show it any more."""
    _raise(session, turnover, seen)
    turnover.is_shared = False
    turnover.generation += 1


def of_year(session: Session, memorial: Memorial, year: int) -> Turnover:
    """What is settled about an edition that was begun in the desk. Raises NotFound."""
    found = turnovers.of(session, memorial, year)
    if found is None:
        raise NotFound
    return found


def token_of(turnover: Turnover, keys: Sequence[bytes]) -> str | None:
    """What the link to a draft ends with; None while no link is given out."""
    if not turnover.is_shared:
        return None
    return receipts.make_token(keys, turnover.id, turnover.generation, receipts.DRAFT)


def by_token(session: Session, token: str, keys: Sequence[bytes]) -> Turnover:
    """The edition that a link shows. Raises NotFound for one that was revoked or never given out."""
    key = receipts.tribute_of(token)
    found = session.get(Turnover, key) if key is not None and key <= ids.MAXIMUM else None
    if found is None or not found.is_shared:
        raise NotFound
    if not receipts.is_valid(keys, token, found.generation, receipts.DRAFT):
        raise NotFound
    return found


def _settle(
    session: Session, turnover: Turnover, moment: datetime | None, seen: int, remark: Remark, person: Person,
    at: datetime,
) -> None:  # fmt: skip
    _raise(session, turnover, seen)
    turnover.at = moment
    session.flush()
    renew_version(session)
    remarks.about_site(session, remark, desk.actor_of(person), at, version=turnover.year)


def _raise(session: Session, turnover: Turnover, seen: int) -> None:
    """Go on from the version that was seen, or raise Conflict."""
    decisions.lock_head(session)
    session.refresh(turnover)
    if turnover.version != seen:
        raise Conflict
    turnover.version += 1
    session.flush()
