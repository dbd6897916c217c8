"""How matches lie over years and languages: exact while they are few, read from a sample where they are many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.services.acts import memorial, standing
from tribute.domain import ids
from tribute.domain.lifecycle import Status
from tribute.models import Vocabulary
from tribute.search import terms, vocabulary
from tribute.search.index import PUBLIC, engine_of
from tribute.search.match import Chosen, match
from tribute.search.query import parse
from tribute.search.terms import Said, first_number_at, row_of
from tribute.services import articles, facets, search
from tribute.services.articles import Edition
from tribute.services.facets import Facets
from tribute.services.found import Found
from tribute.services.search import Narrowed

SUMMER = datetime(2024, 7, 1, tzinfo=UTC)
ZONE = "Asia/Baku"


def entries(session: Session, first: int, number: int, languages: tuple[str, ...] = ("az",)) -> None:
    """Index so many texts with numbers that follow each other, in each of the languages by turns."""
    rows = []
    for step in range(number):
        year = terms.year_of(first + step)
        said = Said(first + step, memorial(session).id, languages[step % len(languages)], year, "söz")
        rows.append((row_of(first + step, said), terms.spellings(said)))
    engine_of(session).insert(session, PUBLIC.entry, [row for row, _spelt in rows])
    vocabulary.add(session, Vocabulary, vocabulary.counted((row.terms, spelt) for row, spelt in rows))


def told(session: Session, typed: str, year: int | None = None, language: str = "", zone: str = ZONE) -> Facets:
    """The numbers beside a search."""
    wanted = match(session, PUBLIC.vocabulary, parse(typed), Chosen((memorial(session).id,)))
    return facets.facets(session, Found(PUBLIC, wanted), year, language, zone)


def aligned(at: datetime) -> int:
    """The first number from then on that every sample holds."""
    return -(-first_number_at(at) // 256) * 256


@pytest.fixture
def many(session: Session) -> Session:
    """320 texts of 2024 and 320 of 2025, three in four of them in Azerbaijani."""
    for at in (SUMMER, SUMMER + timedelta(days=365)):
        entries(session, aligned(at), 320, ("az", "az", "az", "ru"))
    return session


def test_up_to_a_bound_every_number_is_exact(many: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tribute.services.found.READ", 640)
    assert told(many, "söz") == Facets({2024: 320, 2025: 320}, {"az": 480, "ru": 160}, 640, is_estimate=False)
    monkeypatch.setattr("tribute.services.found.READ", 639)
    assert told(many, "söz").is_estimate


@pytest.mark.parametrize("typed", ["söz", '"söz"', "söz -nowhere", "söz söz*"])
def test_beyond_it_they_are_read_from_a_sample(many: Session, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr("tribute.services.found.READ", 100)
    monkeypatch.setattr(facets, "SAMPLED", 20)  # of the coarse sample there are four, of the fine one forty
    assert told(many, typed) == Facets({2024: 320, 2025: 320}, {"az": 640}, 640, is_estimate=True)


def test_where_there_are_enough_the_coarse_sample_does(many: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tribute.services.found.READ", 100)
    monkeypatch.setattr(facets, "SAMPLED", 4)
    assert told(many, "söz") == Facets({2024: 510, 2025: 510}, {"az": 1000}, 1000, is_estimate=True)


def test_an_estimate_has_two_digits_that_count() -> None:
    numbers = {(7, 1): 7, (1234, 1): 1234, (1, 16): 16, (123, 16): 2000, (77, 256): 20_000, (0, 16): 0}
    assert {asked: facets._told(*asked) for asked in numbers} == numbers


def test_a_year_counts_under_the_chosen_language_and_a_language_under_the_chosen_year(session: Session) -> None:
    entries(session, aligned(SUMMER), 6, ("az", "az", "ru"))
    entries(session, aligned(SUMMER + timedelta(days=365)), 4, ("az", "tr"))
    assert told(session, "söz") == Facets({2024: 6, 2025: 4}, {"az": 6, "ru": 2, "tr": 2}, 10, is_estimate=False)
    assert told(session, "söz", 2024) == Facets({2024: 6, 2025: 4}, {"az": 4, "ru": 2}, 6, is_estimate=False)
    assert told(session, "söz", None, "az") == Facets(
        {2024: 4, 2025: 2}, {"az": 6, "ru": 2, "tr": 2}, 6, is_estimate=False
    )
    assert told(session, "söz", 2025, "tr") == Facets({2025: 2}, {"az": 2, "tr": 2}, 2, is_estimate=False)
    assert told(session, "nowhere") == Facets({}, {}, 0, is_estimate=False)


@pytest.mark.parametrize(("zone", "years"), [
    ("Asia/Baku", {2025: 1, 2026: 2}), ("UTC", {2025: 2, 2026: 1}), ("America/New_York", {2025: 3}),
])  # fmt: skip
def test_a_year_begins_at_midnight_where_the_memorial_is(session: Session, zone: str, years: dict[int, int]) -> None:
    for at in (datetime(2025, 12, 31, 19, 59, 50, tzinfo=UTC), datetime(2025, 12, 31, 20, 0, 5, tzinfo=UTC),
               datetime(2026, 1, 1, 0, 0, 5, tzinfo=UTC)):  # fmt: skip
        entries(session, first_number_at(at), 1)
    assert told(session, "söz", zone=zone).years == years


def test_the_first_and_the_last_years_have_edges_too(session: Session) -> None:
    entries(session, 0, 1)
    entries(session, ids.MAXIMUM >> terms.SECOND, 1)
    assert told(session, "söz").years == {1970: 1, ids.LAST_YEAR + 1: 1}


def test_tributes_and_articles_are_counted_each(session: Session) -> None:
    for number in range(3):
        words = "Şəhidlərə zanbaq gətirdik." if number else "We laid a zanbaq."
        standing(session, Status.APPROVED, SUMMER + timedelta(days=number), words=words)
    for year in (2024, 2025):
        articles.bring_in(session, memorial(session), "Title\n\nA zanbaq.", Edition("en", year), SUMMER)

    def counted(**narrowed: Any) -> tuple[int, int, int]:
        results = search.search(session, parse("zanbaq"), Narrowed(**narrowed))
        assert results.facets is not None
        return results.facets.tributes, results.facets.articles, results.total

    assert counted() == (3, 2, 5)
    assert counted(kind="tribute") == (3, 2, 3)
    assert counted(kind="article") == (3, 2, 2)
    assert counted(language="az") == (2, 0, 2)
    assert counted(language="en") == (1, 2, 3)
    assert counted(year=2025) == (0, 1, 1)
