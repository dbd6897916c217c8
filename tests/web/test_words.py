"""Codes, numbers and dates in the page's language."""

from __future__ import annotations

import pytest

from tests.cast import Cast

LIMITS = {"az": "2.000", "en": "2,000", "ru": "2\xa0000", "tr": "2.000"}


@pytest.mark.parametrize("first", LIMITS)
def test_a_number_is_written_in_the_language_of_the_page_whoever_came_first(cast: Cast, first: str) -> None:
    for language in (first, *LIMITS):
        page = cast.visitor.get(f"/{language}/20-january/tributes/new")
        assert LIMITS[language] in page.text
