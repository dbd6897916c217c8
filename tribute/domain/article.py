"""What an article file says: Markdown with front matter, or a keeper's plain text as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from tribute.domain import language as languages
from tribute.domain import text
from tribute.domain.errors import BadArticle

MAXIMUM_BYTES = 1024 * 1024
MAXIMUM_TITLE = 300
CLOSING_LETTERS = 80  # a closing line is a short one

# Last lines that belong to the page a text was copied from, not to the text.
LEFTOVERS = frozenset({"search in archive"})
# What PyYAML raises: its own errors for wrong signs, Python's for wrong values, such as a thirteenth month.
_NOT_YAML = (yaml.YAMLError, ValueError, TypeError, AttributeError, LookupError, RecursionError)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)*\n")


@dataclass(frozen=True)
class Text:
    """One article or page as read from a file; `source_format` says how its body renders."""

    title: str
    body: str
    source_format: str
    summary: str = ""
    figures: str = ""
    figures_note: str = ""
    timeline: list[tuple[str, str]] = field(default_factory=list)
    closing: str = ""
    closing_language: str = ""
    closing_meaning: str = ""
    sources: str = ""
    version: str = ""  # of a page: a date that its readers see
    left_out: tuple[str, ...] = ()


OF_ARTICLES = (
    "title", "summary", "figures", "figures_note", "timeline", "closing", "closing_language", "closing_meaning",
    "sources", "format",
)  # fmt: skip
OF_PAGES = ("title", "summary", "version")
FORMATS = ("markdown", "plain")


class _Handler(YAMLHandler):
    """Front matter by PyYAML's own loader: the one in C ends the whole process over brackets nested too deep."""

    def load(self, fm: str, **kwargs: Any) -> Any:
        """Read the front matter."""
        return yaml.safe_load(fm)


def decode(raw: bytes) -> str:
    """Read a file's bytes, or raise BadArticle with the reason and the line."""
    if len(raw) > MAXIMUM_BYTES:
        raise BadArticle("the file is larger than 1 MiB")
    try:
        written = raw.decode()
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadArticle("this is not UTF-8; save the file as UTF-8 and import it again", line) from error
    if "\x00" in written:
        raise BadArticle("this is not a text file", written[: written.index("\x00")].count("\n") + 1)
    return written


def parse(written: str, language: str) -> Text:
    """Read an article: with front matter as Markdown, without as the plain text that a keeper wrote."""
    read = text.normalise(written.removeprefix("\ufeff"))
    if not read.strip():
        raise BadArticle("the file is empty")
    return _with_matter(read, OF_ARTICLES) if read.lstrip().startswith("---\n") else _plain(read, language)


def parse_page(written: str) -> Text:
    """Read one of the site's own pages: Markdown with a title, a summary and a version before it."""
    read = text.normalise(written.removeprefix("\ufeff"))
    found = _with_matter(read, OF_PAGES) if read.lstrip().startswith("---\n") else Text("", read, FORMATS[0])
    if missing := [key for key in OF_PAGES if not getattr(found, key)]:
        raise BadArticle(f"the front matter has no {missing[0]}", 1)
    return found


def _plain(written: str, language: str) -> Text:
    """Title from the first line, every paragraph word for word, the closing line set apart in its language."""
    lines = written.split("\n")
    first = next(number for number, line in enumerate(lines) if line.strip())
    title = lines[first].strip()
    if len(title) > MAXIMUM_TITLE:
        raise BadArticle(f"the first line is the title, and it is longer than {MAXIMUM_TITLE} letters", first + 1)
    paragraphs = [block for block in _BLANK_LINES.split("\n".join(lines[first + 1 :]).strip("\n")) if block.strip()]
    left_out = []
    while paragraphs and paragraphs[-1].strip().lower() in LEFTOVERS:
        left_out.append(paragraphs.pop().strip())
    closing, closing_language = _closing(paragraphs, language)
    if closing:
        paragraphs.pop()
    if not paragraphs:
        raise BadArticle("there is a title but no text below it", first + 1)
    return Text(
        title, "\n\n".join(paragraphs), "plain",
        closing=closing, closing_language=closing_language, left_out=tuple(left_out),
    )  # fmt: skip


def _with_matter(written: str, known: tuple[str, ...]) -> Text:
    """Read front matter and a body; a missing title or an unknown key is refused."""
    first = written[: written.index("---")].count("\n") + 1
    try:
        matter, body = frontmatter.parse(written, handler=_Handler())
    except _NOT_YAML as error:
        mark = getattr(error, "problem_mark", None)
        raise BadArticle("the front matter is not valid YAML", first + (mark.line if mark else 0)) from error
    unknown = [str(key) for key in matter if key not in known]
    if unknown:
        raise BadArticle(f"the front matter has a key that no article has: {unknown[0]}", _line_of(written, unknown[0]))
    said = _fields(matter, written)
    source_format = said.pop("format", "") or FORMATS[0]
    if source_format not in FORMATS:
        raise BadArticle("the format of a text is markdown or plain", _line_of(written, "format"))
    if not said.get("title"):
        raise BadArticle("the front matter has no title", first)
    if not body.strip():
        raise BadArticle("there is no text below the front matter")
    return Text(body=body, source_format=source_format, **said)


def _fields(matter: dict[str, Any], written: str) -> dict[str, Any]:
    timeline = matter.pop("timeline", None) or []
    try:
        entries = [(_line(entry["when"]), _line(entry["what"])) for entry in timeline]
    except (TypeError, KeyError) as error:
        raise BadArticle("each entry of the timeline needs 'when' and 'what'") from error
    if lists := [key for key, value in matter.items() if isinstance(value, dict | list | set)]:
        raise BadArticle(f"{lists[0]} takes one text, not a list", _line_of(written, lists[0]))
    return {key: str(value or "").strip() for key, value in matter.items()} | {"timeline": entries}


def _line(said: object) -> str:
    """An entry of the timeline: it is shown on one line, however it is broken in the file."""
    return " ".join(str(said).split())


def _line_of(written: str, key: str) -> int:
    return next((n for n, line in enumerate(written.split("\n"), 1) if line.startswith(f"{key}:")), 1)


def _closing(paragraphs: list[str], language: str) -> tuple[str, str]:
    """The last paragraph, where it is one short line in another language than the article's."""
    last = paragraphs[-1].strip() if len(paragraphs) > 1 else ""
    own = languages.guess(last, language)
    if not last or "\n" in last or len(last) > CLOSING_LETTERS or own == language:
        return "", ""
    return last, own
