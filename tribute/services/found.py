"""What a search finds wherever its reader stands, kept in the process as long as nothing public changes.

The newest matches are read once, up to a bound: the first pages, the number of results, the best and the numbers beside
them all come of that. A reader who goes on to a later page, or to the best, finds it there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tribute.models import Memorial
from tribute.search import match, terms
from tribute.search.engine import EVERYTHING
from tribute.search.index import ARTICLES, PUBLIC, Index, engine_of
from tribute.search.match import Chosen, Group, Match
from tribute.search.query import Query
from tribute.services.memorials import versions_of

READ = 2_000  # of the newest matches
FEW = 2_000  # matches expected by chance, up to which they are read without a look at the sample
SURE = 20  # matches in the sample of one text in 256 that leave no doubt: some five thousand in all
MOST_COUNTED = 1_000  # told as a number; beyond, as "1,000+"
MOST_ARTICLES = 100
LARGEST = 100_000  # more than any sample that is read holds, so that none is cut
KEPT = 200  # searches: some 20 MB, were all of them of common words


@dataclass
class Found:
    """What a query means in an index, and what it finds there, each thing looked for when it is first asked for."""

    of: Index
    wanted: Match
    read: list[int] | None = None  # the newest matches, up to one more than READ
    sampled: list[int] | None = None  # those in the coarse sample
    ranked: list[int] | None = None  # the newest, best first
    listed: list[tuple[int, str]] | None = None  # the articles

    def are_many(self, session: Session) -> bool:
        """Whether more match than are read, as far as that can be told without reading them."""
        if self.read is not None:
            return len(self.read) > READ
        if self.wanted.at_least > READ + MOST_ARTICLES:  # the vocabulary counts the articles too
            return True
        return self.wanted.expected > FEW and len(self.sample(session)) >= SURE

    def sample(self, session: Session) -> list[int]:
        """The matches among one text in 256, the newest first."""
        if self.sampled is None:
            self.sampled = sample(session, self.of, self.wanted, terms.COARSE)
        return self.sampled

    def newest(self, session: Session) -> list[int]:
        """The numbers of the newest matches, the newest first."""
        if self.read is None:
            self.read = [] if self.wanted.is_hopeless else engine_of(session).numbers(
                session, self.of.entry, self.wanted, EVERYTHING, READ + 1
            )  # fmt: skip
        return self.read

    def few(self, session: Session) -> list[int] | None:
        """The number of every match, the newest first; None where there are more than are read."""
        if self.are_many(session):
            return None
        newest = self.newest(session)
        return newest if len(newest) <= READ else None

    def counted(self, session: Session) -> int:
        """How many match, counted to one more than are told as a number."""
        if self.read is None and self.are_many(session):
            return MOST_COUNTED + 1
        return min(len(self.newest(session)), MOST_COUNTED + 1)

    def articles(self, session: Session) -> list[tuple[int, str]]:
        """Every article that matches, the newest first: its entry's number and its language."""
        if self.listed is None:
            self.listed = [] if self.wanted.is_hopeless else _articles(session, self.wanted)
        return self.listed


def known(session: Session, query: Query, chosen: Chosen, memorials: Iterable[Memorial]) -> Found:
    """What is known of a search for what is public, or a beginning of it."""
    kept = _kept.setdefault(session.get_bind().engine, {})
    key = (query, chosen, versions_of(memorials))
    there = kept.get(key)
    if there is None:
        if len(kept) >= KEPT:
            kept.clear()
        there = kept[key] = Found(PUBLIC, match.match(session, PUBLIC.vocabulary, query, chosen))
    return there


_kept: WeakKeyDictionary[Engine, dict[object, Found]] = WeakKeyDictionary()


def sample(session: Session, of: Index, wanted: Match, every: int) -> list[int]:
    """The matches among one text in `every`, the newest first."""
    if wanted.is_hopeless:
        return []
    tag = Group((terms.SAMPLES[every],), counted=(wanted.total // every,))
    return engine_of(session).numbers(session, of.entry, wanted.and_also(tag), EVERYTHING, LARGEST)


def _articles(session: Session, wanted: Match) -> list[tuple[int, str]]:
    engine = engine_of(session)
    numbers = engine.numbers(session, ARTICLES.entry, wanted, EVERYTHING, MOST_ARTICLES)
    return sorted(engine.languages(session, ARTICLES.entry, numbers), reverse=True) if numbers else []
