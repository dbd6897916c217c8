"""Folding: every way of typing a letter meets in one."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tribute.search.fold import fold, fold_text

SAME = [
    ("şəhid", "sehid"), ("ŞƏHİD", "sehid"), ("ISIQ", "isiq"), ("işıq", "isiq"), ("IŞIQ", "isiq"), ("Iğdır", "igdir"),
    ("İstanbul", "istanbul"), ("ISTANBUL", "istanbul"), ("Gəncə", "gence"), ("çörək", "corek"), ("Müəllim", "muellim"),
    ("Hüseynov", "huseynov"), ("Чёрный", "черныи"), ("Черный", "черныи"), ("МОЙ", "мои"), ("Straße", "strasse"),
    ("Łódź", "lodz"), ("naïve", "naive"), ("Allah'ın", "allahin"), ("Allah’ın", "allahin"), ("Qarabağ", "qarabag"),
    ("Ə", "e"), ("ﬁ", "fi"), ("𝓐𝔹", "ab"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "folded"), SAME)
def test_letters_that_stand_for_each_other_fold_to_one(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text("abIiİıƏəĞğÜüÇçŞşÖöАбЙйЁёЪъ09'’ʼZ", max_size=12))
def test_the_short_way_of_plain_letters_ends_where_the_long_one_does(typed: str) -> None:
    assert fold(typed) + "o" == fold(typed + "ø")


@given(st.text())
@example("𝓐")
def test_what_is_folded_stays_as_it_is(typed: str) -> None:
    once = fold_text(typed)
    assert fold_text(once) == once


@given(st.text())
def test_folded_text_is_letters_digits_and_single_spaces(typed: str) -> None:
    words = fold_text(typed).split(" ")
    assert words == [""] or all(words)
    assert not set(fold_text(typed)) & set("\"'*()&|!:<>-\\\x00\t\n")


def test_words_keep_their_order() -> None:
    assert fold_text("Ruhunuz şad olsun. Vətən sizi unutmur!") == "ruhunuz sad olsun veten sizi unutmur"
