"""A patient reader, who goes through every text word by word: what the engines find is compared with what it finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from tribute.domain import text
from tribute.search import stems
from tribute.search.fold import fold_text
from tribute.search.query import Asked, Query
from tribute.services.search import Narrowed

EVERYWHERE = Narrowed()
FIELDS = ("words", "name", "place")
IN_A_ROW, AS_TYPED, IN_NAME, IN_PLACE = 8, 4, 2, 1


@dataclass(frozen=True)
class Told:
    """A public tribute as the reader has it before them."""

    public_id: str
    language: str
    year: int
    words: str
    name: str
    place: str

    @cached_property
    def folded(self) -> dict[str, list[str]]:
        """The folded words of each field, in order."""
        return {"words": fold_text(self.plain).split(), "name": fold_text(self.name).split(),
                "place": fold_text(self.place).split()}  # fmt: skip

    @cached_property
    def terms(self) -> dict[str, set[str]]:
        """The folded words of each field, and their second terms."""
        said = {"words": self.plain, "name": self.name, "place": self.place}
        return {field: {*self.folded[field], *self._seconds(said[field], field)} for field in FIELDS}

    @property
    def plain(self) -> str:
        """The words without their markup."""
        return text.plain(str(text.render(self.words)))

    def _seconds(self, said: str, field: str) -> Iterator[str]:
        for word in text.words_of(said):
            yield from stems.second_terms(word, self.language, name=field != "words")

    def has(self, asked: Asked) -> bool:
        """Whether what is asked stands in the field, or anywhere."""
        return any(self._has(asked, field) for field in FIELDS if asked.field in ("", field))

    def _has(self, asked: Asked, field: str) -> bool:
        wanted, own = [part for word in asked.words for part in fold_text(word).split()], self.folded[field]
        if asked.kind == "begins":
            return any(word.startswith(wanted[-1]) for word in own)
        if len(wanted) > 1:
            return any(own[start : start + len(wanted)] == wanted for start in range(len(own)))
        others = stems.query_terms(asked.words[0]) if asked.kind == "word" else ()
        return not self.terms[field].isdisjoint({*wanted, *others})

    def weight(self, query: Query) -> int:
        """How good a match it is."""
        words = [asked for asked in query.wanted if asked.kind == "word" and not asked.field]
        if not words:
            return 0
        row = Asked(tuple(word for asked in words for word in asked.words), "phrase")
        found = AS_TYPED * all(self.has(replace(asked, kind="exact")) for asked in words)
        found += IN_A_ROW * (len(words) > 1 and self.has(row))
        found += IN_NAME * all(self.has(replace(asked, field="name")) for asked in words)
        return found + IN_PLACE * all(self.has(replace(asked, field="place")) for asked in words)


def finds(texts: Iterable[Told], query: Query, narrowed: Narrowed = EVERYWHERE, sort: str = "newest") -> list[str]:
    """The public ids of what a reader finds in texts that lie before them from the newest on."""
    if not query:
        return []
    first, last = query.years or (0, 9999)
    found = [
        told for told in texts
        if all(told.has(asked) is not asked.without for asked in query.asked)
        and first <= told.year <= last and narrowed.year in (None, told.year)
        and all(code in ("", told.language) for code in (query.language, narrowed.language))
    ]  # fmt: skip
    if sort == "relevance":
        found.sort(key=lambda told: -told.weight(query))
    return [told.public_id for told in (reversed(found) if sort == "oldest" else found)]
