"""The search page: choices and years, each with its number, each a link that keeps the rest."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tests.cast import Cast, a_tribute
from tests.page import attributes
from tests.web.search_page import DAY, Found, a_wall, an_article, chip
from tribute.extensions import db, now
from tribute.models import begin_write
from tribute.services import memorials


@pytest.fixture
def wall(app: Flask) -> list[str]:
    """Tributes of three years in three languages, the oldest first."""
    return a_wall(app)


# ---- choices


def test_choices_carry_their_numbers_and_keep_the_rest(app: Flask, cast: Cast, wall: list[str]) -> None:
    an_article(app, 2024)
    found = Found(cast, "zanbaq", sort="oldest")
    assert found.links(".facets .chip") == {
        "Tributes 4": {"q": "zanbaq", "sort": "oldest", "kind": "tribute"},
        "Articles 1": {"q": "zanbaq", "sort": "oldest", "kind": "article"},
        "Azərbaycanca 2": {"q": "zanbaq", "sort": "oldest", "language": "az"},
        "English 2": {"q": "zanbaq", "sort": "oldest", "language": "en"},
        "Русский 1": {"q": "zanbaq", "sort": "oldest", "language": "ru"},
    }
    assert found.read(".facets .quiet") == []


def test_what_is_chosen_is_marked_and_can_be_taken_off(cast: Cast, wall: list[str]) -> None:
    found = Found(cast, "zanbaq", kind="tribute", language="az", year=2024)
    assert found.ids == [wall[1]]
    assert [" ".join(said.split()[:2]) for said in found.read(".chip[aria-current=true]")] == [
        "Tributes 1", "Azərbaycanca 1", "2024 1",
    ]  # fmt: skip
    assert chip(found, "Azərbaycanca") == {"q": "zanbaq", "kind": "tribute", "year": "2024"}
    assert chip(found, "2024") == {"q": "zanbaq", "kind": "tribute", "language": "az"}
    assert chip(found, "English") == {"q": "zanbaq", "kind": "tribute", "year": "2024", "language": "en"}
    assert found.links(".facets .quiet") == {"Clear all choices": {"q": "zanbaq"}}


def test_a_choice_that_finds_nothing_can_still_be_taken_off(cast: Cast, wall: list[str]) -> None:
    found = Found(cast, "zanbaq", language="tr", year=1999)
    assert found.summary == "Nothing was found for zanbaq."
    assert chip(found, "Türkçe 0") == {"q": "zanbaq", "year": "1999"}
    assert chip(found, "1999 0") == {"q": "zanbaq", "language": "tr"}
    assert found.links(".hints a") == {"Search everything, in every language and year": {"q": "zanbaq"}}


def test_choices_with_a_single_value_do_not_show(cast: Cast) -> None:
    cast.tribute(words="A single zanbaq.")
    found = Found(cast, "zanbaq")
    assert (found.ids != [], found.read(".facets"), found.read(".years")) == (True, [], [])


def test_a_memorial_can_be_chosen_and_taken_off(app: Flask, cast: Cast, wall: list[str]) -> None:
    with app.app_context():
        begin_write(db.session())
        memorials.add(db.session(), "other", date(1992, 2, 26), "Asia/Baku", {"en": "The Other"}, {}, now())
        db.session.commit()
        a_tribute(app, memorial="other", words="Another zanbaq.", at=DAY)
    assert Found(cast, "zanbaq").summary == "5 results for zanbaq"
    found = Found(cast, "zanbaq", memorial="other")
    assert found.summary == "1 result for zanbaq"
    assert chip(found, "The Other") == {"q": "zanbaq"}
    nowhere = Found(cast, "zanbaq", memorial="elsewhere")
    assert nowhere.summary == "Nothing was found for zanbaq."
    assert nowhere.links(".hints a") == {"Search everything, in every language and year": {"q": "zanbaq"}}


def test_the_box_keeps_what_was_typed_and_what_was_chosen(cast: Cast) -> None:
    typed = '<b>ə</b> & "quoted"'
    found = Found(cast, typed, language="az", sort="oldest", year="2024", before="0" * 13)
    assert attributes(found.page.query("#q")[0])["value"] == typed
    hidden = [attributes(field) for field in found.page.query(".find input[type=hidden]")]
    assert {field["name"]: field["value"] for field in hidden} == {"language": "az", "year": "2024", "sort": "oldest"}
    assert "<b>ə</b>" not in found.html


# ---- years


def test_years_are_bars_that_are_links_and_the_same_as_a_table(cast: Cast, wall: list[str]) -> None:
    found = Found(cast, "zanbaq", sort="oldest")
    years = {"2022": "1", "2024": "2", "2026": "1"}
    kept = {"q": "zanbaq", "sort": "oldest"}
    assert found.bars == {
        "2022: 1 result": kept | {"year": "2022"}, "2024: 2 results": kept | {"year": "2024"},
        "2026: 1 result": kept | {"year": "2026"},
    }  # fmt: skip
    assert found.links(".as-table a") == {year: kept | {"year": year} for year in years}
    assert found.read(".as-table td") == list(years.values())
    assert found.read(".bars .number") == list(years.values())
    assert not found.page.query("svg[aria-hidden]")
    assert not found.page.query(".year[aria-current]")


def test_the_chosen_year_is_marked_and_leads_back(cast: Cast, wall: list[str]) -> None:
    found = Found(cast, "zanbaq", year=2024)
    assert found.summary == "2 results for zanbaq"
    assert found.bars["2024: 2 results"] == {"q": "zanbaq"}
    assert [title.split(":")[0] for title in found.read(".year[aria-current=true] title")] == ["2024"]
    assert found.read(".as-table [aria-current=true]") == ["2024"]
    assert list(Found(cast, "zanbaq", language="az").bars) == ["2022: 1 result", "2024: 1 result"]
