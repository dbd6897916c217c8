"""Articles among the numbers beside a search: each number is of what its link shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.services.acts import AT, memorial, standing
from tribute.domain.lifecycle import Status
from tribute.search.query import parse
from tribute.services import articles, search
from tribute.services.articles import Edition
from tribute.services.facets import Facets, with_articles
from tribute.services.search import Narrowed, Results

FOUND = Facets({2024: 5, 2026: 2}, {"az": 4, "ru": 3}, 7, is_estimate=False)
ARTICLES = [(2024, "az"), (2025, "az"), (2025, "en")]


def test_articles_are_counted_in_where_both_are_shown() -> None:
    both = with_articles(FOUND, ARTICLES, None, "", "")
    assert both == Facets({2024: 6, 2025: 2, 2026: 2}, {"az": 6, "ru": 3, "en": 1}, 7, is_estimate=False, articles=3)
    assert list(both.years) == [2024, 2025, 2026]
    assert list(both.languages) == ["az", "ru", "en"]


def test_where_tributes_alone_are_shown_they_alone_are_counted() -> None:
    assert with_articles(FOUND, ARTICLES, None, "", "tribute") == Facets(
        FOUND.years, FOUND.languages, 7, is_estimate=False, articles=3
    )


def test_where_articles_alone_are_shown_they_alone_are_counted() -> None:
    alone = with_articles(FOUND, ARTICLES, None, "az", "article")
    assert alone == Facets({2024: 1, 2025: 1}, {"az": 2, "en": 1}, 7, is_estimate=False, articles=2)
    assert with_articles(FOUND, ARTICLES, 2025, "", "article").languages == {"az": 1, "en": 1}


def test_an_estimate_is_not_made_odd_by_them() -> None:
    many = Facets({2024: 12_000}, {"az": 12_000}, 12_000, is_estimate=True)
    assert with_articles(many, ARTICLES, None, "", "").languages == {"az": 12_000}
    assert with_articles(many, ARTICLES, None, "", "article").languages == {"az": 2, "en": 1}


def test_each_number_is_what_its_choice_finds(session: Session) -> None:
    for days in (0, 400):
        standing(session, Status.APPROVED, AT - timedelta(days=days), words="We laid a zanbaq.")
    for year, language in ((2024, "en"), (2025, "en"), (2025, "tr"), (None, "en")):
        articles.bring_in(session, memorial(session), "Title\n\nA zanbaq.", Edition(language, year), AT)

    def shown(**narrowed: Any) -> Results:
        return search.search(session, parse("zanbaq"), Narrowed(**narrowed))

    for kind in ("", *search.KINDS):
        numbers = shown(kind=kind).facets
        assert numbers is not None
        assert {year: shown(kind=kind, year=year).total for year in numbers.years} == numbers.years
        assert {code: shown(kind=kind, language=code).total for code in numbers.languages} == numbers.languages
        assert len(numbers.years) > 1 or kind == "tribute"


def test_every_article_counts_though_three_are_shown(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for year in range(2010, 2016):
        articles.bring_in(session, memorial(session), "Title\n\nA zanbaq.", Edition("en", year), AT)
    results = search.search(session, parse("zanbaq"), Narrowed())
    assert (len(results.articles), results.total, results.total_capped) == (3, 6, False)
    monkeypatch.setattr("tribute.services.found.MOST_ARTICLES", 5)
    results = search.search(session, parse("Zanbaq"), Narrowed(kind="article"))
    assert (len(results.articles), results.total, results.total_capped) == (5, 5, True)


def test_a_total_is_exact_up_to_its_bound_with_the_articles(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tribute.services.found.MOST_COUNTED", 3)
    articles.bring_in(session, memorial(session), "Title\n\nA zanbaq.", Edition("en", 2024), AT)
    for number, expected in ((2, (3, False)), (1, (3, True))):
        for _ in range(number):
            standing(session, Status.APPROVED, words="We laid a zanbaq.")
        results = search.search(session, parse("zanbaq"), Narrowed())
        assert (results.total, results.total_capped) == expected


def test_words_that_match_otherwise_are_told_once_each(session: Session) -> None:
    standing(session, Status.APPROVED, words="Təcili yardım, təcili! TƏCİLİ yardımın həkimi.", name="Tecili")
    (hit,) = search.search(session, parse("tecili"), Narrowed(kind="tribute")).items
    assert [word.casefold() for word in hit.also].count("təcili") == 1
    assert "Tecili" not in hit.also
