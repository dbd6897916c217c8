"""Reading what a visitor typed into the search box: plain words, all of which must be there."""

from __future__ import annotations

from dataclasses import dataclass

from tribute.search.fold import fold, fold_text

LONGEST = 500  # code points of a query that are read
MOST_TERMS = 16
PREFIX_FROM = 3  # letters: a word this long also finds the words that begin with it, so şəhid finds şəhidlər


@dataclass(frozen=True)
class Query:
    """The folded terms of a search, joined by AND."""

    terms: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.terms)

    def is_hit(self, word: str) -> bool:
        """Tell whether a word, as typed, is one that the query found."""
        folded = fold(word)
        return any(folded.startswith(t) if len(t) >= PREFIX_FROM else folded == t for t in self.terms)


def parse(typed: str) -> Query:
    """Read a query; nothing that can be typed is an error."""
    return Query(tuple(dict.fromkeys(fold_text(typed[:LONGEST]).split()))[:MOST_TERMS])
