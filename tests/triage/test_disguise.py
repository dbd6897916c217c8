"""Words are read through what hides them, and what hides nothing stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribute.triage import disguise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("c.a.s.i.n.o", "casino"), ("c a s i n o", "casino"), ("c-a-s-i-n-o here", "casino here"),
        ("к а з и н о", "казино"), ("cas1n0", "casino"), ("ca$ino", "casino"), ("caaaasino", "casino"),
        ("v1@gra", "viagra"),
    ],
)  # fmt: skip
def test_a_disguise_is_undone(typed: str, read: str) -> None:
    assert disguise.undone(typed) == read


@pytest.mark.parametrize(
    "typed",
    ["20 January 1990", "20.01.1990", "on 20.01.1990 at 10 p.m.", "J. R. R. Tolkien", "Ə. M.", "I a m", "at 00:30",
     "+994 50 000 00 00", "100", "33 years", "committee", "zoo"],
)  # fmt: skip
def test_numbers_dates_and_initials_hide_nothing(typed: str) -> None:
    assert disguise.undone(typed) == typed


def test_letters_of_another_alphabet_are_put_right() -> None:
    mixed = "c\u0430sin\u043e"  # Cyrillic a and o
    assert disguise.is_of_two_alphabets(mixed)
    assert disguise.of_one_alphabet(mixed) == "casino"
    assert disguise.of_one_alphabet("к\u0061зино") == "казино"


@pytest.mark.parametrize("word", ["Bakı", "şəhid", "шахид", "Гусейнов", "Հայաստան", "1990", "Ё", "İyirmi"])
def test_a_word_of_one_alphabet_stays(word: str) -> None:
    assert not disguise.is_of_two_alphabets(word)
    assert disguise.of_one_alphabet(word) == word


def test_sentences_end_at_their_signs_and_lines() -> None:
    said = list(disguise.sentences("One two. Three!\nFour… five? 20.01.1990"))
    assert said == [["One", "two"], ["Three"], ["Four"], ["five"], ["20", "01", "1990"]]


@given(st.text(max_size=300))
def test_any_text_has_sentences_of_words(said: str) -> None:
    assert all(words for words in disguise.sentences(said))
