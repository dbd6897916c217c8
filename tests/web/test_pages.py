"""The site's own pages: rules, privacy, about, accessibility."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import Cast
from tests.web.steps import LANGUAGES, main_of
from tribute.extensions import db
from tribute.models import Page
from tribute.services.pages import SLUGS


@pytest.mark.parametrize("slug", SLUGS)
def test_each_page_is_there_in_each_language(app: Flask, cast: Cast, slug: str) -> None:
    with app.app_context():
        titles = {lang: db.session.get_one(Page, (slug, lang)).title for lang in LANGUAGES}
    assert len(set(titles.values())) == len(LANGUAGES)
    for lang, title in titles.items():
        answer = cast.visitor.get(f"/{lang}/pages/{slug}/")
        assert answer.status_code == 200
        assert title in main_of(answer)


def test_a_page_that_a_language_lacks_is_shown_in_one_that_it_has(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.session.delete(db.session.get_one(Page, ("about", "tr")))
        title = db.session.get_one(Page, ("about", "en")).title
        db.session.commit()
    page = cast.visitor.get("/tr/pages/about/")
    assert '<html lang="tr"' in page.text
    assert title in main_of(page)
    assert 'lang="en"' in page.text.split("<main")[1].split("</main>")[0]


def test_the_rules_refuse_hatred_of_any_people_alike(cast: Cast) -> None:
    peoples = {"az": ("azərbaycanlı", "erməni", "rus"), "en": ("Azerbaijani", "Armenian", "Russian"),
               "ru": ("азербайджан", "армян", "русск"), "tr": ("Azerbaycan", "Ermeni", "Rus")}  # fmt: skip
    for lang, names in peoples.items():
        read = main_of(cast.visitor.get(f"/{lang}/pages/rules/"))
        assert all(name.lower() in read.lower() for name in names), lang


@pytest.mark.parametrize(
    ("lang", "said"), [("az", "7 gündən köhnə"), ("en", "more than 7 days old"), ("ru", "через 7 дней"),
                       ("tr", "7 günden eski")],
)  # fmt: skip
def test_the_privacy_page_says_after_how_many_days_backups_end(app: Flask, cast: Cast, lang: str, said: str) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"backup_days": 7})
    read = main_of(cast.visitor.get(f"/{lang}/pages/privacy/"))
    assert said in read
    assert "{" not in read


@pytest.mark.parametrize("slug", ["none", "Rules", "rules%00", "..", "rules/more"])
def test_another_page_is_nothing(cast: Cast, slug: str) -> None:
    assert cast.visitor.get(f"/en/pages/{slug}/").status_code == 404
