"""Each engine finds what a reader who goes through every text word by word would find, in the same order."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.cast import a_tribute
from tests.search.corpus import QUERIES, VOCABULARY, texts
from tests.search.reader import Told, finds
from tribute.domain import ids, text
from tribute.search.query import parse
from tribute.services import search
from tribute.services.search import Narrowed, Place, Results

ONLY = Narrowed(kind="tribute")


@pytest.fixture
def corpus(session: Session) -> list[Told]:
    """Public tributes, from the newest on."""
    return texts(session)


def listed(results: Results) -> list[str]:
    """The tributes found, in order."""
    return [hit.card.public_id for hit in results.items]


def every_page(session: Session, typed: str, narrowed: Narrowed, sort: str) -> list[str]:
    """The tributes on all pages of a search."""
    results, found = search.search(session, parse(typed), narrowed, Place(sort), faceted=False), list[str]()
    for number in range(2, 100):
        found += listed(results)
        before = ids.decode(results.older) if results.older else None
        if before is None and number > results.pages:
            return found
        results = search.search(session, parse(typed), narrowed, Place(sort, before, page=number), faceted=False)
    raise AssertionError("pages without end")


@pytest.mark.parametrize("sort", search.SORTS)
def test_each_query_finds_what_a_reader_finds_in_every_order(
    session: Session, corpus: list[Told], sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RESULTS", 7)
    assert len([typed for typed in QUERIES if finds(corpus, parse(typed))]) > 50
    for narrowed in (ONLY, Narrowed(kind="tribute", language="az"), Narrowed(kind="tribute", year=2025)):
        for typed in QUERIES:
            expected = finds(corpus, parse(typed), narrowed, sort)
            assert every_page(session, typed, narrowed, sort) == expected, (typed, narrowed)


def test_totals_and_facets_count_what_a_reader_counts(session: Session, corpus: list[Told]) -> None:
    known = {told.public_id: told for told in corpus}
    for typed in QUERIES:
        query = parse(typed)
        for narrowed in (ONLY, Narrowed("", "az", "tribute", 2025)):
            results = search.search(session, query, narrowed)
            assert results.facets is not None
            assert (results.total, results.total_capped) == (len(finds(corpus, query, narrowed)), False), typed
            every = [known[key] for key in finds(corpus, query)]
            languages = Counter(told.language for told in every if narrowed.year in (None, told.year))
            years = Counter(told.year for told in every if narrowed.language in ("", told.language))
            assert (results.facets.languages, results.facets.years) == (languages, years), typed
            assert (results.facets.tributes, results.facets.is_estimate) == (results.total, False), typed


def test_each_word_pair_of_words_and_beginning_finds_what_a_reader_finds(session: Session, corpus: list[Told]) -> None:
    chance = Random(20)  # noqa: S311  the same queries on both databases and every time
    pairs = [" ".join(chance.sample(VOCABULARY, 2)) for _ in range(60)]
    beginnings = [f"{word[:length]}*" for word in VOCABULARY for length in (1, 3)]
    for typed in [*VOCABULARY, *pairs, *beginnings]:
        query = parse(typed)
        expected = finds(corpus, query)
        results = search.search(session, query, ONLY, faceted=False)
        assert (listed(results), results.total) == (expected[: search.RESULTS], len(expected)), typed


HOSTILE = {
    "a ligature that unfolds": "ﷲ" * 500, "one that unfolds to words": "ﷺ" * 500, "one long word": "x" * 500,
    "a long word of four bytes a letter": "𐐨" * 500, "200 words": "söz " * 200, "marks alone": "\u0301" * 300,
    "200 other words": " ".join(f"söz{n}" for n in range(200)), "200 beginnings": "s* " * 200,
    "stars and quotes": "***\"'\"* -\"*", "minus signs": "-a --b -\"c\" -(d)", "operators": "a AND NOT b OR NEAR(c, 2)",
    "columns": "folded:x {a b}:c ^d", "tsquery": "a & !b | (c <-> d):*A", "backslashes": "\\'a\\ \\\\",
    "nul": "a\x00b", "right to left": "\u202eשלום\u202c \u2067مرحبا\u2069", "emoji": "👩‍👩‍👧‍👦 🇦🇿 👍🏽",
    "joiners": "क\u200dष ن\u200cم", "a word and its marks": "Z" + "\u0351\u036b\u0343" * 100,
    "format": "%s %(x)s {0} $1 :x ?", "private": "\ue000\U0010fffd", "digits of all kinds": "٣ ३ ３ Ⅷ ⅷ ² ½ ①",
    "blanks": "\u00a0\u2003\u3000\u200b", "apostrophes": "'’ʼ'’ʼ a'’b", "a surrogate": "a\ud800b", "one letter": "a",
    "tags of the index": "=tsehid ~lbaku @az @2025 #0 ^4", "tags in a row": '"@az sehid"',
    "an endless phrase": '"a b ' * 60,
    "fields of fields": "name:place:year:2020..2021", "years without end": "year:0000..9999",
    "a field of signs": "name:***",
    "a phrase of nothing": '"" "-" -"" "*"*', "without everything": "a -a", "the same both ways": "-sehid sehid",
}  # fmt: skip


def test_no_hostile_query_fails_and_all_find_what_a_reader_finds(session: Session, corpus: list[Told]) -> None:
    for name, typed in HOSTILE.items():
        query = parse(typed)
        for kind in ("tribute", "article", ""):
            for sort in search.SORTS:
                results = search.search(session, query, Narrowed(kind=kind), Place(sort))
                expected = finds(corpus, query, sort=sort)[: search.RESULTS] if kind != "article" else []
                assert listed(results) == expected, (name, sort)


def test_every_hostile_text_can_be_published_and_found_again(app: Flask, session: Session) -> None:
    for name, typed in HOSTILE.items():
        words = text.normalise(typed)
        public_id = a_tribute(app, words=words, name="Unikatname", gesture="dove")
        query = parse(" ".join(text.words_of(words)[:3]) or "Unikatname")
        if query:
            assert public_id in listed(search.search(session, query, ONLY)), name


PIECES = [
    *VOCABULARY,
    '"',
    "-",
    "*",
    "name:",
    "place:",
    "year:2025",
    "year:2024..",
    "language:az",
    "(",
    "«",
    "şə*",
    "i*",
]
anything = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=8)


@hypothesis_settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(anything.map(" ".join) | anything.map("".join) | st.text(max_size=500), st.sampled_from(search.SORTS))
def test_whatever_is_typed_finds_what_a_reader_finds(
    session: Session, corpus: list[Told], typed: str, sort: str
) -> None:
    query = parse(typed)
    results = search.search(session, query, ONLY, Place(sort))
    assert (listed(results), results.is_partial) == (finds(corpus, query, sort=sort)[: search.RESULTS], False)
