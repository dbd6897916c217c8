"""The file of a text that was edited in the desk is read back as the same text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.texts import ANY
from tribute.domain import article as files
from tribute.domain import text
from tribute.domain.composing import compose, read_timeline, timeline_lines
from tribute.domain.errors import BadArticle

SIGNS = ["---", "null", "- a: b", "yes", "2026-01-20", "#", "'", '"', "|", "\\|", "\\", "\ufeff", "\x85", "\u2028"]
HARD = st.sampled_from(SIGNS)
TYPED = st.lists(ANY | HARD | st.text(max_size=12), max_size=6).map("\n".join)
LINES = TYPED.map(text.normalise_line)
PASSAGES = TYPED.map(lambda typed: text.normalise(typed).strip())
TEXTS = st.builds(
    files.Text,
    title=LINES.filter(bool), body=PASSAGES.filter(bool), source_format=st.sampled_from(files.FORMATS),
    summary=PASSAGES, figures=PASSAGES, figures_note=PASSAGES,
    timeline=st.lists(st.tuples(LINES.filter(bool), LINES.filter(bool)), max_size=3),
    closing=LINES, closing_language=st.sampled_from(["", "az"]), closing_meaning=LINES, sources=PASSAGES,
)  # fmt: skip
PAGES = st.builds(
    files.Text, title=LINES.filter(bool), body=PASSAGES.filter(bool), source_format=st.just("markdown"),
    summary=PASSAGES.filter(bool), version=LINES.filter(bool),
)  # fmt: skip


@given(TEXTS)
def test_any_article_that_is_written_down_is_read_as_the_same(said: files.Text) -> None:
    assert files.parse(compose(said), "en") == said


@given(PAGES)
def test_any_page_that_is_written_down_is_read_as_the_same(said: files.Text) -> None:
    assert files.parse_page(compose(said, is_page=True)) == said


@given(st.lists(st.tuples(LINES.filter(bool), LINES.filter(bool)), max_size=4))
def test_a_timeline_is_typed_as_lines_and_read_as_it_was(timeline: list[tuple[str, str]]) -> None:
    assert read_timeline(timeline_lines(timeline)) == (timeline, 0)


@pytest.mark.parametrize(
    ("typed", "entries", "wrong"),
    [
        ("", [], 0),
        ("\n\n", [], 0),
        ("May 1990 | A vigil.", [("May 1990", "A vigil.")], 0),
        ("May 1990|A vigil | of many.", [("May 1990", "A vigil | of many.")], 0),
        ("May \\| June | Vigils.", [("May | June", "Vigils.")], 0),
        ("May 1990: A vigil.", [("May 1990: A vigil.", "")], 1),
        ("a | b\n\n| nothing", [("a", "b"), ("", "nothing")], 3),
    ],
)
def test_a_line_without_a_time_and_an_event_is_named(typed: str, entries: list[tuple[str, str]], wrong: int) -> None:
    assert read_timeline(typed) == (entries, wrong)


def test_the_file_of_a_plain_text_says_so_and_the_others_say_nothing_more_than_they_must() -> None:
    assert compose(files.Text("A title", "Words.", "markdown")) == "---\ntitle: A title\n---\nWords.\n"
    assert "format: plain\n" in compose(files.Text("A title", "1. Words.", "plain"))


def test_a_format_that_no_text_has_is_refused() -> None:
    with pytest.raises(BadArticle, match="line 3: the format of a text is markdown or plain"):
        files.parse("---\ntitle: A title\nformat: html\n---\nWords.", "en")
