"""The labelled set that judges the search, and its scoring."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from bench.relevance import HELDOUT, TUNED, Half, Labelled, Text, load, score
from tribute.search.fold import fold_text

LANGUAGES = {"az", "en", "ru", "tr"}
HALVES = [TUNED, HELDOUT]
either = pytest.mark.parametrize("half", [load(file) for file in HALVES], ids=[file.stem for file in HALVES])


@either
def test_a_half_has_enough_of_each_language(half: Half) -> None:
    pairs = Counter(asked.language for asked in half.queries for _ in asked.finds)
    assert pairs.total() >= 80
    assert set(pairs) == LANGUAGES
    assert min(pairs.values()) >= pairs.total() / 5
    assert len(half.texts) >= 45
    assert {text.language for text in half.texts.values()} == LANGUAGES


@either
def test_every_text_is_a_whole_tribute(half: Half) -> None:
    for text in half.texts.values():
        assert 10 <= len(text.words.split()) <= 50, text
        assert text.name, text
        assert text.place, text


@either
def test_every_query_finds_texts_that_exist(half: Half) -> None:
    for asked in half.queries:
        assert asked.finds, asked
        assert asked.finds <= set(half.texts), asked
        assert fold_text(asked.query), asked
        assert asked.kind.isalpha(), asked


@pytest.mark.parametrize("file", HALVES, ids=[file.stem for file in HALVES])
def test_a_half_says_nothing_twice(file: Path) -> None:
    half = load(file)
    assert len(half.texts) == len(
        re.findall(r"^  \S+: \{", file.read_text("utf-8"), re.MULTILINE)
    )  # YAML keeps the last
    assert len({fold_text(text.words) for text in half.texts.values()}) == len(half.texts)
    assert len({asked.query for asked in half.queries}) == len(half.queries)


def test_the_halves_have_no_text_and_no_word_of_a_query_in_common() -> None:
    tuned, heldout = (load(file) for file in HALVES)
    assert not said(tuned) & said(heldout)
    assert not asked_words(tuned) & asked_words(heldout)
    assert not set(tuned.texts) & set(heldout.texts)
    assert {asked.kind for asked in tuned.queries} == {asked.kind for asked in heldout.queries}


def said(half: Half) -> set[str]:
    """The folded words of each text."""
    return {fold_text(text.words) for text in half.texts.values()}


def asked_words(half: Half) -> set[str]:
    """Every folded word of every query."""
    return {word for asked in half.queries for word in fold_text(asked.query).split()}


def test_scores_count_what_was_found_missed_and_wrong() -> None:
    texts = {id_: Text(id_, "en", "Name", "Place", "words") for id_ in "abc"}
    candle = Labelled("candle", "en", "inflection", frozenset("ab"))
    svecha = Labelled("свеча", "ru", "script", frozenset("c"))
    scores = score(Half(texts, (candle, svecha)), lambda query: {"a", "c"} if query == "candle" else set())
    assert [(pair.asked.query, pair.text) for pair in scores.right] == [("candle", "a")]
    assert [(pair.asked.query, pair.text) for pair in scores.wrong] == [("candle", "c")]
    assert [(pair.asked.query, pair.text) for pair in scores.missed] == [("candle", "b"), ("свеча", "c")]
    assert (scores.precision, scores.recall) == (1 / 2, 1 / 3)
    assert {name: (part.precision, part.recall) for name, part in scores.by_language().items()} == {
        "en": (1 / 2, 1 / 2),
        "ru": (1, 0),
    }
    assert set(scores.by_kind()) == {"inflection", "script"}
