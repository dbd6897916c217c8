"""Leaving something out of somebody's words: nothing but cutting is possible, and every cut is marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from tribute.domain import text
from tribute.domain.errors import Refusal

OMISSION = "[…]"
_BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")  # as `text.render` tells paragraphs
_OMITTED = re.compile(re.escape(OMISSION))
_CUT = b"\1"


class CannotCut(Refusal):
    """What was to be left out cannot be."""


@dataclass(eq=False)
class NotThere(CannotCut):
    """A phrase that was to be cut stands nowhere in the texts."""

    phrase: str


class NothingToCut(CannotCut):
    """No phrase was named."""


class NothingLeft(CannotCut):
    """Of the words nothing would remain: to decline says that better."""


@dataclass(frozen=True)
class Texts:
    """What an author signed: the name, the place, and the words as typed."""

    name: str
    place: str
    words: str


@dataclass(frozen=True)
class _Shown:
    """A text as its readers see it, and where each letter of that stands in what was typed; -1 for no letter of it."""

    typed: str
    said: str
    places: list[int]


def phrases(typed: str) -> list[str]:
    """The phrases in a field, one a line. What stands on both sides of an earlier omission is two of them."""
    parts = (" ".join(part.split()) for line in typed.splitlines() for part in line.split(OMISSION))
    return list(dict.fromkeys(part for part in parts if part))


def cut(texts: Texts, wanted: list[str]) -> Texts:
    """Replace each occurrence of each phrase by an omission; those that meet become one.

    Spaces and line ends in a phrase match any others. Raises NothingToCut, NotThere for the first phrase that stands
    in none of the texts, and NothingLeft.
    """
    if not wanted:
        raise NothingToCut
    shown = [_plain(texts.name), _plain(texts.place), _rendered(texts.words)]
    found = [[list(_matches(each.said, phrase)) for phrase in wanted] for each in shown]
    for number, phrase in enumerate(wanted):
        if not any(spans[number] for spans in found):
            raise NotThere(phrase)
    name, place, words = (_without(each, [*chain(*spans)]) for each, spans in zip(shown, found, strict=True))
    if words != texts.words and text.is_blank(_rendered(words).said.replace(OMISSION, "")):
        raise NothingLeft
    return Texts(name, place, words)


def _plain(line: str) -> _Shown:
    return _Shown(line, line, list(range(len(line))))


def _rendered(words: str) -> _Shown:
    """Words without their tags; around a quotation stands a break, as on the page."""
    said: list[str] = []
    places: list[int] = []
    done = 0
    for tag in [*text.tags_of(words), text.Tag(len(words), len(words), is_block=False)]:
        said.append(words[done : tag.start])
        places += range(done, tag.start)
        if tag.is_block:
            said.append("\n\n")
            places += [-1, -1]
        done = tag.end
    return _Shown(words, "".join(said), places)


def _matches(said: str, phrase: str) -> Iterator[tuple[int, int]]:
    """Where a phrase stands, overlapping itself too; what was left out before is no part of anything."""
    omitted = _mask(said, (found.span() for found in _OMITTED.finditer(said)))
    anyhow = r"\s+".join(map(re.escape, phrase.split()))
    pattern = re.compile(f"(?=({anyhow}))")
    for found in pattern.finditer(said):
        if omitted.find(_CUT, *found.span(1)) < 0:
            yield found.span(1)


def _mask(said: str, spans: Iterable[tuple[int, int]]) -> bytearray:
    """A byte for each letter: 1 where one of the spans covers it."""
    mask = bytearray(len(said))
    for start, end in spans:
        mask[start:end] = _CUT * (end - start)
    return mask


def _without(shown: _Shown, spans: list[tuple[int, int]]) -> str:
    """What was typed, with an omission for each of these parts of what is seen."""
    if not spans:
        return shown.typed
    cut = _mask(shown.said, spans)
    for start, end in text.graphemes(shown.said):
        if cut.find(_CUT, start, end) >= 0:
            cut[start:end] = _CUT * (end - start)
    gone: set[int] = set()
    omissions: set[int] = set()
    for start, end in _runs(shown.said, cut):
        gone |= set(shown.places[start:end])
        omissions.add(shown.places[start])
    kept = ("" if place in gone else letter for place, letter in enumerate(shown.typed))
    return "".join(OMISSION + letter if place in omissions else letter for place, letter in enumerate(kept))


def _runs(said: str, cut: bytearray) -> Iterator[tuple[int, int]]:
    """The parts to leave out, with omissions and spaces that touch them; never across the break of a paragraph."""
    gone = bytearray(cut)
    for found in _OMITTED.finditer(said):
        gone[found.start() : found.end()] = _CUT * len(OMISSION)
    breaks = _mask(said, (found.span() for found in _BREAK.finditer(said)))
    parts = [found.span() for found in re.finditer("\1+", _with_breaks(gone, breaks))]
    run: tuple[int, int] | None = None
    for start, end in parts:
        if run and said[run[1] : start].isspace() and breaks.find(_CUT, run[1], start) < 0:
            run = run[0], end
            continue
        if run and cut.find(_CUT, *run) >= 0:
            yield run
        run = start, end
    if run and cut.find(_CUT, *run) >= 0:
        yield run


def _with_breaks(gone: bytearray, breaks: bytearray) -> str:
    """The mask as letters to search, where a break is never gone."""
    return "".join("\1" if one and not other else "\0" for one, other in zip(gone, breaks, strict=True))
