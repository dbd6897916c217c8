"""What one version of an article or a page has otherwise than another: field by field, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from markupsafe import Markup

from tribute.domain import difference, text
from tribute.domain.composing import timeline_lines
from tribute.services.editing import Said

OF_FILE = (
    "title", "summary", "body", "source_format", "figures", "figures_note", "closing", "closing_language",
    "closing_meaning", "sources", "version",
)  # fmt: skip
BESIDE = ("issuer", "issued", "source")
_BLANK = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True)
class Changed:
    """One field that differs: its paragraphs that do, each as it was and as it is, the difference marked."""

    field: str
    parts: list[tuple[Markup, Markup]]


def changes(old: Said, new: Said) -> list[Changed]:
    """Every field in which two versions differ, in the order of the editor."""
    before, after = _fields(old), _fields(new)
    return [Changed(name, list(_parts(before[name], after[name]))) for name in before if before[name] != after[name]]


def _fields(said: Said) -> dict[str, str]:
    fields = {name: str(getattr(said.text, name)) for name in OF_FILE}
    beside = {name: str(getattr(said.beside, name) or "") for name in BESIDE}
    return fields | {"timeline": timeline_lines(said.text.timeline).replace("\n", "\n\n")} | beside


def _parts(old: str, new: str) -> Iterator[tuple[Markup, Markup]]:
    """The paragraphs that differ, side by side; the two texts whole where that would take too long to tell."""
    before, after = _BLANK.split(old), _BLANK.split(new)
    found = difference.changed(before, after)
    if found is None:
        yield text.compare_plain(old, new)[:2]
        return
    went, came = found
    first = second = 0
    while first < len(before) or second < len(after):
        gone, new_ones = _run(before, went, first), _run(after, came, second)
        for one, other in zip_longest(gone, new_ones, fillvalue=""):
            yield text.compare_plain(one, other)[:2]
        first, second = first + len(gone) + 1, second + len(new_ones) + 1


def _run(paragraphs: list[str], places: set[int], start: int) -> list[str]:
    """The paragraphs from a place on that all belong to those that differ."""
    end = start
    while end in places:
        end += 1
    return paragraphs[start:end]
