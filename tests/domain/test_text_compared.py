"""What differs between two versions is marked, and the page around it stays whole."""

from __future__ import annotations

import re
from html import unescape
from time import perf_counter

import pytest
from hypothesis import given

from tests.domain.texts import ANY, Seen
from tribute.domain import difference
from tribute.domain.text import compare, compare_plain, length, normalise, render


def marked(old: str, new: str) -> tuple[str, str]:
    """Both versions with what differs marked."""
    found = compare(render(old), render(new))
    assert found is not None
    return str(found.old), str(found.new)


@pytest.mark.parametrize(("old", "new", "went", "came"), [
    ("I remember the day", "I remember that day", "<p>I remember <del>the</del> day</p>",
     "<p>I remember <ins>that</ins> day</p>"),
    ("One <b>two three</b> four", "One four", "<p>One <b><del>two three</del></b> four</p>", "<p>One four</p>"),
    ("Bakıda idik.", "Bakıda idik!", "<p>Bakıda idik<del>.</del></p>", "<p>Bakıda idik<ins>!</ins></p>"),
    ("a < b & c", "a < d & c", "<p>a &lt; <del>b</del> &amp; c</p>", "<p>a &lt; <ins>d</ins> &amp; c</p>"),
    ("cafe\u0301", "cafe", "<p><del>cafe\u0301</del></p>", "<p><ins>cafe</ins></p>"),
    ("Zəhra’s son", "Zəhra’nın oğlu", "<p><del>Zəhra’s son</del></p>", "<p><ins>Zəhra’nın oğlu</ins></p>"),
    ("", "Words at last", "", "<p><ins>Words at last</ins></p>"),
    ("The same", "<b>The</b> same", "<p>The same</p>", "<p><b>The</b> same</p>"),
])  # fmt: skip
def test_words_that_went_and_words_that_came_are_marked(old: str, new: str, went: str, came: str) -> None:
    assert marked(old, new) == (went, came)


def test_a_name_is_compared_letter_for_letter_as_typed() -> None:
    found = compare_plain("Leyla <b> M.", "Leyla <b> Q.")
    assert found == ("Leyla &lt;b&gt; <del>M</del>.", "Leyla &lt;b&gt; <ins>Q</ins>.", ("M",))


def without(html: str, tag: str) -> str:
    """The same HTML without the marks."""
    return html.replace(f"<{tag}>", "").replace(f"</{tag}>", "")


@given(ANY, ANY)
def test_marks_break_neither_tags_nor_entities_nor_letters(one: str, other: str) -> None:
    old, new = str(render(normalise(one))), str(render(normalise(other)))
    found = compare(old, new)
    assert found is not None
    for html, whole, tag in ((str(found.old), old, "del"), (str(found.new), new, "ins")):
        seen = Seen(html)
        assert (seen.open, seen.attributes, seen.others) == ([], [], [])
        assert unescape(without(html, tag)) == unescape(whole)
        said = re.sub(r"<[^>]*>", "", whole)
        pieces = re.sub(r"</?(?!ins|del)\w[^>]*>", "", html)
        parts = re.split(r"</?(?:ins|del)>", pieces)
        assert sum(length(unescape(part)) for part in parts) == length(unescape(said))


@given(ANY)
def test_nothing_differs_from_itself(typed: str) -> None:
    html = str(render(normalise(typed)))
    assert compare(html, html) == (html, html, ())


def test_two_long_texts_take_some_milliseconds() -> None:
    old = render(" ".join(f"word{n % 120}" for n in range(290)))
    new = render(" ".join(f"word{n % 121}" for n in range(290)))
    began = perf_counter()
    assert compare(old, new) is not None
    assert perf_counter() - began < 0.5  # some 7 ms on an idle machine


def test_what_would_take_too_long_is_left_unmarked() -> None:
    old, new = ["x", *"!" * 1000, "y"], ["z", *"!" * 1000, "v"]
    assert difference.changed(old, new) is None
    assert compare(render("!?" * 500 + "."), render("?!" * 500)) is None
    assert compare_plain("<!?" * 500, "?!&" * 500) == ("&lt;!?" * 500, "?!&amp;" * 500, ())
    assert difference.changed(["!"] * 100_000, ["!"] * 100_000 + ["?"]) == (set(), {100_000})
