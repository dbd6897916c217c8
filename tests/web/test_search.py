"""The search page: hits marked, choices kept, and nothing that can be typed is an error."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast, a_tribute
from tests.web.steps import LANGUAGES, main_of
from tribute.services.search import RESULTS


def results(cast: Cast, query: str) -> str:
    """A results page."""
    answer = cast.visitor.get(f"/en/search?{query}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("typed", ["sehid", "ŞƏHİD", "şəhid", "SEHIDLER", "şəhidlərin ruhu", "ruh sehid"])
def test_letters_that_a_keyboard_lacks_find_the_words(cast: Cast, typed: str) -> None:
    public_id = cast.tribute(words="Şəhidlərin ruhu şad olsun", name="Leyla")
    assert public_id in results(cast, f"q={quote(typed)}&kind=tribute")


def test_a_hit_is_marked_and_markup_stays_whole(cast: Cast) -> None:
    cast.tribute(words="<b>İşıq</b> & <i>qaranlıq</i> <script>")
    page = results(cast, "q=ISIQ")
    assert "<b><mark>İşıq</mark></b> &amp; <i>qaranlıq</i> &lt;script&gt;" in page


def test_every_word_must_be_there(cast: Cast) -> None:
    public_id = cast.tribute(words="Silence in the morning", name="Daniel", place="Leeds")
    for query, is_found in (("silence+morning", True), ("silence+daniel+leeds", True), ("silence+evening", False)):
        assert (public_id in results(cast, f"q={query}")) is is_found


def test_articles_stand_above_and_the_choice_narrows(cast: Cast) -> None:
    public_id = cast.tribute(words="January and the morning after")
    both = results(cast, "q=january")
    assert both.index('id="found-articles"') < both.index('id="found-tributes"')
    assert public_id not in results(cast, "q=january&kind=article")
    assert "found-articles" not in results(cast, "q=january&kind=tribute")
    assert public_id not in results(cast, "q=january&language=ru&kind=tribute")
    assert public_id in results(cast, "q=january&language=en&kind=tribute")


def test_a_year_and_a_memorial_narrow_too(app: Flask, cast: Cast) -> None:
    with app.app_context():
        old = a_tribute(app, words="Remembered", at=datetime(2024, 1, 20, tzinfo=UTC))
    assert old in results(cast, "q=remembered&year=2024")
    assert old not in results(cast, "q=remembered&year=2025")
    assert old in results(cast, "q=remembered&memorial=20-january")
    assert old not in results(cast, "q=remembered&memorial=another")


def test_many_hits_are_paged_newest_first_each_once(app: Flask, cast: Cast) -> None:
    with app.app_context():
        made = [a_tribute(app, words=f"Remembered {number}") for number in range(RESULTS + 2)]
    first = results(cast, "q=remembered&kind=tribute")
    assert f"{RESULTS + 2} results" in re.sub(r"\s+", " ", first)
    older = re.search(r'href="/en/search\?([^"]*before=[^"]*)"', first)
    assert older
    second = results(cast, html.unescape(older.group(1)))
    shown = [re.findall(r"/tributes/([0-9a-z]{13})/", page) for page in (first, second)]
    assert shown[0] + shown[1] == made[::-1]


def test_what_is_not_found_is_said_with_a_hint(cast: Cast) -> None:
    read = main_of(cast.visitor.get("/en/search?q=nobodywrotethis"))
    assert "Nothing was found for nobodywrotethis ." in read or "Nothing was found for nobodywrotethis." in read
    assert "Fewer words find more" in read


def test_an_empty_search_lists_nothing(cast: Cast) -> None:
    public_id = cast.tribute()
    for query in ("", "q=", "q=%20", "q=%21%3F", "q=%E2%80%8B"):
        assert public_id not in results(cast, query)


def test_what_was_typed_stands_in_the_field_as_typed(cast: Cast) -> None:
    typed = '<b>ə</b> & "quoted"'
    page = results(cast, f"q={quote(typed)}")
    assert f'value="{typed}"' in html.unescape(page)
    assert "<b>ə</b>" not in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_search_speaks_every_language_and_keeps_its_words(cast: Cast, lang: str) -> None:
    page = cast.visitor.get(f"/{lang}/search?q=yanvar&kind=article")
    assert f'<html lang="{lang}"' in page.text
    for other in LANGUAGES:
        assert f'href="/{other}/search?q=yanvar&amp;kind=article"' in page.text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.text(st.one_of(st.characters(), st.sampled_from("\x00'\"%_*()-:&|!<>\\^~")), max_size=600),
    choice=st.text(max_size=5),
)
def test_nothing_that_can_be_typed_is_an_error(cast: Cast, typed: str, choice: str) -> None:
    said = {"q": typed, "year": choice, "kind": choice, "language": choice, "memorial": choice, "before": choice}
    assert cast.visitor.get("/en/search", query_string=said).status_code == 200
