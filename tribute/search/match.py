"""What a query asks of an index: groups of terms; and which words of a text it found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.text import Finder
from tribute.search import terms, vocabulary
from tribute.search.fold import parts
from tribute.search.query import Asked, Query
from tribute.search.stems import SECOND, letters_of, query_terms, second_terms
from tribute.search.vocabulary import Table


@dataclass(frozen=True)
class Group:
    """Terms of which one must be there; or all of them in a row; or none."""

    terms: tuple[str, ...]
    field: str = ""  # only there: "name" or "place"
    in_a_row: bool = False
    without: bool = False
    begins: str = ""  # how all of the terms begin, where that is what was asked for
    counted: tuple[int, ...] = ()  # in how many texts each term stands

    @property
    def documents(self) -> int:
        """So many texts can hold it, at most."""
        return (min if self.in_a_row else sum)(self.counted or (0,))


@dataclass(frozen=True)
class Match:
    """Groups that must all hold, in an index of so many texts; `every` text has a term of that group."""

    groups: tuple[Group, ...]
    every: Group

    @property
    def total(self) -> int:
        """How many texts there are to choose from."""
        return self.every.documents

    @property
    def wanted(self) -> tuple[Group, ...]:
        """What must be there; where nothing is asked for, what every text has."""
        return tuple(group for group in self.groups if not group.without) or (self.every,)

    @property
    def excluded(self) -> tuple[Group, ...]:
        """What must not be there."""
        return tuple(group for group in self.groups if group.without and group.terms)

    @property
    def at_least(self) -> int:
        """So many texts match for sure: known without asking where one term alone is wanted."""
        first, *others = self.wanted
        is_simple = not (others or self.excluded or first.field or first.in_a_row)
        return max(first.counted, default=0) if is_simple else 0

    @property
    def is_hopeless(self) -> bool:
        """Whether something must be there that no text has."""
        return not self.total or any(not group.terms for group in self.groups if not group.without)

    @property
    def expected(self) -> int:
        """About how many texts match, if words came together by chance."""
        shares = (min(1.0, group.documents / self.total) for group in self.wanted) if self.total else ()
        return round(self.total * prod(shares))

    def and_also(self, *groups: Group) -> Match:
        """The same, with more asked."""
        return Match(self.groups + groups, self.every)


@dataclass(frozen=True)
class Chosen:
    """What a search is narrowed to beside its words. Each choice must hold; none of a kind means all."""

    memorials: tuple[int, ...]  # in any of these
    is_everywhere: bool = True  # whether these are all the memorials there are
    languages: tuple[str, ...] = ()
    years: tuple[tuple[int, int], ...] = ()  # first and last, both included
    status: str = ""


def match(session: Session, table: Table, query: Query, chosen: Chosen) -> Match:
    """Turn a query into terms that are there, within what was chosen."""
    every = Group(tuple(f"{terms.MEMORIAL}{ids.encode(memorial)}" for memorial in chosen.memorials))
    wanted = [every, *_narrowed(session, table, chosen), *(_group(session, table, asked) for asked in query.asked)]
    first, *others = _present(session, table, wanted)
    return Match(tuple(others) if chosen.is_everywhere else (first, *others), first)


def groups(session: Session, table: Table, asked: Iterable[Asked]) -> tuple[Group, ...]:
    """What is asked as groups of terms that are there."""
    return tuple(_present(session, table, [_group(session, table, one) for one in asked]))


def _narrowed(session: Session, table: Table, chosen: Chosen) -> list[Group]:
    found = [Group((f"{terms.LANGUAGE}{language}",)) for language in chosen.languages]
    found += [Group((f"{terms.STATUS}{chosen.status}",))] if chosen.status else []
    there = vocabulary.years(session, table) if chosen.years else []
    found += [
        Group(tuple(f"{terms.YEAR}{year}" for year in there if first <= year <= last)) for first, last in chosen.years
    ]
    return found


def _group(session: Session, table: Table, asked: Asked) -> Group:
    folded = tuple(part for word in asked.words for part in parts(word))
    if asked.kind == "begins":
        there = vocabulary.beginning(session, table, folded[-1])
        words = tuple(term for term, _number, _spelling in there)
        return Group(words, asked.field, without=asked.without, begins=folded[-1])
    if len(folded) > 1:
        return Group(folded, asked.field, in_a_row=True, without=asked.without)
    others = query_terms(asked.words[0]) if asked.kind == "word" else ()
    return Group(tuple(dict.fromkeys((*folded, *others))), asked.field, without=asked.without)


def _present(session: Session, table: Table, wanted: list[Group]) -> list[Group]:
    """The groups with only the terms that are there, and in how many texts each of them stands."""
    documents = vocabulary.documents(session, table, (term for group in wanted for term in group.terms))
    return [_with_numbers(group, documents) for group in wanted]


def _with_numbers(group: Group, documents: dict[str, int]) -> Group:
    there = tuple(term for term in group.terms if term in documents)
    if group.in_a_row and there != group.terms:
        there = ()
    return replace(group, terms=there, counted=tuple(documents[term] for term in there))


@dataclass(frozen=True)
class Sought:
    """What a query looks for in the words of texts, or in those of names or places."""

    terms: frozenset[str]
    seconds: frozenset[str]
    beginnings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_name: bool

    def found(self, words: list[str], language: str) -> set[int]:
        """Which of these words, by their place, the query found."""
        folded = list(map(parts, words))
        hits = {index for index, own in enumerate(folded) if not self.terms.isdisjoint(own)}
        if self.beginnings:
            hits |= {index for index, own in enumerate(folded) if any(part.startswith(self.beginnings) for part in own)}
        hits |= {index for row in self.rows for index in _in_a_row(row, folded)}
        if self.seconds:
            letters, seconds = self.letters, self.seconds
            alike = (i for i, own in enumerate(folded) if own and own[0][0] in letters and i not in hits)
            hits |= {i for i in alike if not seconds.isdisjoint(second_terms(words[i], language, name=self.is_name))}
        return hits

    @cached_property
    def letters(self) -> str:
        """What a word may begin with that has one of the second terms: most words need not be stemmed to be told."""
        return letters_of(self.seconds)


def sought(query: Query, field: str = "") -> Sought:
    """What a query looks for in the words of texts or, by `field`, in their names or places."""
    terms: set[str] = set()
    seconds: set[str] = set()
    beginnings, rows = [], []
    for asked in query.wanted:
        if asked.field not in ("", field):
            continue
        folded = tuple(part for word in asked.words for part in parts(word))
        if asked.kind == "begins":
            beginnings.append(folded[-1])
        elif len(folded) > 1:
            rows.append(folded)
        else:
            others = query_terms(asked.words[0]) if asked.kind == "word" else ()
            terms.update(folded, others)
            seconds.update(term for term in others if term.startswith(SECOND))
    return Sought(frozenset(terms), frozenset(seconds), tuple(beginnings), tuple(rows), field != "")


def finder(query: Query, language: str, field: str = "") -> Finder:
    """Tell which words of a text, by their place in it, the query found; `field` is where the text stands."""
    looked = sought(query, field)
    return lambda words: looked.found(words, language)


def _in_a_row(row: tuple[str, ...], folded: list[tuple[str, ...]]) -> Iterator[int]:
    """The words that stand so in a row; a word may fold to several."""
    flat = [(part, index) for index, own in enumerate(folded) for part in own]
    for start in range(len(flat) - len(row) + 1):
        if all(flat[start + step][0] == part for step, part in enumerate(row)):
            yield from (flat[start + step][1] for step in range(len(row)))
