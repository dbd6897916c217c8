"""The search page: what was understood, hits, pages; and nothing that can be typed is an error."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast, a_tribute
from tests.web.search_page import DAY, Found, a_wall, an_article, chip
from tests.web.steps import LANGUAGES
from tribute.services import facets, search
from tribute.services.search import RESULTS


@pytest.fixture
def wall(app: Flask) -> list[str]:
    """Tributes of three years in three languages, the oldest first."""
    return a_wall(app)


# ---- what is found, and how it was understood


@pytest.mark.parametrize("typed", ["sehid", "ŞƏHİD", "şəhid", "Шахид", "şəhidlərin ruhu", "ruh* sehid"])
def test_letters_that_a_keyboard_lacks_find_the_words(cast: Cast, typed: str) -> None:
    public_id = cast.tribute(words="Şəhidlərin ruhu şad olsun", name="Leyla")
    assert Found(cast, typed, kind="tribute").ids == [public_id]


def test_every_word_must_be_there(cast: Cast) -> None:
    public_id = cast.tribute(words="Silence in the morning", name="Daniel", place="Leeds")
    assert Found(cast, "silence morning").ids == [public_id]
    assert Found(cast, "silence daniel leeds").ids == [public_id]
    assert Found(cast, "silence evening").ids == []


UNDERSTOOD = {
    'şəhid "Qara Yanvar" -tank': ["with: şəhid", "in a row: “Qara Yanvar”", "without: tank"],
    'şəh* "ruhu" -s* -"iki söz"': ["beginning with: şəh…", "just so: “ruhu”", "without: s…", "without: “iki söz”"],
    "name:Leyla place:Gəncə": ["in the name: Leyla", "in the place: Gəncə"],
    "a -name:Leyla -place:Gəncə": ["with: a", "not in the name: Leyla", "not in the place: Gəncə"],
    'name:"Leyla H" place:Gən*': ["in the name: “Leyla H”", "in the place: Gən…"],
    "year:2019..2024": ["from 2019 to 2024"], "year:2025": ["in the year 2025"],
    "year:2019..": ["from 2019 on"], "year:..2024": ["up to 2024"],
    "language:az": ["in the language: Azərbaycanca"], "ad:Leyla il:2025 dil:ru": [
        "in the name: Leyla", "in the year 2025", "in the language: Русский"],
}  # fmt: skip


@pytest.mark.parametrize("typed", UNDERSTOOD)
def test_the_page_says_how_a_query_was_understood(cast: Cast, typed: str) -> None:
    assert Found(cast, typed).understood == UNDERSTOOD[typed]


def test_plain_words_need_no_explanation(cast: Cast) -> None:
    for typed in ("şəhid ruhu", "", "!?"):
        assert Found(cast, typed).read(".understood") == []


def test_what_was_taken_plainly_is_named(cast: Cast) -> None:
    found = Found(cast, "year:abc <b>-tank")
    assert found.read(".understood p")[1:] == ["“year:abc” was taken as plain words."]
    assert found.understood == ["with: year", "with: abc", "with: b", "with: tank"]
    assert Found(cast, "-tank").read(".understood p")[1:] == ["“-tank” was taken as plain words."]


def test_words_beyond_the_sixteenth_are_said_to_be_left_out(cast: Cast) -> None:
    found = Found(cast, " ".join(f"söz{number}" for number in range(17)))
    assert found.read(".understood p")[1:] == ["Only the first 16 words were searched for."]
    assert len(found.understood) == 16


@pytest.mark.parametrize("lang", LANGUAGES)
def test_how_to_search_is_folded_away_on_the_page(cast: Cast, lang: str) -> None:
    for query in ("", "sehid"):
        found = Found(cast, query, lang)
        assert len(found.read("details.how dt")) == 8
        assert not found.page.query("details.how[open]")


# ---- numbers


def test_numbers_are_exact_up_to_a_bound_and_told_to_be_more_beyond(
    cast: Cast, wall: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Found(cast, "zanbaq").summary == "4 results for zanbaq"
    assert Found(cast, "zanbaq", year=2022).summary == "1 result for zanbaq"
    monkeypatch.setattr("tribute.services.found.MOST_COUNTED", 3)
    assert Found(cast, "zanbaq", sort="oldest").summary == "3+ results for zanbaq"


def test_a_search_that_took_too_long_says_so(cast: Cast, wall: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SECONDS", 0)
    found = Found(cast, "zanbaq")
    assert "The search took too long and was stopped." in found.main
    assert found.summary == "Results for zanbaq"
    assert "Nothing was found" not in found.main


def test_only_the_newest_are_weighed_and_the_page_says_so(
    cast: Cast, wall: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tribute.services.found.READ", 3)
    (said,) = Found(cast, "zanbaq", sort="relevance").read(".best")
    assert said.startswith("The best of the newest 3 of ")
    assert Found(cast, "zanbaq", sort="newest").read(".best") == []
    assert Found(cast, "zanbaq", sort="relevance", year=2024).read(".best") == []


def test_estimates_are_told_as_such(app: Flask, cast: Cast, wall: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    an_article(app, 2024)
    rough = facets.Facets({2022: 12_000, 2024: 9_000}, {"az": 20_000, "en": 1_000}, 21_000, is_estimate=True)
    monkeypatch.setattr(facets, "facets", lambda *_: rough)
    found = Found(cast, "zanbaq")
    assert list(found.links(".facets .chip")) == [
        "Tributes about 21,000", "Articles 1", "Azərbaycanca about 20,000", "English about 1,000",
    ]  # fmt: skip
    assert list(found.bars) == ["2022: about 12,000 results", "2024: about 9,000 results"]
    assert Found(cast, "zanbaq", kind="article").read(".facets .chip")[0] == "Tributes about 21,000"
    assert chip(Found(cast, "zanbaq", language="en", kind="tribute"), "English 1") == {"q": "zanbaq", "kind": "tribute"}
    assert found.read(".bars .number") == []


# ---- order and pages


def test_sorts_are_links_and_the_current_one_is_marked(cast: Cast, wall: list[str]) -> None:
    found = Found(cast, "zanbaq", kind="tribute", sort="oldest")
    assert found.ids == wall
    assert found.read(".sorts [aria-current]") == ["oldest"]
    assert found.links(".sorts a") == {
        "newest": {"q": "zanbaq", "kind": "tribute"},
        "oldest": {"q": "zanbaq", "kind": "tribute", "sort": "oldest"},
        "relevance": {"q": "zanbaq", "kind": "tribute", "sort": "relevance"},
    }
    assert Found(cast, "zanbaq").ids == wall[::-1]


@pytest.fixture
def many(app: Flask) -> list[str]:
    """More tributes than a page holds twice, the oldest first."""
    with app.app_context():
        return [
            a_tribute(app, words=f"Remembered {number}", at=DAY + timedelta(minutes=number))
            for number in range(2 * RESULTS + 3)
        ]


def walked(cast: Cast, link: str, **said: Any) -> Iterator[Found]:
    """The first page and all that this link of the pager leads to."""
    for _ in range(9):
        found = Found(cast, "remembered", **said)
        yield found
        if link not in found.links(".pager a"):
            return
        said = {name: value for name, value in found.links(".pager a")[link].items() if name != "q"}
    raise AssertionError("pages without end")


@pytest.mark.parametrize(("sort", "onward", "back"), [
    ("newest", "Earlier tributes", "Newer tributes"), ("oldest", "Later tributes", "Earlier tributes"),
    ("relevance", "Next page", "Previous page"),
])  # fmt: skip
def test_pages_cover_all_once_both_ways(cast: Cast, many: list[str], sort: str, onward: str, back: str) -> None:
    pages = list(walked(cast, onward, sort=sort))
    assert [len(page.ids) for page in pages] == [RESULTS, RESULTS, 3]
    expected = many if sort == "oldest" else many[::-1]
    assert [public_id for page in pages for public_id in page.ids] == expected
    assert back not in pages[0].links(".pager a")
    last = {name: value for name, value in pages[1].links(".pager a")[onward].items() if name != "q"}
    backward = list(walked(cast, back, **last))
    assert [page.ids for page in backward[:2]] == [page.ids for page in pages[2:0:-1]]
    assert expected[0] in backward[-1].ids
    assert ("To the first page" in backward[-1].links(".pager a")) is (sort != "relevance")


def test_relevance_numbers_its_pages_and_keeps_within_them(cast: Cast, many: list[str]) -> None:
    assert Found(cast, "remembered", sort="relevance", page=2).read(".pager span") == ["Page 2 of 3"]
    last = Found(cast, "remembered", sort="relevance", page=99)
    assert last.read(".pager span") == ["Page 3 of 3"]
    assert len(last.ids) == 3
    second = Found(cast, "remembered", sort="relevance", page=2)
    assert second.links(".pager a")["Previous page"] == {"q": "remembered", "sort": "relevance"}


@pytest.mark.parametrize("said", [
    {"before": "0" * 13}, {"after": "7zzzzzzzzzzzz"}, {"after": "0" * 13, "sort": "oldest"},
])  # fmt: skip
def test_a_place_where_nothing_is_leads_back(cast: Cast, wall: list[str], said: dict[str, str]) -> None:
    found = Found(cast, "zanbaq", kind="tribute", **said)
    assert found.ids == []
    assert "There is nothing beyond this point." in found.main
    assert "Nothing was found" not in found.main
    kept = {"q": "zanbaq", "kind": "tribute"} | {name: value for name, value in said.items() if name == "sort"}
    assert found.links(".pager a") == {"To the first page": kept}


def test_a_later_page_counts_nothing_anew_and_keeps_its_choices(cast: Cast, many: list[str]) -> None:
    first = Found(cast, "remembered", kind="tribute")
    second = Found(cast, "remembered", kind="tribute", before=first.links(".pager a")["Earlier tributes"]["before"])
    for page in (second, Found(cast, "remembered", kind="tribute", sort="relevance", page=2)):
        assert len(page.ids) == RESULTS
        assert [said.split()[:2] for said in page.read(".facets .chip")] == [["Tributes", str(2 * RESULTS + 3)]]
        assert chip(page, "Tributes") == {"q": "remembered"} | ({} if page is second else {"sort": "relevance"})
        assert page.summary == first.summary


# ---- hits


def test_a_hit_is_marked_and_markup_stays_whole(cast: Cast) -> None:
    cast.tribute(words="<b>İşıq</b> & <i>qaranlıq</i> <script>")
    assert "<b><mark>İşıq</mark></b> &amp; <i>qaranlıq</i> &lt;script&gt;" in Found(cast, "ISIQ").html


def test_name_and_place_are_marked_and_escaped(cast: Cast) -> None:
    cast.tribute(words="", gesture="carnation", name="Leyla <i>", place="Gəncə & <b>")
    found = Found(cast, "leyla gence")
    assert "<bdi><mark>Leyla</mark> &lt;i&gt;</bdi>" in found.html
    assert '<bdi class="place"><mark>Gəncə</mark> &amp; &lt;b&gt;</bdi>' in found.html
    assert found.read(".tribute .deed") == ["laid a carnation"]


def test_words_that_matched_though_spelt_otherwise_are_named(cast: Cast) -> None:
    cast.tribute(words="Təcili yardım gəldi.")
    assert Found(cast, "tecili").read(".also") == ["Also matching: Təcili"]
    assert Found(cast, "təcili").read(".also") == []
    forms = "Şəhid şəhidə şəhidi şəhidin şəhiddən şəhidlər şəhidləri şəhidlərin şəhidlərə."
    cast.tribute(words=forms)
    assert Found(cast, "sehid", kind="tribute").read(".also")[0].count(",") == 5


def test_articles_stand_above_on_the_first_page_alone(app: Flask, cast: Cast, many: list[str]) -> None:
    for year in (2021, 2022, 2023, 2024):
        an_article(app, year, words="Remembered every year.")
    first = Found(cast, "remembered")
    assert len(first.read("article.hit")) == 3
    assert first.links("#found-articles ~ p a") == {"All 4 articles": {"q": "remembered", "kind": "article"}}
    assert first.html.index('id="found-articles"') < first.html.index('id="found-tributes"')
    older = first.links(".pager a")["Earlier tributes"]["before"]
    assert Found(cast, "remembered", before=older).read("article.hit") == []
    alone = Found(cast, "remembered", kind="article")
    assert (len(alone.read("article.hit")), alone.ids, alone.summary) == (4, [], "4 results for remembered")


# ---- nothing


def test_nothing_found_offers_words_that_are_there(cast: Cast) -> None:
    cast.tribute(words="Zanbaqlar gətirdik.")
    found = Found(cast, "zanbaqlat", kind="tribute")
    assert found.summary == "Nothing was found for zanbaqlat."
    assert found.read(".meant")[0].startswith("Did you mean: ")
    assert found.links(".meant a")["Zanbaqlar"] == {"q": "Zanbaqlar", "kind": "tribute"}
    assert found.read(".hints li") != []


def test_what_is_not_found_is_said_with_a_hint(cast: Cast) -> None:
    found = Found(cast, "nobodywrotethis")
    assert found.summary == "Nothing was found for nobodywrotethis."
    assert "Fewer words find more" in found.main
    assert found.read(".meant") == []


@pytest.mark.parametrize("typed", ["", " ", "!?", "\u200b"])
def test_an_empty_search_lists_nothing(cast: Cast, wall: list[str], typed: str) -> None:
    assert Found(cast, typed).ids == []
    assert Found(cast, typed, year=2024, kind="tribute").ids == []


# ---- every language, and whatever is typed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_search_speaks_every_language_and_keeps_its_words(cast: Cast, lang: str) -> None:
    page = cast.visitor.get(f"/{lang}/search?q=yanvar&kind=article")
    assert f'<html lang="{lang}"' in page.text
    for other in LANGUAGES:
        assert f'href="/{other}/search?q=yanvar&amp;kind=article"' in page.text


def test_every_link_of_a_page_is_a_page(cast: Cast, wall: list[str]) -> None:
    page = Found(cast, "zanbaq", language="az", sort="oldest").html
    links = {html.unescape(link) for link in re.findall(r'href="(/en/search\?[^"]*)"', page)}
    assert len(links) > 7
    for link in links:
        assert cast.visitor.get(link).status_code == 200, link


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("\x00'\"%_*()-:&|!<>\\^~")), max_size=600),
    choice=st.text(max_size=5),
)
def test_nothing_that_can_be_typed_is_an_error(cast: Cast, typed: str, choice: str) -> None:
    names = ("year", "kind", "language", "memorial", "before", "after", "sort", "page")
    assert cast.visitor.get("/en/search", query_string={"q": typed} | dict.fromkeys(names, choice)).status_code == 200


def test_a_long_query_is_cut_and_answered(cast: Cast) -> None:
    found = cast.visitor.get(f"/en/search?q={quote('söz ' * 400)}")
    assert found.status_code == 200
