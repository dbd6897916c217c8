"""The desk's search: tributes of every status by their words and, for who handles cases, by their email."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import emails, ids, text
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Permission, allows
from tribute.domain.text import Compared, Finder
from tribute.models import DeskEntry, Memorial, Person, Tribute
from tribute.search import match
from tribute.search.engine import Spent
from tribute.search.index import DESK, engine_of
from tribute.search.match import Match
from tribute.search.query import Query, parse
from tribute.services import desk_cards, found, search
from tribute.services.changes import Changes
from tribute.services.desk_cards import DeskCard
from tribute.services.search import Narrowed, Place, Results

SORTS = ("newest", "oldest")


@dataclass(frozen=True)
class Sought:
    """What is looked for: a query, and the status and the language that were chosen beside it."""

    query: Query
    status: str = ""
    language: str = ""


@dataclass
class Found:
    """One page of results, with cursors to its neighbours in the order of reading."""

    items: list[DeskCard] = field(default_factory=list)
    older: str | None = None
    newer: str | None = None
    total: int = 0
    total_capped: bool = False
    is_partial: bool = False  # the time was up before everything was found


def read(typed: str, person: Person) -> Query:
    """Understand what this person typed: an email is one only for who handles cases, and plain words for others."""
    return parse(typed, desk=True, keeper=allows(person.held, Permission.HANDLE_CASES))


def find(session: Session, sought: Sought, place: Place, person: Person, email_keys: Sequence[bytes]) -> Found:
    """Find what was not removed. Old email keys are tried too: nothing is hashed anew when they change."""
    laid, numbers = Results(), list[int]()
    if sought.query:
        try:
            with engine_of(session).within(session, search.SECONDS):
                _find(session, sought, place, email_keys, laid, numbers)
        except Spent:
            laid.is_partial = True
    items = _cards(session, numbers, sought.query, person) if numbers else []
    return Found(items, laid.older, laid.newer, laid.total, laid.total_capped, laid.is_partial)


def first(session: Session, sought: Sought, person: Person, email_keys: Sequence[bytes], most: int) -> list[DeskCard]:
    """The newest of what a search finds, over as many pages as it takes: for a decision on all of it."""
    items, place = list[DeskCard](), Place()
    while len(items) < most:
        found = find(session, sought, place, person, email_keys)
        items += found.items
        if found.older is None:
            break
        place = Place(before=ids.decode(found.older))
    return items[:most]


def _find(
    session: Session, sought: Sought, place: Place, email_keys: Sequence[bytes], laid: Results, numbers: list[int]
) -> None:
    """Fill in what was found, what matters most first."""
    query, wanted = sought.query, _wanted(session, sought)
    if wanted is None or wanted.is_hopeless:
        return
    sent = _sent_with(session, query.email, email_keys, wanted) if query.email else None
    known = found.Found(DESK, wanted, sent)
    numbers += search.lay(session, laid, known, place, query)
    counted = known.counted(session)
    laid.total, laid.total_capped = min(counted, found.MOST_COUNTED), counted > found.MOST_COUNTED


def _wanted(session: Session, sought: Sought) -> Match | None:
    """What must be in the index; None where two statuses are asked for, which no tribute has."""
    statuses = {sought.query.status, sought.status} - {""}
    if len(statuses) > 1:
        return None
    memorials = session.scalars(select(Memorial).order_by(Memorial.id))
    chosen = search.chosen_by(sought.query, Narrowed(language=sought.language), memorials)
    return match.match(session, DESK.vocabulary, sought.query, replace(chosen, status="".join(statuses)))


def _sent_with(session: Session, email: str, email_keys: Sequence[bytes], wanted: Match) -> list[int]:
    """The entries of what was sent with an email, of those that hold what is wanted too. There are few of one email."""
    digests = [emails.digest([key], email) for key in email_keys]
    entries = select(DeskEntry.number).join(Tribute, Tribute.id == DeskEntry.source_id)
    numbers = list(session.scalars(entries.where(Tribute.email_digest.in_(digests))))
    if not (numbers and wanted.groups):
        return numbers
    holding = engine_of(session).weighed(session, DeskEntry, [(1, wanted)], numbers)
    return [number for number in numbers if holding.get(number)]


def _cards(session: Session, numbers: list[int], query: Query, person: Person) -> list[DeskCard]:
    keys = search.sources(session, DeskEntry, numbers)
    there = select(Tribute).where(Tribute.id.in_(keys), Tribute.status != Status.REMOVED)
    known = {tribute.id: tribute for tribute in session.scalars(there)}
    made = desk_cards.cards(session, [known[key] for key in keys if key in known], person)
    return [_marked(card, query) for card in made]


def _marked(card: DeskCard, query: Query) -> DeskCard:
    """The card with what was found marked: in the words that wait and in those that are public, name and place too.

    Both names are marked as if in one language, so that they differ where what was signed differs.
    """
    name, place = (match.finder(query, card.language, where) for where in ("name", "place"))
    public = card.public and replace(
        card.public, html=_words(card.public.html, query, card.public.language),
        name=text.mark_plain(card.public.name, name), place=text.mark_plain(card.public.place, place),
    )  # fmt: skip
    return replace(
        card, html=_words(card.html, query, card.language), public=public, changes=_changes(card, query),
        name=text.mark_plain(card.name, name), place=text.mark_plain(card.place, place),
    )  # fmt: skip


def _changes(card: DeskCard, query: Query) -> Changes | None:
    """What differs, with what was found marked in it too."""
    if card.changes is None or card.public is None:
        return None
    name, place = (match.finder(query, card.language, where) for where in ("name", "place"))
    old, new = (match.finder(query, language) for language in (card.public.language, card.language))
    words = card.changes.words
    return Changes(
        _compared(card.changes.name, name, name), _compared(card.changes.place, place, place),
        _compared(words, old, new) if words else None,
    )  # fmt: skip


def _compared(found: Compared, old: Finder, new: Finder) -> Compared:
    return found._replace(old=text.mark(found.old, old), new=text.mark(found.new, new))


def _words(html: Markup, query: Query, language: str) -> Markup:
    return text.mark(html, match.finder(query, language))
