"""Reading what somebody typed into a search box. Nothing is an error: what can't be read is taken as plain words.

şəhid ruhu              both words        "Qara Yanvar"    words in a row       şəh*          words that begin so
-tank, -"iki söz"       without           name:Leyla  place:Gəncə               year:2025  year:2019..2024
language:az             and for the desk  status:pending   email:somebody@example.org
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tribute.domain import ids, text
from tribute.domain.lifecycle import Status
from tribute.search.fold import fold, parts

LONGEST = 500  # code points of a query that are read
MOST_WORDS = 16
DESK_FIELDS = ("status", "email")

# A field may be named in each of the site's languages.
FIELDS = {
    "name": "name", "ad": "name", "isim": "name", "имя": "name",
    "place": "place", "yer": "place", "место": "place",
    "year": "year", "il": "year", "yil": "year", "год": "year",
    "language": "language", "dil": "language", "язык": "language",
    "status": "status", "email": "email",
}  # fmt: skip
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"'))
_TOKEN = re.compile(r'(?P<without>(?<!\S)[-−–])?(?:(?P<field>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)"|(?P<bare>[^\s"]+))')
_YEARS = re.compile(r"(\d{4})?(?:(\.\.+|-|–)(\d{4})?)?")


@dataclass(frozen=True)
class Asked:
    """One thing that must be there, or must not: a word, just that word, words in a row, a beginning; as typed."""

    words: tuple[str, ...]
    kind: str = "word"  # or "exact" (in quotes), "phrase", "begins"
    field: str = ""  # or "name", "place"
    without: bool = False

    @property
    def said(self) -> str:
        """The words as they were typed."""
        return " ".join(self.words)


@dataclass(frozen=True)
class Query:
    """How a search was understood."""

    asked: tuple[Asked, ...] = ()
    years: tuple[int, int] | None = None  # first and last, both included
    language: str = ""
    status: str = ""
    email: str = ""
    misread: tuple[str, ...] = field(default=())  # what was taken as plain words though it looked like more
    is_cut: bool = False  # whether words were left out, because there were too many

    def __bool__(self) -> bool:
        return bool(self.asked or self.years or self.language or self.status or self.email)

    @property
    def is_plain(self) -> bool:
        """Whether it holds plain words alone, and all of them were read."""
        plain = all(asked.kind == "word" and not asked.field and not asked.without for asked in self.asked)
        narrowed = self.years or self.language or self.status or self.email
        return plain and not (narrowed or self.misread or self.is_cut)

    @property
    def wanted(self) -> tuple[Asked, ...]:
        """What must be there."""
        return tuple(asked for asked in self.asked if not asked.without)


def parse(typed: str, *, desk: bool = False, keeper: bool = False) -> Query:
    """Read a query; `desk` adds `status:`, and `keeper` adds `email:` to it."""
    hidden = {name for name, may in zip(DESK_FIELDS, (desk, keeper), strict=True) if not may}
    readable = set(FIELDS.values()) - hidden
    straight = typed[:LONGEST].translate(_QUOTES)
    query = Query()
    for token in _TOKEN.finditer(straight):
        query = _read(query, token, readable)
    return _with_something(_limited(query))


def _read(query: Query, token: re.Match[str], readable: set[str]) -> Query:
    """Add one token to what was understood."""
    name = FIELDS.get(fold(token["field"] or ""), "")
    value = token["phrase"] if token["phrase"] is not None else token["bare"]
    if token["field"] and name not in readable:
        return _plainly(query, token.group(), noticed=name != "")
    if name in ("year", "language", *DESK_FIELDS):
        found = None if token["without"] else _choice(name, value)
        return replace(query, **found) if found else _plainly(query, token.group(), noticed=True)
    asked = tuple(_asked(value, name, quoted=token["phrase"] is not None, without=bool(token["without"])))
    return replace(query, asked=query.asked + asked)


def _plainly(query: Query, said: str, *, noticed: bool) -> Query:
    asked = tuple(Asked((word,)) for word in _words(said))
    return replace(query, asked=query.asked + asked, misread=query.misread + ((said,) if noticed and asked else ()))


def _choice(name: str, value: str) -> dict[str, Any] | None:
    """A choice by its field, or None where the value can't be one."""
    if name == "year":
        return {"years": years} if (years := _years(value)) else None
    if name == "language":
        code = value.lower()
        return {"language": code} if re.fullmatch("[a-z]{2,3}", code) else None
    if name == "status":
        return {"status": value.lower()} if value.lower() in tuple(Status) else None
    return {"email": value} if "@" in value else None


def _years(value: str) -> tuple[int, int] | None:
    found = _YEARS.fullmatch(value)
    if found is None or not (found[1] or found[3]):
        return None
    first, last = int(found[1] or 1900), int(found[3] or (ids.LAST_YEAR if found[2] else found[1]))
    first, last = min(first, last), max(first, last)
    return (first, last) if first >= 1900 and last <= ids.LAST_YEAR else None


def _asked(value: str, name: str, *, quoted: bool, without: bool) -> Iterator[Asked]:
    words = _words(value)
    if quoted or (without and len(words) > 1):
        kind = "phrase" if len(words) > 1 else "word"
        if words:
            yield Asked(tuple(words), "exact" if quoted and kind == "word" else kind, name, without)
        return
    for index, word in enumerate(words):
        begins = index == len(words) - 1 and value.endswith("*")
        yield Asked((word,), "begins" if begins else "word", name, without)


def _words(value: str) -> list[str]:
    return [word for word in text.words_of(value) if parts(word)]


def _with_something(query: Query) -> Query:
    """Without anything to be there, nothing can be without it: such words are then taken plainly."""
    if query.wanted or query.years or query.language or query.status or query.email:
        return query
    plain = tuple(dict.fromkeys(Asked((word,)) for asked in query.asked for word in asked.words))
    return replace(query, asked=plain, misread=tuple(f"-{asked.said}" for asked in query.asked))


def _limited(query: Query) -> Query:
    """The first words, each thing once; of a longer phrase what there is room for."""
    kept: list[Asked] = []
    room = MOST_WORDS
    for asked in dict.fromkeys(query.asked):
        if len(asked.words) > room:
            kept += [replace(asked, words=asked.words[:room])] if room and not asked.without else []
            return replace(query, asked=tuple(kept), is_cut=True)
        kept.append(asked)
        room -= len(asked.words)
    return replace(query, asked=tuple(kept))
