"""Each engine finds what a reader who goes through every text word by word would find, in the same order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.cast import a_tribute
from tribute.domain import text
from tribute.search.fold import fold_text
from tribute.search.query import PREFIX_FROM, Query, parse
from tribute.services import search
from tribute.services.search import Chosen

START = datetime(2025, 1, 20, 8, tzinfo=UTC)
ONLY = Chosen(kind="tribute")
VOCABULARY = [
    "Şəhid", "şəhidlər", "ŞƏHİDLƏRİMİZ", "şəhər", "sehr", "Işıq", "işığı", "ISIQ", "İşıqlı", "İ", "I", "ı", "və", "Ən",
    "ən", "o", "20", "200", "1990", "1990cı", "2-ci", "Чёрный", "черная", "память", "Й", "й", "light", "lights", "the",
    "delight", "Allah’ın", "Allah'ı", "o’clock", "naïve", "naive", "Straße", "strasse", "Łódź", "ﬁn", "fin", "①", "½",
    "２０", "ﷲ", "الله", "الْحَمْدُ", "שָׁלוֹם", "שלום", "नमस्ते", "नमस्कार", "სამშვიდობოს", "Խաղաղություն", "平和", "平",
    "e\u0301te\u0301", "éte", "x2", "2x", "1e5", "3.14", "a.b.az", "a@b.az", "http://b.az/c?d=e", "#tag", "__", "-5",
    "<b>qalın</b>", "&amp;", "🕯️", "にほん",
]  # fmt: skip
TEXTS = 40


@pytest.fixture
def corpus(app: Flask, session: Session) -> list[tuple[str, str]]:
    """Texts of random words, each with its public id, newest first."""
    chance = Random(1990)  # noqa: S311  the same texts on both databases and every time
    said = [" ".join(chance.sample(VOCABULARY, 6)) for _ in range(TEXTS)]
    made = [(a_tribute(app, words=words, name="N", place="", at=START + timedelta(hours=n)), words)
            for n, words in enumerate(said)]  # fmt: skip
    return made[::-1]


def by_hand(corpus: list[tuple[str, str]], query: Query) -> list[str]:
    """What a patient reader finds: every term is a word of the text, or begins one."""

    def has(words: list[str], term: str) -> bool:
        return any(word == term or (len(term) >= PREFIX_FROM and word.startswith(term)) for word in words)

    folded = [(key, [*fold_text(text.plain(str(text.render(words)))).split(), "n"]) for key, words in corpus]
    return [key for key, words in folded if all(has(words, term) for term in query.terms)]


def test_each_word_pair_of_words_and_beginning_finds_what_a_reader_finds(
    session: Session, corpus: list[tuple[str, str]]
) -> None:
    chance = Random(20)  # noqa: S311  the same queries on both databases and every time
    pairs = [" ".join(chance.sample(VOCABULARY, 2)) for _ in range(60)]
    beginnings = [word[:length] for word in VOCABULARY for length in (1, 2, 3, 4)]
    for typed in [*VOCABULARY, *pairs, *beginnings]:
        query = parse(typed)
        expected = by_hand(corpus, query)[: search.RESULTS] if query else []
        results = search.search(session, query, ONLY)
        assert [card.public_id for card in results.items] == expected, typed
        assert results.total == (len(by_hand(corpus, query)) if query else 0), typed


HOSTILE = {
    "a ligature that unfolds": "ﷲ" * 500, "one that unfolds to words": "ﷺ" * 500, "one long word": "x" * 500,
    "a long word of four bytes a letter": "𐐨" * 500, "200 words": "söz " * 200, "marks alone": "\u0301" * 300,
    "stars and quotes": "***\"'\"* -\"*", "minus signs": "-a --b -\"c\" -(d)", "operators": "a AND NOT b OR NEAR(c, 2)",
    "columns": "folded:x {a b}:c ^d", "tsquery": "a & !b | (c <-> d):*A", "backslashes": "\\'a\\ \\\\",
    "nul": "a\x00b", "right to left": "\u202eשלום\u202c \u2067مرحبا\u2069", "emoji": "👩‍👩‍👧‍👦 🇦🇿 👍🏽",
    "joiners": "क\u200dष ن\u200cم", "a word and its marks": "Z" + "\u0351\u036b\u0343" * 100,
    "format": "%s %(x)s {0} $1 :x ?", "private": "\ue000\U0010fffd", "digits of all kinds": "٣ ३ ３ Ⅷ ⅷ ² ½ ①",
    "blanks": "\u00a0\u2003\u3000\u200b", "apostrophes": "'’ʼ'’ʼ a'’b",
}  # fmt: skip


def test_no_hostile_query_fails_and_all_find_what_a_reader_finds(
    session: Session, corpus: list[tuple[str, str]]
) -> None:
    for name, typed in HOSTILE.items():
        query = parse(typed)
        expected = by_hand(corpus, query)[: search.RESULTS] if query else []
        for kind in ("tribute", "article", ""):
            results = search.search(session, query, Chosen(kind=kind))
            assert kind == "article" or [card.public_id for card in results.items] == expected, name


def test_every_hostile_text_can_be_published_and_found_again(app: Flask, session: Session) -> None:
    for name, typed in HOSTILE.items():
        words = text.normalise(typed)
        public_id = a_tribute(app, words=words, name="Unikatname", gesture="dove")
        query = parse(" ".join(text.words_of(words)[:3]) or "Unikatname")
        if query:
            found = [card.public_id for card in search.search(session, query, ONLY).items]
            assert public_id in found, name


@hypothesis_settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(VOCABULARY) | st.text(max_size=12), max_size=6).map(" ".join))
def test_whatever_is_typed_finds_what_a_reader_finds(
    session: Session, corpus: list[tuple[str, str]], typed: str
) -> None:
    query = parse(typed)
    found = [card.public_id for card in search.search(session, query, ONLY).items]
    assert found == (by_hand(corpus, query)[: search.RESULTS] if query else [])
