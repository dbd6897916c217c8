"""Lengths as a reader counts them, names on one line, and what can be seen at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.texts import ANY
from tribute.domain import text


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("", 0), ("şəhid", 5), ("e\u0301", 1), ("👩‍👩‍👧‍👦", 1), ("🇦🇿", 1), ("🕯️🕊️", 2), ("👍🏽", 1), ("a\r\nb", 3),
        ("नमस्ते", 3), ("각", 1), ("Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", 2),
    ],
)  # fmt: skip
def test_length_is_counted_in_letters_that_a_reader_sees(typed: str, letters: int) -> None:
    assert text.length(typed) == letters
    assert not text.is_longer(typed, letters)
    assert not letters or text.is_longer(typed, letters - 1)


@given(ANY)
def test_a_text_is_never_longer_than_its_code_points(typed: str) -> None:
    assert text.length(typed) <= len(typed)
    assert bool(typed) == (text.length(typed) > 0)


@given(ANY, st.integers(0, 12))
def test_whether_a_text_is_longer_is_told_by_the_same_count(typed: str, letters: int) -> None:
    assert text.is_longer(typed, letters) == (text.length(typed) > letters)


LETTERS = st.text(st.sampled_from("aAzZəƏıİşĞйЁяў0²½'’ʼ -–…«»“”.,\n") | st.characters(max_codepoint=0x2FF), max_size=20)


@given(LETTERS)
def test_simple_letters_are_counted_and_parted_as_all_others_are(typed: str) -> None:
    said = text.normalise(typed)
    beside = f"{said} \u0301_"  # a mark, and what is no letter: now each is looked at for itself
    assert text.length(beside) == text.length(said) + 2
    assert text.words_of(beside) == text.words_of(said)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "\n\t", "\u00a0", "\u200b", "\u200d\ufe0f", "\u2800", "\u3164", "\u115f", "\uffa0", "\u202e", "\u2066",
     "\u0301"],
)  # fmt: skip
def test_what_cannot_be_seen_is_blank(typed: str) -> None:
    assert text.is_blank(typed)


@pytest.mark.parametrize("typed", [".", "ə", "🕯️", " x ", "<", "…", "0"])
def test_what_can_be_seen_is_not(typed: str) -> None:
    assert not text.is_blank(typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("  Leyla \t Ə.  ", "Leyla Ə."), ("Leyla\nƏ.", "Leyla Ə."), ("\u202eayleL", "ayleL"), ("Ley\x00la", "Leyla"),
     ("\u00a0Leyla\u00a0", "Leyla")],
)  # fmt: skip
def test_a_name_is_one_line_without_space_around_it(typed: str, name: str) -> None:
    assert text.normalise_line(typed) == name


@given(ANY)
def test_a_name_once_normal_stays_so(typed: str) -> None:
    name = text.normalise_line(typed)
    assert text.normalise_line(name) == name
    assert "\n" not in name


@given(ANY)
def test_words_once_normal_stay_so(typed: str) -> None:
    assert text.normalise(text.normalise(typed)) == text.normalise(typed)


@pytest.mark.parametrize(
    ("said", "letters", "short"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one two, three", 9, "one two…"),
        ("one two – three", 10, "one two…"),
        ("unbreakable", 4, "unbr…"),
        ("XXX and more", 5, "XXX…"),
    ],
)
def test_a_text_is_cut_at_a_words_end(said: str, letters: int, short: str) -> None:
    assert text.shorten(said, letters) == short


@given(st.text(max_size=100), st.integers(min_value=1, max_value=60))
def test_a_shortened_text_begins_as_the_whole_one_does(said: str, letters: int) -> None:
    short = text.shorten(said, letters)
    assert len(short) <= letters + 1
    assert said.startswith(short.removesuffix("…"))
