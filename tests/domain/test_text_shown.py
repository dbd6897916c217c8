"""What a visitor types is shown letter for letter; five pairs of tags and blank lines are all the markup there is."""

from __future__ import annotations

import bleach
import nh3
import pytest
from hypothesis import example, given

from tests.domain.texts import ANY, UNMARKED, Seen, shown_blocks, typed_blocks
from tribute.domain.text import TRIBUTE_TAGS, normalise, plain, render, tags_of

ALLOWED = {"b", "i", "em", "strong", "blockquote", "p", "br"}


def shown(typed: str) -> str:
    """Render as the form does: what it takes out is taken out before."""
    return str(render(normalise(typed)))


@given(ANY)
def test_only_the_allowed_tags_come_out_closed_in_order_and_bare(typed: str) -> None:
    seen = Seen(shown(typed))
    assert set(seen.tags) <= ALLOWED == TRIBUTE_TAGS
    assert (seen.attributes, seen.others, seen.open) == ([], [], [])


@given(ANY)
def test_both_cleaners_leave_what_came_out_as_it_is(typed: str) -> None:
    html = shown(typed)
    assert bleach.clean(html, tags=ALLOWED, attributes={}) == html
    assert nh3.clean(html, tags=ALLOWED, attributes={}, link_rel=None) == html


@given(UNMARKED)
@example("I <3 you, <a@b.az> & &amp; << >> <!-- -->")
@example("a  b\tc \n d")
def test_without_markup_every_letter_shows_as_typed(typed: str) -> None:
    assert shown_blocks(shown(typed)) == typed_blocks(typed)


@given(ANY)
def test_the_plain_text_of_what_shows_has_the_same_words(typed: str) -> None:
    html = shown(typed)
    assert plain(html).split() == " ".join(Seen(html).blocks).split()


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("", ""),
        (" \n\n \t", ""),
        ("I <3 you", "<p>I &lt;3 you</p>"),
        ("<a@b.az>", "<p>&lt;a@b.az&gt;</p>"),
        ("&amp; &lt; &#60;", "<p>&amp;amp; &amp;lt; &amp;#60;</p>"),
        ("<<", "<p>&lt;&lt;</p>"),
        ("He said \"no\", she said 'yes'", "<p>He said \"no\", she said 'yes'</p>"),
        ("👩‍👩‍👧‍👦🕯️", "<p>👩‍👩‍👧‍👦🕯️</p>"),
        ("<b>bold</b> <I>slanted</I>", "<p><b>bold</b> <i>slanted</i></p>"),
        ("<em><strong>both</strong></em>", "<p><em><strong>both</strong></em></p>"),
        ("<b>open", "<p>&lt;b&gt;open</p>"),
        ("closed</b>", "<p>closed&lt;/b&gt;</p>"),
        ("<b><i>crossed</b></i>", "<p><b>&lt;i&gt;crossed</b>&lt;/i&gt;</p>"),
        ("<b>one\n\ntwo</b>", "<p>&lt;b&gt;one</p><p>two&lt;/b&gt;</p>"),
        ("<b>one\ntwo</b>", "<p><b>one<br>two</b></p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<b onclick=x>y</b>", "<p>&lt;b onclick=x&gt;y&lt;/b&gt;</p>"),
        ('<a href="https://x.example">y</a>', '<p>&lt;a href="https://x.example"&gt;y&lt;/a&gt;</p>'),
        ("<p>typed</p><br>", "<p>&lt;p&gt;typed&lt;/p&gt;&lt;br&gt;</p>"),
        ("one\n\n\n \ntwo\nthree", "<p>one</p><p>two<br>three</p>"),
        ("<blockquote>said</blockquote>", "<blockquote><p>said</p></blockquote>"),
        ("a<blockquote>b\n\nc</blockquote>d", "<p>a</p><blockquote><p>b</p><p>c</p></blockquote><p>d</p>"),
        ("<blockquote></blockquote>", ""),
        (
            "a<blockquote>b</blockquote>c<BLOCKQUOTE>d</BLOCKQUOTE>",
            "<p>a</p><blockquote><p>b</p></blockquote><p>c</p><blockquote><p>d</p></blockquote>",
        ),
        ("  a  ", "<p>  a  </p>"),
        ("<b><b>a</b></b>", "<p><b><b>a</b></b></p>"),
        (
            "<blockquote>a<blockquote>b</blockquote>c</blockquote>",
            "<blockquote><p>a&lt;blockquote&gt;b</p></blockquote><p>c&lt;/blockquote&gt;</p>",
        ),
        ("<blockquote>open", "<p>&lt;blockquote&gt;open</p>"),
        ("<b>a<blockquote>b</b></blockquote>", "<p>&lt;b&gt;a</p><blockquote><p>b&lt;/b&gt;</p></blockquote>"),
    ],
)
def test_this_shows_like_that(typed: str, html: str) -> None:
    assert shown(typed) == html


@pytest.mark.parametrize(
    "letter", [*map(chr, range(9)), *map(chr, range(0x0B, 0x20)), "\x7f", "\u202d", "\u202e", "\ud800"]
)
def test_what_no_reader_sees_and_what_turns_lines_around_is_taken_out(letter: str) -> None:
    kept = "\n" if letter == "\r" else ""  # a lone carriage return is a line end
    assert normalise(f"a{letter}b") == f"a{kept}b"


KEPT = "\t\n\u00a0\u0085\u200b\u200c\u200d\u200e\u200f\u061c\u2066\u2069\ufeff\u00ad\ufe0f\U000e0041"


@pytest.mark.parametrize("letter", KEPT)
def test_nothing_else_is_taken_out(letter: str) -> None:
    assert normalise(f"a{letter}b") == f"a{letter}b"


def test_line_ends_of_every_system_become_one() -> None:
    assert normalise("a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_what_is_markup_is_told_by_where_it_stands_and_never_across_paragraphs() -> None:
    assert tags_of("<b>a\n\nb</b>") == []
    assert [tag.start for tag in tags_of("<b>a</b>")] == [0, 4]
    assert [tag.start for tag in tags_of("a<blockquote><b>b</b>\n\nc</blockquote>")] == [1, 13, 17, 24]
    assert tags_of("<blockquote>a</blockquote>c<blockquote><b>d</b></blockquote>") == [
        (0, 12, True), (13, 26, True), (27, 39, True), (39, 42, False), (43, 47, False), (47, 60, True),
    ]  # fmt: skip
