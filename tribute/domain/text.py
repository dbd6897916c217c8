"""The one cleaner. Nothing else imports bleach or nh3, or makes Markup.

What a visitor types is shown letter for letter. Only properly paired `<b> <i> <em> <strong>` within a paragraph and
`<blockquote>` around paragraphs are markup; every other `<` and every `&` is the character typed.
"""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, islice
from typing import Any, NamedTuple

import bleach
import nh3
import regex
from markdown_it import MarkdownIt
from markupsafe import Markup

from tribute.domain import difference

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
_QUOTE_TAG = re.compile(r"<(/?)blockquote>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)(b|i|em|strong)>", re.IGNORECASE)
_MARKUP = re.compile(r"(<[^<>]*>)")
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}\u02bc\u2019'\u200c\u200d]*")
_GRAPHEME = regex.compile(r"\X")
# Letters and signs that are each a grapheme, whatever stands beside them: all of nearly every text here, which Python's
# own expressions read several times as quickly. Without `_`, that \w takes for a letter.
_IS_SIMPLE = re.compile(
    "[\n -^`-~\u00a0-\u00ac\u00ae-\u02af\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e]*"
).fullmatch
_SIMPLE_WORD = re.compile(r"\w[\w'\u2019]*")
_PIECE = regex.compile(
    r"(?:(?=[\p{L}\p{N}])\X|['\u02bc\u2019](?=[\p{L}\p{N}]))+|(?!\s)\X"
)  # a word or a sign, in whole graphemes
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
    return len(text) if _IS_SIMPLE(text) else len(_GRAPHEME.findall(text))


def is_longer(text: str, graphemes: int) -> bool:
    """Tell whether a text has more grapheme clusters than that; counts no further."""
    if len(text) <= graphemes or _IS_SIMPLE(text):
        return len(text) > graphemes
    return next(islice(_GRAPHEME.finditer(text), graphemes, None), None) is not None


def graphemes(text: str) -> Iterator[tuple[int, int]]:
    """Where each grapheme cluster begins and ends."""
    return (found.span() for found in _GRAPHEME.finditer(text))


def is_blank(text: str) -> bool:
    """Tell whether nothing in the text can be seen."""
    return not _INVISIBLE.sub("", text)


def escape(text: str) -> str:
    """Write `& < >` as entities; quotes are safe outside attributes and stay as typed."""
    return entities.escape(text, quote=False)


def render(words: str) -> Markup:
    """Render a visitor's words to the HTML that every page shows."""
    blocks: list[str] = []
    done = 0
    for opening, closing in _quotes(words):
        quoted = "".join(_paragraphs(words[opening.end() : closing.start()]))
        blocks += [*_paragraphs(words[done : opening.start()]), f"<blockquote>{quoted}</blockquote>" if quoted else ""]
        done = closing.end()
    blocks += _paragraphs(words[done:])
    return _clean("".join(blocks), TRIBUTE_TAGS, {})


class Tag(NamedTuple):
    """Where in a visitor's words a piece of markup stands, and whether it is a quotation's."""

    start: int
    end: int
    is_block: bool


def tags_of(words: str) -> list[Tag]:
    """What `render` takes for markup, in order; everything else of the words is shown."""
    tags, done = [], 0
    for opening, closing in _quotes(words):
        tags += [*_inline_tags(words, done, opening.start()), Tag(*opening.span(), is_block=True)]
        tags += [*_inline_tags(words, opening.end(), closing.start()), Tag(*closing.span(), is_block=True)]
        done = closing.end()
    return [*tags, *_inline_tags(words, done, len(words))]


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
    """Give back as Markup what this module rendered and the database kept, or what the interface itself says."""
    return Markup(markup)  # noqa: S704  the database holds only what `_clean` let through


def mark(markup: str, find: Finder) -> Markup:
    """Wrap in <mark> each word of rendered HTML that `find` names; tags and entities stay whole."""
    pieces = _MARKUP.split(markup)
    said = [entities.unescape(piece) for piece in pieces[::2]]
    words = [words_of(piece) for piece in said]
    hits, first = find(list(chain.from_iterable(words))), 0
    for index, some in enumerate(words):
        here = {place - first for place in hits if first <= place < first + len(some)} if hits else None
        if here:
            pieces[2 * index] = _wrap(said[index], _spans(said[index], here))
        first += len(some)
    return Markup("".join(pieces))  # noqa: S704  every text piece is as it was, or escaped again


class Compared(NamedTuple):
    """Two versions of a text: what went is in <del>, what came in <ins>; and what went, alone."""

    old: Markup
    new: Markup
    gone: tuple[str, ...]


def compare(old: str, new: str) -> Compared | None:
    """Mark in two rendered texts what differs; None where too much of them would have to be compared."""
    one, other = _Pieces(_MARKUP.split(old)), _Pieces(_MARKUP.split(new))
    found = difference.changed(one.words, other.words)
    if found is None:
        return None
    went, came = one.runs(found[0]), other.runs(found[1])
    gone = (said[start:end] for said, runs in zip(one.said, went, strict=True) for start, end in runs)
    return Compared(one.wrapped(went, "del"), other.wrapped(came, "ins"), tuple(gone))


def compare_plain(old: str, new: str) -> Compared:
    """The same for a name or a place."""
    return compare(escape(old), escape(new)) or Compared(Markup(escape(old)), Markup(escape(new)), ())  # noqa: S704


class _Pieces:
    """Rendered HTML in pieces, text and tag by turns, and the words in its texts."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self.said = [entities.unescape(piece) for piece in pieces[::2]]
        self.spans = [[found.span() for found in _PIECE.finditer(said)] for said in self.said]
        self.words = [
            said[start:end] for said, spans in zip(self.said, self.spans, strict=True) for start, end in spans
        ]

    def runs(self, changed: set[int]) -> list[list[tuple[int, int]]]:
        """For each text, the parts in which the words of these numbers follow one another."""
        number, found = 0, []
        for spans in self.spans:
            runs: list[tuple[int, int]] = []
            for start, end in spans:
                if number in changed and runs and number - 1 in changed:
                    runs[-1] = runs[-1][0], end
                elif number in changed:
                    runs.append((start, end))
                number += 1
            found.append(runs)
        return found

    def wrapped(self, runs: list[list[tuple[int, int]]], tag: str) -> Markup:
        """The whole again, with these parts in a tag."""
        texts = (_wrap(said, some, tag) for said, some in zip(self.said, runs, strict=True))
        pieces = [text if some else piece for text, some, piece in zip(texts, runs, self.pieces[::2], strict=True)]
        whole = [*self.pieces]
        whole[::2] = pieces
        return Markup("".join(whole))  # noqa: S704  every text piece is as it was, or escaped again


def mark_plain(text: str, find: Finder) -> Markup:
    """Escape a line of plain text and wrap its hits in <mark>."""
    hits = find(words_of(text))
    return Markup(_wrap(text, _spans(text, hits)))  # noqa: S704  `_wrap` escapes


def words_of(text: str) -> list[str]:
    """The words of a plain text, in order, as typed."""
    found: list[str] = (_SIMPLE_WORD if _IS_SIMPLE(text) else _WORD).findall(text)
    return found


def _spans(text: str, hits: Collection[int]) -> list[tuple[int, int]]:
    """Where these of the words of a plain text stand."""
    if not hits:
        return []
    words: Iterator[Any] = (_SIMPLE_WORD if _IS_SIMPLE(text) else _WORD).finditer(text)
    return [word.span() for place, word in enumerate(words) if place in hits]


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
    first = min((start for start, _end in _spans(said, find(words_of(said)))), default=0)
    start = said.rfind(" ", 0, max(0, first - letters // 3)) + 1 if first > letters // 3 else 0
    return mark_plain(("… " if start else "") + shorten(said[start:], letters), find)


def shorten(text: str, letters: int) -> str:
    """Cut a plain text at a word's end, with an ellipsis where something was cut."""
    if len(text) <= letters:
        return text
    return text[:letters].rsplit(" ", 1)[0].rstrip(" .,;:–-") + "…"


def _wrap(text: str, spans: Iterable[tuple[int, int]], tag: str = "mark") -> str:
    """Escape a text and wrap these parts of it, in order, in <mark> or another tag."""
    out, done = [], 0
    is_simple = _IS_SIMPLE(text) is not None
    for start, end in spans:
        if end > done:
            start, end = (start, end) if is_simple else _whole(text, start, end)  # noqa: PLW2901  widened
            out += [escape(text[done:start]), f"<{tag}>", escape(text[max(done, start) : end]), f"</{tag}>"]
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


def _quotes(words: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """The tags around each quotation: one that opens, and the first after it that closes."""
    opening = None
    for tag in _QUOTE_TAG.finditer(words):
        if opening and tag[1]:
            yield opening, tag
            opening = None
        elif not tag[1]:
            opening = opening or tag


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


def _inline_tags(words: str, start: int, end: int) -> Iterator[Tag]:
    """The paired tags of the paragraphs between two places."""
    edges = [start, *chain(*(found.span() for found in _BLANK_LINES.finditer(words, start, end))), end]
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        tags = list(_TAG.finditer(words, first, last))
        paired = _paired(tags)
        yield from (Tag(*tag.span(), is_block=False) for index, tag in enumerate(tags) if index in paired)


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
