"""How the matches of a search lie over the years and the languages.

While they are all read, they are all counted. Beyond that they are read from a sample of the texts, which the index has
marked, and every number is an estimate: to count half a million matches would take longer than anybody waits.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from tribute.domain.anniversary import year_edges
from tribute.search import terms
from tribute.search.index import engine_of
from tribute.services import found
from tribute.services.found import Found

SAMPLED = 150  # matches in a sample that are enough to estimate from: the shape of the years, not every bar


@dataclass
class Facets:
    """Numbers of matches by year and by language under the other choices; `is_estimate` where tributes are rounded."""

    years: dict[int, int]
    languages: dict[str, int]
    tributes: int
    is_estimate: bool
    articles: int = 0


def facets(session: Session, known: Found, year: int | None, language: str, time_zone: str) -> Facets:
    """Count or estimate; a year's number is under the chosen language, a language's under the chosen year."""
    few = known.few(session)
    numbers, times = _sample(session, known) if few is None else (few, 1)
    rows = engine_of(session).languages(session, known.of.entry, numbers) if numbers else []
    edges = _edges(numbers, time_zone)
    starts = [edge for _year, edge in edges]
    dated = [(edges[bisect(starts, number) - 1][0], code) for number, code in rows]
    years, languages, chosen = _counted(dated, year, language)
    return Facets(
        {at: _told(number, times) for at, number in sorted(years.items())},
        {code: _told(number, times) for code, number in languages.most_common()},
        _told(chosen, times), is_estimate=times > 1,
    )  # fmt: skip


def with_articles(
    tributes: Facets, articles: Sequence[tuple[int, str]], year: int | None, language: str, kind: str
) -> Facets:
    """Count in the articles, each a year and a language: every number is of what its link shows."""
    years, languages, chosen = _counted(articles, year, language)
    if kind != "article":
        is_told = kind == "" and not tributes.is_estimate  # beside a rounded number they are nothing
        years = Counter(tributes.years) + (years if is_told else Counter())
        languages = Counter(tributes.languages) + (languages if is_told else Counter())
    first = sorted(languages.items(), key=lambda counted: (-counted[1], counted[0]))
    return replace(tributes, years=dict(sorted(years.items())), languages=dict(first), articles=chosen)


def _counted(
    dated: Sequence[tuple[int, str]], year: int | None, language: str
) -> tuple[Counter[int], Counter[str], int]:
    """How many there are of each year, of each language, and under both choices."""
    years = Counter(at for at, code in dated if language in ("", code))
    languages = Counter(code for at, code in dated if year in (None, at))
    return years, languages, sum(1 for at, code in dated if year in (None, at) and language in ("", code))


def _sample(session: Session, known: Found) -> tuple[list[int], int]:
    """A sample of the matches, and how many each one stands for."""
    numbers, times = known.sample(session), terms.COARSE
    if len(numbers) < SAMPLED:
        times = terms.FINE
        numbers = found.sample(session, known.of, known.wanted, times)
    while len(numbers) > 2 * SAMPLED:  # a sample of the sample is enough
        times *= 2
        numbers = [number for number in numbers if number % times == 0]
    return numbers, times


def _edges(numbers: list[int], time_zone: str) -> list[tuple[int, int]]:
    """Each year that the numbers touch, with the first number of it where the memorial is."""
    if not numbers:
        return []
    first, last = terms.year_of(min(numbers)) - 1, terms.year_of(max(numbers)) + 1
    return [(year, terms.first_number_at(year_edges(year, time_zone)[0])) for year in range(first, last + 1)]


def _told(number: int, times: int) -> int:
    """A number as it is told: an estimate has two digits that count."""
    whole = number * times
    return whole if times == 1 else int(float(f"{whole:.2g}"))
