"""Hits of a search are marked, and the page around them stays whole."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.texts import ANY, Seen
from tribute.domain.text import Finder, excerpt, length, mark, mark_plain, normalise, plain, render, words_of

# What a letter's edge may be made of: marks, joiners, signs that stand before, pictures that are letters, syllables.
EDGES = [
    "a", "ə", "e\u0301", "\u0301", "\u0600", "\u06dd", "1", "\u2139", "\u200d", "\u200c", "👩", "🏽", "\u0e33", "ห",
    "क", "\u094d", "ष", "\u1100", "\u1161", "\u11a8", "🇦", "🇿", "\ufe0f", "\u20e3", "\u0d4e", "\uff9e", "'", " ", "&",
    "<b>", "-",
]  # fmt: skip


def unmarked(html: str) -> str:
    """The same HTML without its marks."""
    return html.replace("<mark>", "").replace("</mark>", "")


def every(words: list[str]) -> set[int]:
    """All words are hits."""
    return set(range(len(words)))


def every_other(words: list[str]) -> set[int]:
    """The first word is a hit, the second none, and so on."""
    return set(range(0, len(words), 2))


def none(_words: list[str]) -> set[int]:
    """No word is a hit."""
    return set()


def only(*hits: str) -> Finder:
    """These words are hits, wherever they stand."""
    return lambda words: {place for place, word in enumerate(words) if word.lower() in hits}


# Hits that are also names within entities and tags.
NAMES = only("amp", "lt", "gt", "quot", "p", "b", "br", "strong", "blockquote", "mark")


@given(ANY, st.sampled_from([every, every_other, NAMES]))
def test_marks_break_neither_tags_nor_entities(typed: str, hits: Finder) -> None:
    html = render(normalise(typed))
    marked = Seen(str(mark(html, hits)))
    assert [tag for tag in marked.tags if tag != "mark"] == Seen(str(html)).tags
    assert marked.blocks == Seen(str(html)).blocks
    assert (marked.attributes, marked.others, marked.open) == ([], [], [])


@given(ANY)
def test_a_marked_line_of_plain_text_shows_what_was_typed(typed: str) -> None:
    assert "".join(Seen(f"<p>{mark_plain(normalise(typed), every)}</p>").blocks) == normalise(typed)


@given(
    st.lists(st.sampled_from(EDGES) | st.characters(), max_size=12).map("".join), st.sampled_from([every, every_other])
)
def test_a_mark_never_splits_what_a_reader_sees_as_one_letter(typed: str, hits: Finder) -> None:
    said = normalise(typed)
    pieces = [unescape(piece) for piece in re.split("</?mark>", str(mark_plain(said, hits)))]
    assert "".join(pieces) == said
    assert sum(length(piece) for piece in pieces) == length(said)
    assert "<mark></mark>" not in mark_plain(said, hits)


def test_a_finder_is_told_all_the_words_of_a_text_at_once_across_its_tags() -> None:
    told: list[list[str]] = []

    def listen(words: list[str]) -> set[int]:
        told.append(words)
        return set()

    mark("<p>one <b>two</b> &amp; three</p><p>four</p>", listen)
    assert told == [["one", "two", "three", "four"]]


def test_the_same_word_is_marked_only_where_it_was_found() -> None:
    assert str(mark("<p>a <b>b</b> a</p>", lambda _words: {1, 2})) == "<p>a <b><mark>b</mark></b> <mark>a</mark></p>"


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
    assert str(mark(html, only(hit))) == marked


def test_a_hit_is_counted_among_the_words_of_every_piece_before_it() -> None:
    assert mark("<p>a</p><p>b</p><p>c d</p>", lambda _words: {2}) == "<p>a</p><p>b</p><p><mark>c</mark> d</p>"


def test_quotation_marks_stay_as_they_were_typed() -> None:
    assert mark_plain('he said "one", (two)', only("two")) == 'he said "one", (<mark>two</mark>)'


@pytest.mark.parametrize("hit", ["one", "two", "four"])
def test_in_any_writing_the_hit_alone_is_marked(hit: str) -> None:
    said = "one नमस्ते two three e\u0301té four"
    assert str(mark_plain(said, only(hit))) == said.replace(hit, f"<mark>{hit}</mark>")


def test_the_words_of_a_text_are_its_letters_and_digits() -> None:
    assert words_of("20 Yanvar, şəhidlər: “o’clock” — e\u0301té, 🕯️ x2!") == [
        "20", "Yanvar", "şəhidlər", "o’clock", "e\u0301té", "x2",
    ]  # fmt: skip


def test_an_excerpt_stands_around_the_first_hit() -> None:
    said = "before " * 60 + "carnation " + "after " * 60
    cut = str(excerpt(said, only("carnation"), 120))
    assert cut.startswith("… before")
    assert "<mark>carnation</mark> after" in cut
    assert cut.endswith("after…")
    assert len(unmarked(cut)) <= 130
    assert cut.index("<mark>") == len("… " + "before " * 6)


def test_an_excerpt_of_a_text_without_a_hit_is_its_beginning() -> None:
    assert str(excerpt("First words. Second.", none, 13)) == "First words…"


def test_an_excerpt_of_a_short_text_is_all_of_it() -> None:
    assert str(excerpt("One & two", only("two"), 80)) == "One &amp; <mark>two</mark>"


@given(ANY, st.integers(min_value=10, max_value=80))
def test_an_excerpt_is_whole_html_whatever_it_is_cut_from(typed: str, letters: int) -> None:
    seen = Seen(f"<p>{excerpt(plain(str(render(normalise(typed)))), every, letters)}</p>")
    assert set(seen.tags) <= {"p", "mark"}
    assert (seen.attributes, seen.others, seen.open) == ([], [], [])


def test_plain_text_keeps_words_apart_that_stood_on_lines_of_their_own() -> None:
    assert plain("<p>one<br>two</p><p>three &amp; four</p>") == "one two three & four"
