"""The memorial's own pages: the article with the newest tributes, and the editions."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tests.cast import WORDS, Cast, a_tribute
from tests.web.steps import LANGUAGES, MEMORIAL, main_of
from tribute.extensions import db, now
from tribute.services import articles, memorials
from tribute.services.articles import Edition

TEXT = """Black January

On the night of 19 January the troops came. 1 < 2 & <b>not bold</b>.

The morning after was silent.

Allah rəhmət eləsin
"""
SHIPPED = {"az": "20 Yanvar 1990", "en": "20 January 1990", "ru": "20 января 1990 года", "tr": "20 Ocak 1990"}


def issue(app: Flask, year: int | None, language: str = "en", slug: str = MEMORIAL, text: str = TEXT) -> None:
    """Bring in an article as a keeper does."""
    with app.app_context():
        memorial = memorials.by_slug(db.session(), slug)
        which = Edition(language, year, "The Institute", date(2024, 1, 20), "its own pages")
        articles.bring_in(db.session(), memorial, text, which, now())
        db.session.commit()


def add_memorial(app: Flask, slug: str, event: date) -> None:
    """Add a second memorial."""
    with app.app_context():
        memorials.add(db.session(), slug, event, "Asia/Baku", {"en": f"Named {slug}"}, {"en": "Baku"}, now())
        db.session.commit()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_article_is_shown_in_the_language_of_the_page_with_the_newest_tributes(
    app: Flask, cast: Cast, lang: str
) -> None:
    with app.app_context():
        for number in range(7):
            a_tribute(app, words=f"Words number {number}")
    page = cast.visitor.get(f"/{lang}/{MEMORIAL}/").text
    assert SHIPPED[lang] in page.split("</h1>")[0].split("<h1")[1]
    assert page.count('class="tribute') == 6
    assert "before=" in page
    assert page.index("Words number 6") < page.index("Words number 1")
    assert "Words number 0" not in page


def test_the_one_memorial_is_the_first_page(cast: Cast) -> None:
    for lang in LANGUAGES:
        answer = cast.visitor.get(f"/{lang}/")
        assert (answer.status_code, answer.location) == (302, f"/{lang}/{MEMORIAL}/")


def test_several_memorials_are_listed_and_each_has_its_own_wall(app: Flask, cast: Cast) -> None:
    add_memorial(app, "khojaly", date(1992, 2, 26))
    issue(app, None, slug="khojaly")
    with app.app_context():
        a_tribute(app, words="Words for the second", memorial="khojaly")
    listed = main_of(cast.visitor.get("/ru/"))
    assert "Named khojaly" in listed
    assert "26 февраля 1992" in listed
    assert "Words for the second" in cast.visitor.get("/en/khojaly/tributes/").text
    assert "Words for the second" not in cast.visitor.get(f"/en/{MEMORIAL}/tributes/").text


def test_a_tribute_has_no_address_under_another_memorial(app: Flask, cast: Cast) -> None:
    add_memorial(app, "khojaly", date(1992, 2, 26))
    assert cast.visitor.get(f"/en/khojaly/tributes/{cast.tribute()}/").status_code == 404


def test_an_edition_is_shown_as_it_was_issued_with_the_years_of_then(app: Flask, cast: Cast) -> None:
    issue(app, 2024)
    page = cast.visitor.get(f"/en/{MEMORIAL}/editions/2024/")
    assert "34 years" in page.text
    read = main_of(page)
    assert "Shown as it was issued; its judgements are its author’s." in read
    assert "Issued by The Institute on 20 January 2024." in read
    assert "1 < 2 & <b>not bold</b>." in read
    assert "<b>not bold" not in page.text
    assert '<span lang="az">Allah rəhmət eləsin</span>' in page.text
    assert "Text taken from: its own pages" in read


def test_an_edition_in_another_language_says_so_and_keeps_its_own(app: Flask, cast: Cast) -> None:
    issue(app, 2024)
    for lang in ("az", "ru", "tr"):
        page = cast.visitor.get(f"/{lang}/{MEMORIAL}/editions/2024/")
        assert page.status_code == 200
        assert f'<html lang="{lang}"' in page.text
        assert '<article class="read" lang="en" dir="ltr">' in page.text
        assert page.text.count('class="note"') == 2


def test_the_editions_are_listed_newest_first_after_the_standing_one(app: Flask, cast: Cast) -> None:
    assert "No edition of an anniversary is kept here yet." in cast.visitor.get(f"/en/{MEMORIAL}/editions/").text
    for year in (2015, 2024, 2020):
        issue(app, year)
    read = main_of(cast.visitor.get(f"/en/{MEMORIAL}/editions/"))
    assert [read.index(when) for when in ("Today", "2024", "2020", "2015")] == sorted(
        read.index(when) for when in ("Today", "2024", "2020", "2015")
    )
    for year in (2015, 2020, 2024):
        assert cast.visitor.get(f"/en/{MEMORIAL}/editions/{year}/").status_code == 200


@pytest.mark.parametrize("year", ["2001", "0000", "99999", "1899", "3000", "20 24", "year"])
def test_a_year_without_an_edition_is_nothing(cast: Cast, year: str) -> None:
    assert cast.visitor.get(f"/en/{MEMORIAL}/editions/{year}/").status_code == 404


def test_a_memorial_of_a_leap_day_has_editions_in_every_year(app: Flask, cast: Cast) -> None:
    add_memorial(app, "leap", date(1988, 2, 29))
    issue(app, 2023, slug="leap")
    page = cast.visitor.get("/en/leap/editions/2023/")
    assert page.status_code == 200
    assert "35 years" in page.text


@pytest.mark.parametrize("slug", ["none", "20-January", "20-january-", "search/none"])
def test_an_unknown_memorial_is_nothing(cast: Cast, slug: str) -> None:
    for page in ("", "tributes/", "tributes/new", "editions/", "feed.atom"):
        assert cast.visitor.get(f"/en/{slug}/{page}").status_code == 404


def test_a_memorial_without_tributes_invites_the_first(cast: Cast) -> None:
    assert "Yours may be the first." in cast.visitor.get(f"/en/{MEMORIAL}/").text
    assert WORDS not in cast.visitor.get(f"/en/{MEMORIAL}/").text
