"""The listed words: those that ship, and what keepers added or took out; and finding them in a text.

An entry is a word or a phrase. A word is met in any of its forms (search/stems.py); one that ends in `*` is met by
every word that begins so; `_` stands for up to two words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import text
from tribute.models import ListedWord
from tribute.search import stems
from tribute.search.fold import parts

FILE = Path(__file__).parent.parent / "content" / "triage" / "words.yaml"
LANGUAGES = ("az", "en", "ru", "tr", "hy")
GRADED = ("hateful", "spam", "help")
GRADES = ("grave", "notable")
ANY = "_"
MOST_BETWEEN = 2  # words that `_` stands for
BEGINNING = 3  # letters by which beginnings are looked up; shorter ones are no entry


class Entry(NamedTuple):
    """One word or phrase of a list; `grade` and `language` are empty where the list has none."""

    list: str
    grade: str
    language: str
    words: str


class Found(NamedTuple):
    """An entry, and the words of the text that it met."""

    entry: Entry
    words: str


@cache
def shipped() -> frozenset[Entry]:
    """What ships with the program."""
    said = yaml.load(FILE.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  safe
    graded = (
        Entry(name, grade, language, words)
        for name in GRADED for grade in GRADES for language, some in said[name][grade].items() for words in some
    )  # fmt: skip
    peoples = (
        Entry("people", "", language, words)
        for names in said["peoples"].values() for language, some in names.items() for words in some
    )  # fmt: skip
    return frozenset((*graded, *peoples))


def entries(session: Session) -> list[Entry]:
    """What is listed now: what ships, less what keepers took out, and what they added."""
    added, taken_out = _differences(session)
    return sorted((shipped() - taken_out) | added)


def add(session: Session, entry: Entry, person_id: int, at: datetime) -> None:
    """List an entry, or put one back that ships. Raises ValueError where it holds no word."""
    if not text.words_of(entry.words):
        raise ValueError("an entry needs a word")
    _set(session, entry, person_id, at, listed=True)


def take_out(session: Session, entry: Entry, person_id: int, at: datetime) -> None:
    """Take an entry out."""
    _set(session, entry, person_id, at, listed=False)


def domains(session: Session) -> frozenset[str]:
    """The domains that keepers listed."""
    return frozenset(entry.words for entry in _differences(session)[0] if entry.list == "domain")


def find(session: Session, sentences: Iterable[list[str]], language: str) -> list[list[Found]]:
    """What of the lists stands in each sentence."""
    differences = _differences(session)
    with _one_compiles:
        listed = _compiled(*differences)
    return [listed.in_sentence(words, language) for words in sentences]


def _set(session: Session, entry: Entry, person_id: int, at: datetime, *, listed: bool) -> None:
    known = session.get(ListedWord, entry)
    if (entry in shipped()) == listed:  # as it ships: nothing to remember
        if known is not None:
            session.delete(known)
        return
    session.merge(ListedWord(**entry._asdict(), listed=listed, at=at, person_id=person_id))


def _differences(session: Session) -> tuple[frozenset[Entry], frozenset[Entry]]:
    """What keepers added, and what they took out."""
    own = ListedWord
    rows = session.execute(select(own.list, own.grade, own.language, own.words, own.listed)).all()
    added = frozenset(Entry(*row[:4]) for row in rows if row[4])
    return added, frozenset(Entry(*row[:4]) for row in rows if not row[4])


class _Listed:
    """Entries by the terms of their first word, so that a text is gone through once."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.by_term: defaultdict[str, list[tuple[Entry, _Phrase]]] = defaultdict(list)
        self.by_beginning: defaultdict[str, list[tuple[Entry, _Phrase]]] = defaultdict(list)
        for entry in entries:
            phrase = _phrase(entry)
            if not phrase:
                continue
            if phrase[0].begins:
                self.by_beginning[phrase[0].begins[:BEGINNING]].append((entry, phrase))
            for term in phrase[0].terms:
                self.by_term[term].append((entry, phrase))

    def in_sentence(self, words: list[str], language: str) -> list[Found]:
        """What stands in a sentence, each entry once."""
        said = [_terms(word, language) for word in words]
        found: dict[Entry, str] = {}
        for start, terms in enumerate(said):
            for entry, phrase in self._beginning_with(terms):
                if entry not in found and (end := _end(phrase, said, start)):
                    found[entry] = " ".join(words[start:end])
        return [Found(entry, words) for entry, words in found.items()]

    def _beginning_with(self, terms: tuple[str, ...]) -> Iterator[tuple[Entry, _Phrase]]:
        for term in terms:
            yield from self.by_term.get(term, ())
        yield from self.by_beginning.get(terms[0][:BEGINNING], ())


class _Word(NamedTuple):
    """One word of an entry: the terms it is met by, or how such a word begins; neither where it is `_`."""

    terms: frozenset[str] = frozenset()
    begins: str = ""

    def meets(self, terms: tuple[str, ...]) -> bool:
        """Whether a word of a text, by its terms, is this one."""
        return terms[0].startswith(self.begins) if self.begins else not self.terms.isdisjoint(terms)


_Phrase = tuple[_Word, ...]


_one_compiles = Lock()  # half a second's work: after a start every thread that weighs a tribute would do it


@lru_cache(maxsize=4)
def _compiled(added: frozenset[Entry], taken_out: frozenset[Entry]) -> _Listed:
    return _Listed(sorted(entry for entry in (shipped() - taken_out) | added if entry.list != "domain"))


def _phrase(entry: Entry) -> _Phrase:
    return tuple(_word(word) for word in entry.words.split() if word == ANY or text.words_of(word))


def _word(word: str) -> _Word:
    if word == ANY:
        return _Word()
    folded = "".join(part for typed in text.words_of(word) for part in parts(typed))
    if word.endswith("*") and len(folded) >= BEGINNING:
        return _Word(begins=folded)
    stemmed = (term for term in stems.query_terms(word) if term[0] == "=")
    return _Word(frozenset((folded, *stemmed)))


@lru_cache(maxsize=1 << 14)
def _terms(word: str, language: str) -> tuple[str, ...]:
    """A word of a text: as folded first, then by its stem."""
    stemmed = (term for term in stems.second_terms(word, language) if term[0] == "=")
    return ("".join(parts(word)) or word, *stemmed)


def _end(phrase: _Phrase, said: list[tuple[str, ...]], start: int) -> int:
    """Where a phrase that starts there ends; 0 where it does not stand there."""
    places = {start}
    for is_gap, words in groupby(phrase, key=lambda word: not word.terms and not word.begins):
        if is_gap:
            places = {place + more for place in places for more in range(MOST_BETWEEN + 1)}
            continue
        for word in words:
            places = {place + 1 for place in places if place < len(said) and word.meets(said[place])}
    return min(places, default=0) if places and min(places) <= len(said) else 0
