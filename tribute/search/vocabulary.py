"""The vocabulary of an index: each term with the number of its texts, kept in the transaction that changes them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from time import monotonic
from weakref import WeakKeyDictionary

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Engine, Select, and_, bindparam, delete, func, or_, select
from sqlalchemy.orm import Session

from tribute.models import DeskVocabulary, Vocabulary, add_to
from tribute.search.fold import fold

Table = type[Vocabulary] | type[DeskVocabulary]

BEGINNINGS = 64  # words that a beginning stands for: the most frequent ones
FREQUENT = 20_000  # words that are tried against a misspelling however it begins
KEPT = 60  # seconds that they are kept
BESIDE = 5_000  # rarer words that begin as it does that are tried
TAGS = ("#", "=", "@", "^", "~")  # what a term begins with that is no word


def documents(session: Session, table: Table, terms: Iterable[str]) -> dict[str, int]:
    """In how many texts each of these terms stands; a term that stands in none is left out."""
    asked = list(set(terms))
    return dict(session.execute(_documents(table), {"terms": asked}).all()) if asked else {}


@cache
def _documents(table: Table) -> Select[str, int]:
    return select(table.term, table.documents).where(table.term.in_(bindparam("terms", expanding=True)))


def kept(session: Session, table: Table) -> dict[str, int]:
    """The whole vocabulary."""
    return dict(session.execute(select(table.term, table.documents)).all())


def beginning(session: Session, table: Table, folded: str, most: int = BEGINNINGS) -> list[tuple[str, int, str]]:
    """The most frequent words that begin so: term, number of texts, spelling."""
    query = select(table.term, table.documents, table.spelling).where(*_range(table, folded))
    rows = session.execute(query.order_by(table.documents.desc(), table.term).limit(most))
    return [(term, number, spelling) for term, number, spelling in rows]


def years(session: Session, table: Table) -> list[int]:
    """The years from which there are texts, oldest first."""
    query = select(table.term).where(table.term >= "@0", table.term < "@:").order_by(table.term)
    return [int(term[1:]) for term in session.scalars(query)]


def alike(session: Session, word: str, most: int) -> list[tuple[str, str]]:
    """The words nearest to a misspelt one, best first: term and spelling. Two letters may differ, or one."""
    folded = fold(word)
    furthest = 1 if len(folded) < 6 else 2
    known = frequent(session) | _beside(session, folded, furthest)
    near = process.extract(folded, known.keys(), scorer=OSA.distance, score_cutoff=furthest, limit=None)
    ranked = sorted(near, key=lambda found: (found[1], -known[found[0]], found[0]))
    terms = [term for term, _distance, _index in ranked[:most] if term != folded]
    query = select(Vocabulary.term, Vocabulary.spelling).where(Vocabulary.term.in_(terms))
    spelt = dict(session.execute(query).all())
    return [(term, spelt[term]) for term in terms if term in spelt]


def frequent(session: Session) -> dict[str, int]:
    """The most frequent words, each with its number of texts, as they were within the last minute.

    Kept in the process, for reading them takes longer than a search. A word that has left since is shown nowhere:
    whoever uses this asks the table for its spelling.
    """
    engine = session.get_bind().engine
    read_at, words = _frequent.get(engine, (-math.inf, {}))
    if monotonic() - read_at > KEPT:
        is_word = func.substr(Vocabulary.term, 1, 1).not_in(TAGS)  # the index knows this, not how a word is spelt
        query = select(Vocabulary.term, Vocabulary.documents).where(is_word)
        query = query.order_by(Vocabulary.documents.desc(), Vocabulary.term.desc()).limit(FREQUENT)
        words = dict(session.execute(query).all())
        _frequent[engine] = monotonic(), words
    return words


_frequent: WeakKeyDictionary[Engine, tuple[float, dict[str, int]]] = WeakKeyDictionary()


def _beside(session: Session, folded: str, furthest: int) -> dict[str, int]:
    """Rarer words that a misspelt one may stand for: of about its length, and that begin as it does, or as it would
    without its second letter.
    """
    near = func.length(Vocabulary.term).between(len(folded) - furthest, len(folded) + furthest)
    begins = or_(*(and_(*_range(Vocabulary, beginning)) for beginning in {folded[:2], folded[:1] + folded[2:3]}))
    query = select(Vocabulary.term, Vocabulary.documents).where(begins, near)
    return dict(session.execute(query.order_by(Vocabulary.documents.desc()).limit(BESIDE)).all())


def _range(table: Table, folded: str) -> tuple[ColumnElement[bool], ...]:
    return table.term >= folded, table.term < folded + "\U0010ffff", table.spelling != ""


def change(session: Session, table: Table, out: Iterable[str], into: Mapping[str, str]) -> None:
    """Count a text's terms out, and another's (each with its spelling, or none) in."""
    gone, come = set(out), set(into)
    _take_out(session, table, sorted(gone - come))
    add(session, table, {term: (1, into[term]) for term in come - gone})


def add(session: Session, table: Table, terms: Mapping[str, tuple[int, str]], *, spells: bool = True) -> None:
    """Add to the number of texts of each term; in order, so that two writers never wait for each other.

    `spells` is whether a spelling may take the place of the one that is kept.
    """
    rows = [{"term": term, "documents": terms[term][0], "spelling": terms[term][1]} for term in sorted(terms)]
    add_to(session, table, rows, "documents", greatest="spelling" if spells else "")


def _take_out(session: Session, table: Table, terms: list[str]) -> None:
    if not terms:
        return
    those = table.term.in_(terms)
    session.execute(
        table.__table__.update().where(those).values(documents=table.documents - 1)  # type: ignore[attr-defined]
    )
    session.execute(delete(table).where(those, table.documents <= 0))


def correct(session: Session, table: Table, missing: Mapping[str, int]) -> None:
    """Add to the numbers of these terms what was found missing; one that is new is spelt as it is folded."""
    is_word = {term: term[:1].isalnum() for term in missing}
    terms = {term: (number, term if is_word[term] else "") for term, number in missing.items()}
    add(session, table, terms, spells=False)
    session.execute(delete(table).where(table.documents <= 0))


def counted(rows: Iterable[tuple[set[str], Mapping[str, str]]]) -> dict[str, tuple[int, str]]:
    """Count the terms of many texts at once: for what is made or compared as a whole."""
    numbers: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for terms, spellings in rows:
        numbers.update(terms)
        for term, spelling in spellings.items():
            spelt[term] = max(spelt.get(term, ""), spelling)
    return {term: (number, spelt.get(term, "")) for term, number in numbers.items()}
