"""Keeping the indexes: one for the public, one of articles, one for the desk; each with its vocabulary.

The public index holds what is public and nothing else, the desk's holds every tribute. What is said of either is kept
in the transaction that changes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from tribute.domain import ids, text
from tribute.domain.anniversary import local_day
from tribute.domain.lifecycle import Status
from tribute.models import (
    Article,
    ArticleEntry,
    DeskEntry,
    DeskVocabulary,
    Memorial,
    Revision,
    Tribute,
    TributeEntry,
    Vocabulary,
    may_be_found,
    renew_version,
    stands,
)
from tribute.search import terms, vocabulary
from tribute.search.engine import Engine, Entry
from tribute.search.postgres import TextSearch
from tribute.search.sqlite import Fts5
from tribute.search.terms import Row, Said
from tribute.search.vocabulary import Table

ENGINES: Mapping[str, Engine] = {"sqlite": Fts5(), "postgresql": TextSearch()}


@dataclass(frozen=True)
class Index:
    """The entries of one kind, and the vocabulary that they count in."""

    entry: Entry
    vocabulary: Table


PUBLIC = Index(TributeEntry, Vocabulary)
ARTICLES = Index(ArticleEntry, Vocabulary)
DESK = Index(DeskEntry, DeskVocabulary)

AHEAD = 86_400  # numbers, about a day: what is further ahead of now is not of a raid, but of a clock that went wrong


def engine_of(session: Session) -> Engine:
    """The engine of the session's database."""
    return ENGINES[session.get_bind().dialect.name]


def update_tribute(session: Session, tribute: Tribute) -> bool:
    """Make both indexes say what the tribute's status and revisions now are; tells whether that changed the public's,
    and so renewed the version of what is public.
    """
    put(session, DESK, tribute.id, desk_of(session, tribute))
    return put(session, PUBLIC, tribute.id, public_of(session, tribute))


def add_tribute(session: Session, tribute: Tribute, revision: Revision) -> None:
    """Let the desk find a tribute that has just come in, of which no index knows anything."""
    said = _said(session, tribute, [revision], status=tribute.status)
    _index(session, DESK, [next_number(session, DESK.entry, tribute.at)], [said])


def update_article(session: Session, article: Article) -> None:
    """Put an article's whole text into the index; nothing of an edition that has not taken its place."""
    query = select(Article.id).where(Article.id == article.id, may_be_found())
    is_found = session.execute(query).scalar() is not None
    put(session, ARTICLES, article.id, article_of(article) if is_found else None)


def public_of(session: Session, tribute: Tribute) -> Said | None:
    """What everybody may find of a tribute; None where nothing is public."""
    if tribute.status != Status.APPROVED or tribute.public_revision_id is None:
        return None
    return _said(session, tribute, [session.get_one(Revision, tribute.public_revision_id)])


def desk_of(session: Session, tribute: Tribute) -> Said | None:
    """What the desk may find of a tribute: what is public and what waits, or else the newest."""
    if tribute.status == Status.REMOVED:
        return None
    keys = [key for key in (tribute.public_revision_id, tribute.waiting_revision_id) if key]
    if not keys:
        newest = select(func.max(Revision.id)).where(Revision.tribute_id == tribute.id, stands())
        keys = [session.execute(newest).scalar_one()]
    revisions = [session.get_one(Revision, key) for key in sorted(keys)]
    return _said(session, tribute, revisions, status=tribute.status)


def article_of(article: Article) -> Said:
    """What may be found of an article. Its year is that of its edition, or else of its last change."""
    year = article.year or article.updated_at.year
    words = f"{article.title} {article_text(article)}"
    return Said(article.id, article.memorial_id, article.language, year, words)


def article_text(article: Article) -> str:
    """Everything an article says but its title, as plain text."""
    timeline = " ".join(f"{when} {what}" for when, what in article.timeline)
    return " ".join((article.summary, text.plain(article.body_html), timeline, article.closing)).strip()


def _said(session: Session, tribute: Tribute, revisions: list[Revision], status: str = "") -> Said:
    zone = session.get_one(Memorial, tribute.memorial_id).time_zone
    words, names, places = (" ".join(part) for part in zip(*(_fields(revision) for revision in revisions), strict=True))
    year = local_day(tribute.at, zone).year
    return Said(tribute.id, tribute.memorial_id, revisions[-1].language, year, words, names, places, status)


def _fields(revision: Revision) -> tuple[str, str, str]:
    return text.plain(revision.html), revision.name, revision.place


def put(session: Session, index: Index, source_id: int, said: Said | None) -> bool:
    """Make an index say this of a source, or nothing; tells whether that changed anything."""
    engine = engine_of(session)
    number = session.execute(select(index.entry.number).where(index.entry.source_id == source_id)).scalar()
    if number is None:
        fill(session, index, {source_id: said} if said else {})
        return said is not None
    row = terms.row_of(number, said) if said else None
    if row and not engine.differing(session, index.entry, [row]):
        return False
    before = engine.terms(session, index.entry, [number])[number]
    engine.delete(session, index.entry, [number])
    if row:
        engine.insert(session, index.entry, [row])
    vocabulary.change(session, index.vocabulary, before, _spelt(row, said) if row and said else {})
    if index is not DESK:
        renew_version(session)
    return True


def fill(session: Session, index: Index, said: Mapping[int, Said]) -> None:
    """Let an index say this of sources of which it says nothing yet, all at once."""
    if said:
        numbers = numbers_for(session, index.entry, [ids.time_of(source) for source in said])
        _index(session, index, numbers, list(said.values()))


def _index(session: Session, index: Index, numbers: Sequence[int], said: Sequence[Said]) -> None:
    rows = [terms.row_of(number, each) for number, each in zip(numbers, said, strict=True)]
    engine_of(session).insert(session, index.entry, rows)
    spelt = (terms.spellings(each) for each in said)
    vocabulary.add(session, index.vocabulary, vocabulary.counted(zip((row.terms for row in rows), spelt, strict=True)))
    if index is not DESK:
        renew_version(session, only_more=index is PUBLIC)


def _spelt(row: Row, said: Said) -> dict[str, str]:
    """Each term of an entry with the spelling of its word, if it is one."""
    spelt = terms.spellings(said)
    return {term: spelt.get(term, "") for term in row.terms}


def numbers_for(session: Session, entry: Entry, ats: Sequence[datetime]) -> list[int]:
    """A number for what was written at each of these moments, as if one came after another: that of its second, or the
    next one that is free.
    """
    firsts = [terms.first_number_at(at) for at in ats]
    low, high = min(firsts), max(firsts) + len(firsts)
    taken = set(session.scalars(_taken(entry), {"low": low, "high": high}))
    numbers: list[int] = []
    for first in firsts:
        number = first
        while number in taken:
            number = number + 1 if number < high else _free(session, entry, number + 1)
        taken.add(number)
        numbers.append(number)
    return numbers


def next_number(session: Session, entry: Entry, at: datetime) -> int:
    """A number for what comes in at this moment: that of its second or, where it is taken, one behind all others.

    Nobody looks for it through a run of numbers that grows for as long as more than one comes in a second.
    """
    first = terms.first_number_at(at)
    is_taken, newest = session.execute(_newest(entry), {"first": first}).one()
    if not is_taken:
        return first
    return newest + 1 if newest - first < AHEAD else numbers_for(session, entry, [at])[0]


def _free(session: Session, entry: Entry, number: int) -> int:
    """This number, or the next one that no entry has."""
    if session.execute(_taken(entry), {"low": number, "high": number}).first() is None:
        return number
    return int(session.execute(_end(entry), {"first": number}).scalar_one()) + 1


@cache
def _newest(entry: Entry) -> Select[Any]:
    is_taken = select(entry.number).where(entry.number == bindparam("first")).exists()
    return select(is_taken, select(func.max(entry.number)).scalar_subquery())


@cache
def _taken(entry: Entry) -> Select[Any]:
    return select(entry.number).where(entry.number.between(bindparam("low"), bindparam("high")))


@cache
def _end(entry: Entry) -> Select[Any]:
    """The last of the numbers that follow one another from one that is taken."""
    following = aliased(entry)
    is_followed = select(following.number).where(following.number == entry.number + 1).exists()
    return select(func.min(entry.number)).where(entry.number >= bindparam("first"), ~is_followed)
