"""Hits of a search are marked, and the page around them stays whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.texts import ANY, Seen
from tribute.domain.text import excerpt, mark, mark_plain, normalise, plain, render, words_of


def unmarked(html: str) -> str:
    """The same HTML without its marks."""
    return html.replace("<mark>", "").replace("</mark>", "")


def every(_word: str) -> bool:
    """All words are hits."""
    return True


def none(_word: str) -> bool:
    """No word is a hit."""
    return False


def amp(word: str) -> bool:
    """Hits that are also names within entities and tags."""
    return word.lower() in {"amp", "lt", "gt", "quot", "p", "b", "br", "strong", "blockquote", "mark"}


@given(ANY, st.sampled_from([every, amp]))
def test_marks_break_neither_tags_nor_entities(typed: str, hits: Callable[[str], bool]) -> None:
    html = render(normalise(typed))
    marked = Seen(str(mark(html, hits)))
    assert [tag for tag in marked.tags if tag != "mark"] == Seen(str(html)).tags
    assert marked.blocks == Seen(str(html)).blocks
    assert (marked.attributes, marked.others, marked.open) == ([], [], [])


@given(ANY)
def test_a_marked_line_of_plain_text_shows_what_was_typed(typed: str) -> None:
    assert "".join(Seen(f"<p>{mark_plain(normalise(typed), every)}</p>").blocks) == normalise(typed)


@pytest.mark.parametrize(
    ("html", "hit", "marked"),
    [
        ("<p>one two</p>", "two", "<p>one <mark>two</mark></p>"),
        ("<p>a &amp; b</p>", "amp", "<p>a &amp; b</p>"),
        ("<p>&amp;amp;</p>", "amp", "<p>&amp;<mark>amp</mark>;</p>"),
        ("<p><b>b</b></p>", "b", "<p><b><mark>b</mark></b></p>"),
        ("<p>o’clock</p>", "o’clock", "<p><mark>o’clock</mark></p>"),
        ("<p>&lt;b&gt;</p>", "b", "<p>&lt;<mark>b</mark>&gt;</p>"),
    ],
)
def test_the_hit_alone_is_marked(html: str, hit: str, marked: str) -> None:
    assert str(mark(html, lambda word: word == hit)) == marked


def test_the_words_of_a_text_are_its_letters_and_digits() -> None:
    assert words_of("20 Yanvar, şəhidlər: “o’clock” — e\u0301té, 🕯️ x2!") == [
        "20", "Yanvar", "şəhidlər", "o’clock", "e\u0301té", "x2",
    ]  # fmt: skip


def test_an_excerpt_stands_around_the_first_hit() -> None:
    said = "before " * 60 + "carnation " + "after " * 60
    cut = str(excerpt(said, lambda word: word == "carnation", 120))
    assert cut.startswith("… before")
    assert "<mark>carnation</mark> after" in cut
    assert cut.endswith("after…")
    assert len(unmarked(cut)) <= 130


def test_an_excerpt_of_a_text_without_a_hit_is_its_beginning() -> None:
    assert str(excerpt("First words. Second.", none, 13)) == "First words.…"


def test_an_excerpt_of_a_short_text_is_all_of_it() -> None:
    assert str(excerpt("One & two", lambda word: word == "two", 80)) == "One &amp; <mark>two</mark>"


@given(ANY, st.integers(min_value=10, max_value=80))
def test_an_excerpt_is_whole_html_whatever_it_is_cut_from(typed: str, letters: int) -> None:
    seen = Seen(f"<p>{excerpt(plain(str(render(normalise(typed)))), every, letters)}</p>")
    assert set(seen.tags) <= {"p", "mark"}
    assert (seen.attributes, seen.others, seen.open) == ([], [], [])


def test_plain_text_keeps_words_apart_that_stood_on_lines_of_their_own() -> None:
    assert plain("<p>one<br>two</p><p>three &amp; four</p>") == "one two three & four"
