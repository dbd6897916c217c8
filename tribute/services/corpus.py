"""Texts of synthetic tributes, as many as anybody wants: the same seed gives the same texts.

Words follow Zipf's law, as in every language. Two stand in about half of all texts, and some that never meet in one
are frequent, for these are what a search finds hardest.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tribute.domain.anniversary import day_edges, in_year, year_edges

FILE = Path(__file__).parent.parent / "content" / "corpus.yaml"
YEARS = range(2006, 2026)
DISTINCT = 120_000  # words of a language
HALF = "20"  # stands in half of all texts
EITHER = ("1990", "90")  # each stands in half of all texts, and never both
ONE_OF = tuple(accumulate((0.3, 0.2, 0.1, 0.05)))  # of a language's texts: those words of which none says two
ENDED = 0.5  # of the words that are built, so many end as words of that language do
WORDLESS = 0.03
LENGTH = (3.55, 0.5)  # of a text's number of words, the mean and deviation of its logarithm: 35 to half of them
SHORTEST, LONGEST = 3, 300
GESTURES, SHARES = ("carnation", "candle", "dove", "none"), (40, 30, 10, 20)


@dataclass(frozen=True)
class Text:
    """What somebody may have written."""

    language: str
    name: str
    place: str
    gesture: str
    words: str


class Speech:
    """A language: its words by frequency, and how its texts are put together."""

    def __init__(self, language: str, parts: dict[str, Any], seed: int, distinct: int) -> None:
        self.language = language
        self.one_of, self.given, self.surnames = (parts[key].split() for key in ("one_of", "given", "surnames"))
        self.places = [place.strip() for place in parts["places"].split(",")]
        self.words = _words(parts, Random(f"{seed} {language}"), distinct, {*self.one_of, HALF, *EITHER})  # noqa: S311
        self.weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def text(self, chance: Random) -> Text:
        """The next text."""
        (gesture,) = chance.choices(GESTURES, SHARES)
        is_wordless = gesture != "none" and chance.random() < WORDLESS
        words = "" if is_wordless else "".join(self._said(chance))
        name = f"{chance.choice(self.given)} {self._surname(chance)}"
        return Text(self.language, name, chance.choice(self.places) if chance.random() < 0.9 else "", gesture, words)

    def _surname(self, chance: Random) -> str:
        """In full, or its first letter, as people sign."""
        surname = chance.choice(self.surnames)
        return surname if chance.random() < 0.7 else f"{surname[0]}."

    def _said(self, chance: Random) -> Iterator[str]:
        """Sentences, sometimes on a new line or in a new paragraph."""
        words = self._chosen(chance)
        start = 0
        while start < len(words):
            end = start + chance.randint(4, 14)
            sentence = " ".join(words[start:end])
            yield sentence[0].upper() + sentence[1:] + chance.choice("....!")
            start = end
            if start < len(words):
                yield chance.choice((" ", " ", " ", " ", " ", "\n", "\n\n"))

    def _chosen(self, chance: Random) -> list[str]:
        number = min(LONGEST, max(SHORTEST, round(chance.lognormvariate(*LENGTH))))
        words = chance.choices(self.words, cum_weights=self.weights, k=number)
        special = [EITHER[chance.random() < 0.5]]
        special += [HALF] if chance.random() < 0.5 else []
        which = bisect(ONE_OF, chance.random())
        special += self.one_of[which : which + 1]
        for word in special:
            words.insert(chance.randrange(len(words) + 1), word)
        return words


@cache
def speeches(seed: int, distinct: int) -> tuple[list[Speech], list[int]]:
    """Each language, and its share in a hundred."""
    languages = yaml.safe_load(FILE.read_text("utf-8"))
    return (
        [Speech(language, parts, seed, distinct) for language, parts in languages.items()],
        [parts["share"] for parts in languages.values()],
    )


def texts(seed: int, total: int, first: int, number: int) -> Iterator[Text]:
    """Some of `total` texts, from the `first` on; the same ones in every process."""
    spoken, shares = speeches(seed, min(DISTINCT, 20 * total))
    chance = Random(f"{seed} texts {first}")  # noqa: S311  to be made again
    for speech in chance.choices(spoken, shares, k=number):
        yield speech.text(chance)


def moments(seed: int, total: int, event: date, time_zone: str) -> list[int]:
    """When each was written, in milliseconds and in order: half of all on the event's day of their year."""
    chance = Random(f"{seed} moments")  # noqa: S311  to be made again
    weights = [(1 + index / 10) * (2 if (year - event.year) % 5 == 0 else 1) for index, year in enumerate(YEARS)]
    spans = [(_span(year_edges(year, time_zone)), _span(_day(event, year, time_zone))) for year in YEARS]
    chosen = chance.choices(spans, weights, k=total)
    return sorted(chance.randrange(*span[chance.random() < 0.5]) for span in chosen)


def _day(event: date, year: int, time_zone: str) -> Any:
    return day_edges(in_year(event, year) or date(year, 3, 1) - timedelta(days=1), time_zone)


def _span(edges: Any) -> tuple[int, int]:
    first, end = (round(edge.timestamp() * 1000) for edge in edges)
    return first, end


def _words(parts: dict[str, Any], chance: Random, distinct: int, taken: set[str]) -> list[str]:
    """The words that are listed, and others built from the sounds of the language, until there are enough."""
    begin, middle, end = (parts["sounds"][place].split() for place in ("begin", "middle", "end"))
    endings = parts["endings"].split()
    words = dict.fromkeys(word for word in parts["words"].split() if word not in taken)
    while len(words) < distinct:
        syllables = (
            f"{chance.choice(begin)}{chance.choice(middle)}{chance.choice(end) if chance.random() < 0.3 else ''}"
            for _ in range(chance.choice((2, 2, 2, 3, 3, 4)))
        )
        ending = chance.choice(endings) if chance.random() < ENDED else ""
        words["".join(syllables) + ending] = None
    return list(words)
