"""An article as Markdown with front matter: what ships, and what a keeper may write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribute.domain import article
from tribute.domain.errors import BadArticle

WHOLE = """---
title: The night
summary: In memory.
figures: "**150** people"
figures_note: As given.
timeline:
  - when: 19–20 January 1990
    what: The night itself.
  - when: 1994
    what: A decision.
closing: Allah rəhmət eləsin!
closing_language: az
closing_meaning: May God have mercy on them
sources: |-
  One source.

  Another.
---
The lede.

## What went before

More.
"""


def test_front_matter_and_body_are_read_as_written() -> None:
    assert article.parse(WHOLE, "en") == article.Text(
        title="The night", body="The lede.\n\n## What went before\n\nMore.", source_format="markdown",
        summary="In memory.", figures="**150** people", figures_note="As given.",
        timeline=[("19–20 January 1990", "The night itself."), ("1994", "A decision.")],
        closing="Allah rəhmət eləsin!", closing_language="az", closing_meaning="May God have mercy on them",
        sources="One source.\n\nAnother.",
    )  # fmt: skip


def test_only_the_title_is_needed() -> None:
    read = article.parse("---\r\ntitle: The night\r\n---\r\nWords.", "en")
    assert (read.title, read.body, read.timeline, read.closing) == ("The night", "Words.", [], "")


def test_a_file_with_a_byte_order_mark_is_still_front_matter() -> None:
    assert article.parse(article.decode(b"\xef\xbb\xbf" + WHOLE.encode()), "en").title == "The night"


@pytest.mark.parametrize(
    ("written", "line", "reason"),
    [
        ("---\nsummary: x\n---\nWords.", 1, "no title"),
        ("---\ntitle: ' '\n---\nWords.", 1, "no title"),
        ("---\ntitle:\n---\nWords.", 1, "no title"),
        ("---\n---\nWords.", 1, "no title"),
        ("---\n- title\n---\nWords.", 1, "no title"),
        ("---\ntitle: x\n", 1, "no title"),
        ("---\ntitle: x\nauthor: y\n---\nWords.", 3, "a key that no article has: author"),
        ("---\ntitle: x\n5: y\nauthor: z\n---\nWords.", 3, "a key that no article has: 5"),
        ("---\ntitle: x\nbody: y\n---\nWords.", 3, "a key that no article has: body"),
        ("---\ntitle: x\n---\n \n", 0, "no text below the front matter"),
        ("---\ntitle: x\nsummary: [\n---\nWords.", 4, "not valid YAML"),
        ("---\ntitle: x\nsummary: 'open\n\n---\nWords.", 5, "not valid YAML"),
        ("\n\n---\ntitle: x\nsummary: a: b\n---\nWords.", 5, "not valid YAML"),
        ("---\ntitle: x\nsummary: 2024-13-45\n---\nWords.", 1, "not valid YAML"),
        ("---\ntitle: !!timestamp soon\n---\nWords.", 1, "not valid YAML"),
        ("---\ntitle: " + "[" * 100_000 + "\n---\nWords.", 1, "not valid YAML"),
        ("---\ntitle: !!int x\n---\nWords.", 1, "not valid YAML"),
        ("---\ntitle: x\nsummary: [a, b]\n---\nWords.", 3, "summary takes one text, not a list"),
        ("---\ntitle: {a: b}\n---\nWords.", 2, "title takes one text, not a list"),
        ("---\ntitle: x\ntimeline: 1990\n---\nWords.", 0, "each entry of the timeline"),
        ("---\ntitle: x\ntimeline: [a]\n---\nWords.", 0, "each entry of the timeline"),
        ("---\ntitle: x\ntimeline:\n  - when: 1990\n---\nWords.", 0, "each entry of the timeline"),
    ],
)
def test_a_wrong_front_matter_is_refused_with_its_line(written: str, line: int, reason: str) -> None:
    with pytest.raises(BadArticle) as refused:
        article.parse(written, "en")
    assert reason in refused.value.reason
    assert refused.value.line == line


@given(st.text(max_size=120), st.text(max_size=60))
def test_any_front_matter_is_read_or_refused_and_never_an_error(matter: str, body: str) -> None:
    try:
        read = article.parse(f"---\n{matter}\n---\n{body}", "en")
    except BadArticle:
        return
    assert read.title.strip()
    assert read.body.strip()
