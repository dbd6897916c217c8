"""Queries of every kind that is hard, drawn from the words of a corpus: the same ones from the same corpus."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain import text
from tribute.models import Revision, Tribute, TributeEntry, Vocabulary
from tribute.search.fold import fold
from tribute.services import corpus

KINDS = ("rare", "5 %", "50 %", "two common", "never meet", "begins", "phrase", "without")
RARE = (3, 60)  # texts that a rare word stands in
COMMON = 0.01  # of all texts, for a word of two that are common


class Words:
    """The words of a corpus by how many texts they stand in."""

    def __init__(self, session: Session, seed: int = 20) -> None:
        self.session, self.chance = session, Random(seed)  # noqa: S311  the same queries in every run
        self.total = session.execute(select(func.count()).select_from(TributeEntry)).scalar_one()
        self.rare = self._between(*RARE)
        self.five = self._between(round(self.total * 0.03), round(self.total * 0.08))
        self.half = self._between(round(self.total * 0.4), round(self.total * 0.6))
        known = set(self._between(round(self.total * COMMON), self.total))
        languages = yaml.safe_load(corpus.FILE.read_text("utf-8")).values()
        self.common = [[w for w in parts["words"].split() if fold(w) in known] for parts in languages]
        self.one_of = [[w for w in parts["one_of"].split() if fold(w) in known] for parts in languages]

    def _between(self, fewest: int, most: int) -> list[str]:
        query = select(Vocabulary.term).where(Vocabulary.spelling != "", Vocabulary.documents.between(fewest, most))
        return list(self.session.scalars(query.order_by(Vocabulary.term)))

    def queries(self, number: int) -> list[tuple[str, str]]:
        """So many queries with their kinds, in equal shares."""
        makers: tuple[Callable[[], str], ...] = (
            lambda: self.chance.choice(self.rare), lambda: self.chance.choice(self.five),
            lambda: self.chance.choice(self.half), lambda: " ".join(self._two()), self._never, self._beginning,
            self._phrase, lambda: "{} -{}".format(*self._two()),
        )  # fmt: skip
        return [(KINDS[at % len(KINDS)], makers[at % len(KINDS)]()) for at in range(number)]

    def beginnings(self, number: int) -> list[str]:
        """What stands in the box while somebody types a word."""
        return [self._word()[: self.chance.randint(2, 5)] for _ in range(number)]

    def misspelt(self, number: int) -> list[str]:
        """Words with one letter left out, doubled, or another: mostly such as are said nowhere."""
        return [self._slip(word) for word in (self._word(longest=False) for _ in range(number))]

    def _two(self) -> list[str]:
        words = self.chance.sample(self.chance.choice(self.common), 2)
        return words if self.chance.random() < 0.5 else [words[0], self.chance.choice(self.half)]

    def _never(self) -> str:
        """Two that stand for the same, or two of different languages."""
        drawn = self.chance.random()
        if drawn < 0.4:
            return " ".join(self.chance.sample(self.chance.choice(self.one_of), 2))
        if drawn < 0.5:
            return " ".join(corpus.EITHER)
        return " ".join(self.chance.choice(words) for words in self.chance.sample(self.common, 2))

    def _beginning(self) -> str:
        return f"{self._word()[: self.chance.randint(1, 4)]}*"

    def _phrase(self) -> str:
        """Words that stand in a row somewhere, or common ones that may do so nowhere."""
        if self.chance.random() < 0.5:
            return '"{} {}"'.format(*self.chance.sample(self.chance.choice(self.common), 2))
        said: list[str] = []
        while len(said) < 4:
            said = self._some_text()
        start = self.chance.randrange(len(said) - 3)
        return '"{}"'.format(" ".join(said[start : start + self.chance.randint(2, 3)]))

    def _some_text(self) -> list[str]:
        """The words of a text anywhere in the corpus."""
        first, last = self.session.execute(
            select(func.min(TributeEntry.source_id), func.max(TributeEntry.source_id))
        ).one()
        query = select(Revision.words).join(Tribute, Tribute.public_revision_id == Revision.id)
        found = self.session.scalars(
            query.where(Tribute.id >= self.chance.randint(first, last)).order_by(Tribute.id).limit(1)
        )
        return text.words_of(found.one())

    def _word(self, *, longest: bool = True) -> str:
        return self.chance.choice(self.chance.choice((self.rare, self.five) if longest else (self.rare,)))

    def _slip(self, word: str) -> str:
        at = self.chance.randrange(1, len(word))
        other = self.chance.choice(("", word[at] * 2, "x" if word.isascii() else "ъ"))
        return word[:at] + other + word[at + 1 :]
