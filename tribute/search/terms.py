"""The terms of a text: its folded words in order, then the second terms that stand for their other spellings."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from tribute.domain import ids, text
from tribute.search import stems
from tribute.search.fold import parts

SECOND = 30  # bits of a key below 1.024 seconds: numbers that lie close take half the room in SQLite's index
LONGEST = 200_000  # letters of one indexed text; a tsvector holds no more than 1 MiB
SAMPLES = {16: "^4", 256: "^8"}  # one text in so many carries the tag: counts beyond counting are read from a sample
FINE, COARSE = min(SAMPLES), max(SAMPLES)

# Tags: letters and digits after a character that no folded word has (`=` and `~` are the second terms').
LANGUAGE, YEAR, STATUS, MEMORIAL = "@", "@", "@", "#"


@dataclass(frozen=True)
class Said:
    """What is to be found of a tribute or an article, as typed."""

    source_id: int
    memorial_id: int
    language: str
    year: int
    words: str
    name: str = ""
    place: str = ""
    status: str = ""


@dataclass(frozen=True)
class Row:
    """An entry with its terms, field by field, and how its words are spelt."""

    number: int
    source_id: int
    language: str
    words: str
    name: str
    place: str

    @property
    def terms(self) -> set[str]:
        """Every term, once."""
        return {*self.words.split(), *self.name.split(), *self.place.split()}


def row_of(number: int, said: Said) -> Row:
    """Make the entry of a text."""
    tags = [f"{MEMORIAL}{ids.encode(said.memorial_id)}", f"{LANGUAGE}{said.language}", f"{YEAR}{said.year}"]
    tags += [f"{STATUS}{said.status}"] if said.status else []
    tags += [tag for every, tag in SAMPLES.items() if number % every == 0]
    words = _terms(said.words, said.language, name=False)
    name, place = (_terms(field, said.language, name=True) for field in (said.name, said.place))
    return Row(
        number, said.source_id, said.language, " ".join([*tags, *words])[:LONGEST], " ".join(name), " ".join(place)
    )


def first_number_at(at: datetime) -> int:
    """The lowest number for a text of that moment: about a second each."""
    return ids.first_id_at(at) >> SECOND


def year_of(number: int) -> int:
    """The year of a number, in UTC."""
    return ids.time_of(number << SECOND).year


def spellings(said: Said) -> dict[str, str]:
    """How each folded word of a text is spelt in it; of several spellings the one with more letters of its own."""
    found: dict[str, str] = {}
    for word in text.words_of(f"{said.words} {said.name} {said.place}"):
        for folded in parts(word):
            found[folded] = max(found.get(folded, ""), _plain(word))
    return found


def _plain(word: str) -> str:
    """A word without the forms of letters that nobody types on purpose, such as a dot left over above an i."""
    return unicodedata.normalize("NFKC", word).replace("i\u0307", "i")


def _terms(plain: str, language: str, *, name: bool) -> list[str]:
    words = text.words_of(plain)
    seconds = dict.fromkeys(term for word in words for term in stems.second_terms(word, language, name=name))
    return [*(folded for word in words for folded in parts(word)), *seconds]
