"""The one cleaner. Nothing else imports bleach or nh3, or makes Markup.

What a visitor types is shown letter for letter. Only properly paired `<b> <i> <em> <strong>` within a paragraph and
`<blockquote>` around paragraphs are markup; every other `<` and every `&` is the character typed.
"""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice

import bleach
import nh3
import regex
from markdown_it import MarkdownIt
from markupsafe import Markup

POLICY = 1  # raised when the same words would render otherwise; revisions remember theirs

INLINE = frozenset({"b", "i", "em", "strong"})
TRIBUTE_TAGS = INLINE | {"blockquote", "p", "br"}
ARTICLE_TAGS = TRIBUTE_TAGS | {"h2", "h3", "ul", "ol", "li", "a", "hr", "code"}
ARTICLE_ATTRIBUTES = {"a": ["href", "title"], "ol": ["start"]}
SCHEMES = frozenset({"http", "https", "mailto"})

Finder = Callable[[list[str]], set[int]]  # which words of a text, by their place in it, are hits

# C0 controls but tab and line feed, DEL, lone surrogates (no encoding holds them), and the bidi overrides.
_TAKEN_OUT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202d\u202e]")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_QUOTE = re.compile(r"<blockquote>(.*?)</blockquote>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(/?)(b|i|em|strong)>", re.IGNORECASE)
_MARKUP = re.compile(r"(<[^>]*>)")
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}\u02bc\u2019'\u200c\u200d]*")
_GRAPHEME = regex.compile(r"\X")
_INVISIBLE = regex.compile(r"[\s\p{C}\p{Z}\p{M}\u115f\u1160\u2800\u3164\uffa0]")

_markdown = MarkdownIt("js-default", {"html": False, "linkify": False}).disable(
    [
        "table",
        "image",
        "fence",
        "code",
        "strikethrough",
        "html_block",
        "html_inline",
    ]  # what ARTICLE_TAGS has no tag for
)


def normalise(text: str) -> str:
    """Take out what no reader sees and what turns lines around; line ends become line feeds."""
    return _TAKEN_OUT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def normalise_line(text: str) -> str:
    """The same for a name or a place: one line, no space around it."""
    return " ".join(normalise(text).split())


def length(text: str) -> int:
    """Count what a reader sees: grapheme clusters."""
    return len(_GRAPHEME.findall(text))


def is_longer(text: str, graphemes: int) -> bool:
    """Tell whether a text has more grapheme clusters than that; counts no further."""
    return len(text) > graphemes and next(islice(_GRAPHEME.finditer(text), graphemes, None), None) is not None


def is_blank(text: str) -> bool:
    """Tell whether nothing in the text can be seen."""
    return not _INVISIBLE.sub("", text)


def escape(text: str) -> str:
    """Write `& < >` as entities; quotes are safe outside attributes and stay as typed."""
    return entities.escape(text, quote=False)


def render(words: str) -> Markup:
    """Render a visitor's words to the HTML that every page shows."""
    parts = _QUOTE.split(words)
    blocks: list[str] = []
    for index, part in enumerate(parts):
        inner = "".join(_paragraphs(part))
        blocks.append(f"<blockquote>{inner}</blockquote>" if index % 2 and inner else inner)
    return _clean("".join(blocks), TRIBUTE_TAGS, {})


def render_plain(words: str) -> Markup:
    """Render words in which nothing is markup, such as an article that came as plain text."""
    blocks = (f"<p>{_lines(escape(block))}</p>" for block in _blocks(words))
    return _clean("".join(blocks), TRIBUTE_TAGS, {})


def render_markdown(source: str) -> Markup:
    """Render a keeper's Markdown through the same cleaner, with headings, lists and links."""
    tokens = _markdown.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h2" if token.tag in ("h1", "h2") else "h3"  # the page's own title is its one h1
    return _clean(_markdown.renderer.render(tokens, _markdown.options, {}), ARTICLE_TAGS, ARTICLE_ATTRIBUTES)


def render_markdown_line(source: str) -> Markup:
    """Render one line of a keeper's Markdown, without a paragraph around it."""
    return _clean(_markdown.renderInline(source), INLINE, {})


def first_paragraph(markup: str) -> tuple[Markup, Markup]:
    """Split cleaned HTML after its first paragraph: the lede, and the rest."""
    if not markup.startswith("<p>"):
        return Markup(""), Markup(markup)  # noqa: S704  cleaned on its way in
    head, end, rest = markup.partition("</p>")
    return Markup(head + end), Markup(rest.lstrip("\n"))  # noqa: S704  cleaned on its way in


def trusted(markup: str) -> Markup:
    """Give back as Markup what this module rendered and the database kept."""
    return Markup(markup)  # noqa: S704  the database holds only what `_clean` let through


def mark(markup: str, find: Finder) -> Markup:
    """Wrap in <mark> each word of rendered HTML that `find` names; tags and entities stay whole."""
    pieces = _MARKUP.split(markup)
    said = [entities.unescape(piece) for piece in pieces[::2]]
    words = [list(_WORD.finditer(piece)) for piece in said]
    hits, first = find([word.group() for some in words for word in some]), 0
    for index, some in enumerate(words):
        spans = [word.span() for place, word in enumerate(some, first) if place in hits]
        if spans:
            pieces[2 * index] = _wrap(said[index], spans)
        first += len(some)
    return Markup("".join(pieces))  # noqa: S704  every text piece is as it was, or escaped again


def mark_plain(text: str, find: Finder) -> Markup:
    """Escape a line of plain text and wrap its hits in <mark>."""
    words = list(_WORD.finditer(text))
    hits = find([word.group() for word in words])
    spans = [word.span() for place, word in enumerate(words) if place in hits]
    return Markup(_wrap(text, spans))  # noqa: S704  `_wrap` escapes


def words_of(text: str) -> list[str]:
    """The words of a plain text, in order, as typed."""
    return [match.group() for match in _WORD.finditer(text)]


def cell(value: str) -> str:
    """A text as a cell of CSV: what a spreadsheet would read as a formula begins with an apostrophe.

    The signs are those of OWASP's page on CSV injection.
    """
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else value


def plain(markup: str) -> str:
    """The text of rendered HTML: for descriptions, feeds and the index."""
    spaced = re.sub(r"</p>|<br>|</h[23]>|</li>", " ", markup)
    return " ".join(entities.unescape(_MARKUP.sub("", spaced)).split())


def excerpt(said: str, find: Finder, letters: int) -> Markup:
    """About `letters` of a plain text around its first hit, marked; its beginning where nothing hits."""
    starts = [match.start() for match in _WORD.finditer(said)]
    first = min((starts[index] for index in find(words_of(said))), default=0)
    start = said.rfind(" ", 0, max(0, first - letters // 3)) + 1 if first > letters // 3 else 0
    return mark_plain(("… " if start else "") + shorten(said[start:], letters), find)


def shorten(text: str, letters: int) -> str:
    """Cut a plain text at a word's end, with an ellipsis where something was cut."""
    if len(text) <= letters:
        return text
    return text[:letters].rsplit(" ", 1)[0].rstrip(" .,;:–-") + "…"


def _wrap(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Escape a text and wrap these parts of it, in order, in <mark>."""
    out, done = [], 0
    for start, end in spans:
        if end > done:
            start, end = _whole(text, start, end)  # noqa: PLW2901  widened
            out += [escape(text[done:start]), "<mark>", escape(text[max(done, start) : end]), "</mark>"]
            done = end
    return "".join([*out, escape(text[done:])])


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a word to whole grapheme clusters: a letter's signs may stand before it or not be marks at all."""
    before = text.rfind(" ", 0, max(0, text.rfind(" ", 0, start)))  # two words back: a sign may even stand on a space
    for seen in _GRAPHEME.finditer(text, max(0, before)):
        if seen.end() >= end:
            return min(start, seen.start()), seen.end()
        if seen.start() < start < seen.end():
            start = seen.start()
    return start, end


def _blocks(text: str) -> Iterable[str]:
    stripped = (block.strip("\n") for block in _BLANK_LINES.split(text))
    return (block for block in stripped if block.strip())


def _paragraphs(text: str) -> Iterable[str]:
    return (f"<p>{_lines(_inline(block))}</p>" for block in _blocks(text))


def _lines(escaped: str) -> str:
    return escaped.replace("\n", "<br>")


def _inline(block: str) -> str:
    """Escape a paragraph but for tags that are opened and closed in order within it."""
    tags = list(_TAG.finditer(block))
    paired = _paired(tags)
    out, end = [], 0
    for index, tag in enumerate(tags):
        if index in paired:
            out += [escape(block[end : tag.start()]), tag.group().lower()]
            end = tag.end()
    return "".join([*out, escape(block[end:])])


def _paired(tags: list[re.Match[str]]) -> set[int]:
    """The positions of tags that belong to a properly nested pair."""
    paired: set[int] = set()
    open_tags: list[tuple[int, str]] = []
    number_open: Counter[str] = Counter()
    for index, tag in enumerate(tags):
        closing, name = tag.group(1), tag.group(2).lower()
        if not closing:
            open_tags.append((index, name))
            number_open[name] += 1
        while closing and number_open[name]:  # what stands between was never closed, and is shown as typed
            start, opened = open_tags.pop()
            number_open[opened] -= 1
            if opened == name:
                paired |= {start, index}
                break
    return paired


def _clean(markup: str, tags: Iterable[str], attributes: dict[str, list[str]]) -> Markup:
    """Pass HTML through two cleaners with one allow-list: bleach is at its end of life, nh3 stands behind it."""
    allowed = frozenset(tags)
    # One Cleaner a call: a shared one mixes results between threads.
    cleaner = bleach.Cleaner(tags=allowed, attributes=attributes, protocols=SCHEMES, strip=False)
    safe = nh3.clean(
        cleaner.clean(markup),
        tags=set(allowed),
        attributes={tag: set(names) for tag, names in attributes.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener" if attributes else None,
        clean_content_tags=set(),
    )
    return Markup(safe)  # noqa: S704  the one place where text becomes Markup
