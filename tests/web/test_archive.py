"""The archive's pages: a table of contents from the years down to one tribute, and back up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from flask import Flask

from tests.cast import Cast, a_tribute
from tests.web.steps import LANGUAGES, MEMORIAL, main_of
from tribute.services import archive

ARCHIVE = f"/en/{MEMORIAL}/archive/"
DAY = datetime(2026, 1, 20, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """It is November 2026."""
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False):
        yield


def links(page: str) -> list[str]:
    """Where a page itself leads to."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', main)]


def test_the_years_lead_to_their_months_and_those_to_the_tributes(cast: Cast) -> None:
    public_id = cast.tribute(at=DAY, name="Leyla", words="Sizi unutmadıq.")
    cast.tribute(at=DAY - timedelta(days=2 * 365))
    read = main_of(cast.visitor.get(ARCHIVE))
    assert re.search("2026 1 tribute 2025 no tributes 2024 1 tribute", read)
    path = [ARCHIVE, f"{ARCHIVE}2026/", f"{ARCHIVE}2026/1/", f"/en/{MEMORIAL}/tributes/{public_id}/"]
    for above, below in pairwise(path):
        page = cast.visitor.get(above)
        assert page.status_code == 200
        assert below in links(page.text)
    assert f"{ARCHIVE}2025/" not in links(cast.visitor.get(ARCHIVE).text)


def test_every_page_leads_to_the_one_above(cast: Cast) -> None:
    cast.tribute(at=DAY)
    for below, above in (("2026/", ""), ("on-this-day/", ""), ("2026/1/", "2026/"), ("2026/1/?day=20", "2026/1/")):
        assert ARCHIVE + above in links(cast.visitor.get(ARCHIVE + below).text)


def test_the_menu_leads_to_the_archive_and_the_editions_are_not_lost(cast: Cast) -> None:
    for page in (f"/en/{MEMORIAL}/", f"/en/{MEMORIAL}/tributes/", "/en/pages/rules/"):
        assert f'href="{ARCHIVE}"' in cast.visitor.get(page).text
    assert f'href="{ARCHIVE}" aria-current="page"' in cast.visitor.get(ARCHIVE).text
    for page in (f"/en/{MEMORIAL}/", ARCHIVE):
        assert f"/en/{MEMORIAL}/editions/" in links(cast.visitor.get(page).text)
    assert f"{ARCHIVE}on-this-day/" in links(cast.visitor.get(ARCHIVE).text)


def test_a_year_marks_its_empty_months_and_does_not_link_them(cast: Cast) -> None:
    cast.tribute(at=DAY)
    cast.tribute(at=DAY - timedelta(days=3 * 365))
    page = cast.visitor.get(f"{ARCHIVE}2026/")
    read = main_of(page)
    assert "January 1 tribute February no tributes March no tributes" in read
    assert read.count("no tributes") == 11
    assert [link for link in links(page.text) if "/2026/" in link] == [f"{ARCHIVE}2026/1/"]
    assert f"{ARCHIVE}2023/" in links(page.text)


def test_a_month_is_contents_by_day_with_gestures_as_such(cast: Cast) -> None:
    cast.tribute(at=DAY, name="Leyla", place="Bakı", words="<b>Sizi</b> & unutmadıq.", gesture="candle")
    cast.tribute(at=DAY + timedelta(hours=1), name="Tofiq", place="", words="", gesture="carnation")
    cast.tribute(at=DAY + timedelta(days=1), name="مریم", words="یادشان گرامی باد و روحشان شاد باشد")
    page = cast.visitor.get(f"{ARCHIVE}2026/1/")
    read = main_of(page)
    assert read.index("20 January 2 tributes") < read.index("Leyla Bakı 12:00") < read.index("Tofiq 13:00")
    assert "Sizi & unutmadıq. lit a candle" in read
    assert "Tofiq 13:00 laid a carnation" in read
    assert "21 January 1 tribute" in read
    assert 'dir="rtl">یادشان' in page.text
    assert {f"{ARCHIVE}2026/1/?day=20", f"{ARCHIVE}2026/1/?day=21"} <= set(links(page.text))


def test_a_day_of_a_month_has_an_address_that_the_languages_keep(cast: Cast) -> None:
    cast.tribute(at=DAY, name="Leyla")
    cast.tribute(at=DAY + timedelta(days=1), name="Tofiq")
    page = cast.visitor.get(f"{ARCHIVE}2026/1/?day=20")
    read = main_of(page)
    assert "20 January 2026" in read
    assert "Leyla" in read
    assert "Tofiq" not in read
    for lang in LANGUAGES:
        assert f'href="/{lang}/{MEMORIAL}/archive/2026/1/?day=20"' in page.text
    assert f"{ARCHIVE}2026/1/?day=21" in links(page.text)


@pytest.mark.parametrize("query", ["day=0", "day=32", "day=x", "day=٢٠", "day=", "day=-1", "day=020", "after=zzz"])
def test_a_day_that_is_none_is_not_there(cast: Cast, query: str) -> None:
    cast.tribute(at=DAY, name="Leyla")
    page = cast.visitor.get(f"{ARCHIVE}2026/1/?{query}")
    assert "January 2026 1 tribute" in main_of(page)
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{ARCHIVE}2026/1/">' in page.text


def test_a_full_month_is_read_page_by_page(app: Flask, cast: Cast) -> None:
    with app.app_context():
        made = [a_tribute(app, at=DAY + timedelta(minutes=n)) for n in range(archive.LINES + 1)]
    for query in ("", "?day=20"):
        first = cast.visitor.get(f"{ARCHIVE}2026/1/{query}").text
        [later] = [link for link in links(first) if "after=" in link]
        second = cast.visitor.get(later).text
        found = [re.findall(r"/tributes/([0-9a-z]{13})/", page.split("<main")[1]) for page in (first, second)]
        assert found == [made[:-1], made[-1:]]
        [earlier] = [link for link in links(second) if "before=" in link]
        assert cast.visitor.get(earlier).text.count('class="entry"') == archive.LINES
        assert ("day=20" in later) == ("day=20" in earlier) == bool(query)


def test_an_empty_month_says_so_and_leads_on(cast: Cast) -> None:
    cast.tribute(at=DAY)
    for path, above in (("2026/3/", f"{ARCHIVE}2026/"), ("2026/1/?day=3", f"{ARCHIVE}2026/1/"), ("2020/", ARCHIVE)):
        page = cast.visitor.get(ARCHIVE + path)
        assert page.status_code == 200
        assert "Nothing was written here" in main_of(page)
        assert above in links(page.text)
    assert f"{ARCHIVE}2026/1/" in links(cast.visitor.get(f"{ARCHIVE}2026/3/").text)


@pytest.mark.parametrize(
    "path",
    ["1989/", "1989/12/", "2027/", "2026/12/", "2026/13/", "2026/0/", "2026/x/", "1899/", "1900/", "2248/", "2999/1/",
     "9999/", "26/", "2026/1/20/", "2026/-1/", "on-this-day/2026/", "%00/"],
)  # fmt: skip
def test_a_time_that_cannot_be_is_nothing(cast: Cast, path: str) -> None:
    assert cast.visitor.get(ARCHIVE + path).status_code == 404


def test_this_day_is_shown_year_by_year(app: Flask, cast: Cast) -> None:
    with app.app_context():
        many = [a_tribute(app, at=DAY + timedelta(minutes=n)) for n in range(archive.FIRST + 1)]
        a_tribute(app, at=DAY.replace(year=2024), name="Leyla")
    page = cast.visitor.get(f"{ARCHIVE}on-this-day/")
    read = main_of(page)
    assert "On this day: 20 January" in read
    assert read.index("2026 4 tributes") < read.index("2025 no tributes") < read.index("2024 1 tribute Leyla")
    assert many[0] in page.text
    assert many[-1] not in page.text
    assert "All tributes of 20 January 2026" in read
    assert "All tributes of 20 January 2024" not in read
    assert links(page.text).count(f"{ARCHIVE}2026/1/?day=20") == 2
    assert links(page.text).count(f"{ARCHIVE}2024/1/?day=20") == 1


def test_an_archive_without_tributes_invites_the_first(cast: Cast) -> None:
    assert "Yours may be the first." in main_of(cast.visitor.get(ARCHIVE))
    assert "Nothing was written here on this day." in main_of(cast.visitor.get(f"{ARCHIVE}on-this-day/"))


@pytest.mark.parametrize(("lang", "heading"), [("az", "Yanvar 2026"), ("ru", "Январь 2026"), ("tr", "Ocak 2026")])
def test_months_are_named_in_the_language_of_the_page(cast: Cast, lang: str, heading: str) -> None:
    cast.tribute(at=DAY)
    assert heading in main_of(cast.visitor.get(f"/{lang}/{MEMORIAL}/archive/2026/1/"))
    assert heading.removesuffix(" 2026") in main_of(cast.visitor.get(f"/{lang}/{MEMORIAL}/archive/2026/"))
