"""Texts for tests of the cleaner: what hypothesis writes, and how a browser reads what the cleaner made of it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import groupby

from hypothesis import strategies as st

from tribute.domain.text import normalise

OURS = re.compile(r"</?(?:b|i|em|strong|blockquote)>", re.IGNORECASE)
PIECES = [
    "<b>", "</b>", "<I>", "</i>", "<em>", "</em>", "<strong>", "</STRONG>", "<blockquote>", "</blockquote>", "<b", "b>",
    "<script>", "</script>", "alert(1)", "<style>", "<textarea>", "</textarea>", "<plaintext>", "<svg/onload=x>", "<p>",
    "</p>", "<br>", "<math><mi>", "<noscript>", "<template>", "<!--", "-->", "<![CDATA[", "]]>", "<?php", "?>", "</",
    '<a href="javascript:x">', "<b onclick=x>", "<i\n>", "&amp;", "&lt;", "&", "&#60;", "&#x3c;b&#x3e;", "&nbsp;", ";",
    "<", ">", "<<", "<3", "<a@b.az>", '"', "'", "=", "\n", "\n\n", "\n \t\n", "\r\n", "\t", " ", "  ", "\u00a0",
    "\u2028", "\u0085", "\x00", "\x0b", "\u202e", "\ud800", "\ufffe", "👩‍👩‍👧‍👦", "🇦🇿", "e\u0301", "ə", "שלום",
    "word",
]  # fmt: skip
ANY = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=25).map("".join)
UNMARKED = ANY.filter(lambda typed: not OURS.search(normalise(typed)))


class Seen(HTMLParser):
    """What a browser would find in a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.others: list[str] = []
        self.blocks: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "p":
            self.blocks.append("")
        if tag == "br":
            self.handle_data("\n")
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.blocks:
            self.blocks[-1] += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)


def typed_blocks(typed: str) -> list[str]:
    """The paragraphs that a person typed: runs of lines with no blank line among them."""
    lines = normalise(typed).split("\n")
    runs = groupby(lines, key=lambda line: bool(line.strip(" \t")))
    blocks = ("\n".join(run) for written, run in runs if written)
    return [block.strip() for block in blocks if block.strip()]


def shown_blocks(html: str) -> list[str]:
    """The paragraphs that a browser shows."""
    return [block.strip() for block in Seen(html).blocks]
