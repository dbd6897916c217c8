"""A keeper's Markdown goes through the same cleaner."""

from __future__ import annotations

import bleach
import nh3
import pytest
from hypothesis import given

from tests.domain.texts import ANY, Seen, shown_blocks, typed_blocks
from tribute.domain import text

TAGS = {"b", "i", "em", "strong", "blockquote", "p", "br", "h2", "h3", "ul", "ol", "li", "a", "hr", "code"}
SOURCE = ANY.map(text.normalise)  # as reading a file leaves it


@given(SOURCE)
def test_only_the_allowed_tags_and_attributes_come_out(source: str) -> None:
    seen = Seen(str(text.render_markdown(source)).replace("<hr>", ""))
    assert set(seen.tags) <= TAGS == text.ARTICLE_TAGS
    assert {name for name, _ in seen.attributes} <= {"href", "title", "start", "rel"}
    assert (seen.others, seen.open) == ([], [])


@given(SOURCE)
def test_both_cleaners_leave_an_article_as_it_is(source: str) -> None:
    html = str(text.render_markdown(source))
    again = bleach.clean(html, tags=TAGS, attributes={"a": ["href", "title", "rel"], "ol": ["start"]})
    assert Seen(again.replace("<hr>", "")).blocks == Seen(html.replace("<hr>", "")).blocks
    assert nh3.clean(html, tags=TAGS, attributes={"a": {"href", "title"}, "ol": {"start"}}, link_rel="noopener") == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# One", "<h2>One</h2>\n"),
        ("## Two", "<h2>Two</h2>\n"),
        ("### Three\n\n#### Four", "<h3>Three</h3>\n<h3>Four</h3>\n"),
        ("**bold** *slanted*", "<p><strong>bold</strong> <em>slanted</em></p>\n"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>\n"),
        ("[a](https://x.example)", '<p><a href="https://x.example" rel="noopener">a</a></p>\n'),
        ("[a](mailto:x@x.example)", '<p><a href="mailto:x@x.example" rel="noopener">a</a></p>\n'),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>\n'),
    ],
)
def test_this_markdown_becomes_that(source: str, html: str) -> None:
    assert str(text.render_markdown(source)) == html


@pytest.mark.parametrize(
    "source",
    [
        "[a](javascript:x)",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        "[a](JaVaScRiPt:x)",
        "![a](https://x.example/p.png)",
    ],
)
def test_nothing_leads_to_a_script_or_loads_from_another_host(source: str) -> None:
    html = str(text.render_markdown(source))
    assert "<img" not in html
    assert not any(
        (value or "").lower().startswith(("javascript", "data", "vbscript")) for _, value in Seen(html).attributes
    )


def test_a_line_of_markdown_has_no_paragraph_around_it() -> None:
    assert str(text.render_markdown_line("**150** killed & <b>")) == "<strong>150</strong> killed &amp; &lt;b&gt;"
    assert str(text.render_markdown_line("")) == ""


@given(ANY)
def test_in_a_plain_article_nothing_is_markup(source: str) -> None:
    html = str(text.render_plain(text.normalise(source)))
    assert set(Seen(html).tags) <= {"p", "br"}
    assert shown_blocks(html) == typed_blocks(source)


@pytest.mark.parametrize(
    ("html", "lede", "rest"),
    [
        ("<p>One</p>\n<p>Two</p>", "<p>One</p>", "<p>Two</p>"),
        ("<p>One</p>", "<p>One</p>", ""),
        ("<h2>A</h2><p>One</p>", "", "<h2>A</h2><p>One</p>"),
        ("", "", ""),
    ],
)
def test_the_lede_is_the_first_paragraph(html: str, lede: str, rest: str) -> None:
    first, others = text.first_paragraph(html)
    assert (str(first), str(others)) == (lede, rest)
