"""How well the search finds: the labelled set in `bench/pairs/`, read and scored.

The set has two halves of the same kinds of difficulty, with no text and no word of a query in common: the stemmer is
tuned on one, and the other says how good it is. Each half is labelled completely: for every query, `finds` lists the
texts that a careful reader would expect, and every other text of the half is wrong if found. The reader's rules:

- Case, diacritics, apostrophes and dashes are no difference; nor is the alphabet or spelling a word or name is
  written in (Шахид and şəhid, Гусейнов and Huseynov, Gəncə and Ganja and Гянджи).
- Any inflection of a word finds any other, within one part of speech; a word made from another (memorial from memory,
  citizen from city) is another word, and so is a translation.
- Words that fold to the same letters match in whatever language they stand; words that only begin alike do not.
- All words of a query must be there. What a reader could argue either way is left out of the set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PAIRS = Path(__file__).parent / "pairs"
TUNED = PAIRS / "tuned.yaml"
HELDOUT = PAIRS / "heldout.yaml"


@dataclass(frozen=True)
class Text:
    """A tribute of the set."""

    id: str
    language: str
    name: str
    place: str
    words: str


@dataclass(frozen=True)
class Labelled:
    """A query and the ids of all the texts it should find."""

    query: str
    language: str
    kind: str
    finds: frozenset[str]


@dataclass(frozen=True)
class Half:
    """Half of the set: its texts by id, and its queries."""

    texts: dict[str, Text]
    queries: tuple[Labelled, ...]


@dataclass(frozen=True)
class Pair:
    """A query and one text, found or to be found."""

    asked: Labelled
    text: str


@dataclass
class Scores:
    """The pairs that were found rightly, missed, and found wrongly."""

    right: list[Pair] = field(default_factory=list)
    missed: list[Pair] = field(default_factory=list)
    wrong: list[Pair] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 1 when nothing was found."""
        return _share(len(self.right), len(self.wrong))

    @property
    def recall(self) -> float:
        """The share of what is right that was found; 1 when nothing was to be found."""
        return _share(len(self.right), len(self.missed))

    def by_language(self) -> dict[str, Scores]:
        """The same for each language of a query."""
        return self._by(lambda asked: asked.language)

    def by_kind(self) -> dict[str, Scores]:
        """The same for each kind of difficulty."""
        return self._by(lambda asked: asked.kind)

    def _by(self, group: Callable[[Labelled], str]) -> dict[str, Scores]:
        def of(name: str, pairs: Iterable[Pair]) -> list[Pair]:
            return [pair for pair in pairs if group(pair.asked) == name]

        names = sorted({group(pair.asked) for pair in (*self.right, *self.missed, *self.wrong)})
        return {name: Scores(of(name, self.right), of(name, self.missed), of(name, self.wrong)) for name in names}


def load(path: Path) -> Half:
    """Read a half."""
    said: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    texts = {id_: Text(id=id_, **parts) for id_, parts in said["texts"].items()}
    return Half(texts, tuple(Labelled(**{**query, "finds": frozenset(query["finds"])}) for query in said["queries"]))


def score(half: Half, find: Callable[[str], set[str]]) -> Scores:
    """Ask every query of a half; `find` takes what is typed and returns the ids of the texts found."""
    scores = Scores()
    for asked in half.queries:
        found = find(asked.query)
        scores.right += _pairs(asked, asked.finds & found)
        scores.missed += _pairs(asked, asked.finds - found)
        scores.wrong += _pairs(asked, found - asked.finds)
    return scores


def _pairs(asked: Labelled, texts: Iterable[str]) -> Iterator[Pair]:
    return (Pair(asked, text) for text in sorted(texts))


def _share(right: int, other: int) -> float:
    return right / (right + other) if right + other else 1.0
