"""Which language an answer speaks."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import Cast
from tests.web.steps import LANGUAGES, MEMORIAL
from tribute.app import create_app
from tribute.config import Settings

WANTED = [
    ("az", "az"), ("az-AZ,en;q=0.5", "az"), ("ru-RU", "ru"), ("tr;q=0.9,ru;q=0.4", "tr"), ("en-US,en", "en"),
    ("de", "en"), ("de,fr;q=0.9,tr;q=0.1", "tr"), ("", "en"), ("*", "en"), ("de;q=x,,;", "en"), ("ru;q=0", "en"),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "lang"), WANTED)
def test_the_door_leads_to_the_language_that_a_browser_asks_for(cast: Cast, wanted: str, lang: str) -> None:
    answer = cast.visitor.get("/", headers={"Accept-Language": wanted})
    assert (answer.status_code, answer.location) == (302, f"/{lang}/")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers


def test_the_default_language_is_a_setting(settings: Settings) -> None:
    app: Flask = create_app(settings.model_copy(update={"default_language": "az"}), TESTING=True)
    for wanted, lang in (("de", "az"), ("*", "az"), ("en", "en")):
        assert app.test_client().get("/", headers={"Accept-Language": wanted}).location == f"/{lang}/"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_speaks_the_language_of_its_address_whatever_the_browser_asks_for(cast: Cast, lang: str) -> None:
    for path in (f"/{MEMORIAL}/", f"/{MEMORIAL}/tributes/", "/search", "/pages/rules/", "/contact"):
        answer = cast.visitor.get(f"/{lang}{path}", headers={"Accept-Language": "tr,ru"})
        assert f'<html lang="{lang}" dir="ltr">' in answer.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_error_speaks_the_language_of_its_address(cast: Cast, lang: str) -> None:
    public_id = cast.tribute()
    for path in (
        "/none/",
        f"/{MEMORIAL}/none",
        "/a/b/c/d",
        f"/{MEMORIAL}/tributes/none/",
        "/receipt/none/",
        "/pages/none/",
    ):
        answer = cast.visitor.get(f"/{lang}{path}", headers={"Accept-Language": "tr,ru"})
        assert answer.status_code == 404
        assert f'<html lang="{lang}"' in answer.text
    answer = cast.visitor.post(f"/{lang}/{MEMORIAL}/tributes/{public_id}/")
    assert answer.status_code == 405
    assert f'<html lang="{lang}"' in answer.text


def test_an_error_outside_every_language_speaks_the_browsers(cast: Cast) -> None:
    for path in ("/none", "/t/none", "/xx/20-january/", "/account/none"):
        assert '<html lang="ru"' in cast.visitor.get(path, headers={"Accept-Language": "ru"}).text


@pytest.mark.parametrize("path", ["/xx/", "/EN/", "/e/", "/en-GB/20-january/", "/az20-january/"])
def test_no_other_language_has_an_address(cast: Cast, path: str) -> None:
    assert cast.visitor.get(path).status_code == 404


def test_sign_in_speaks_the_browsers_language_or_a_chosen_one(cast: Cast) -> None:
    assert '<html lang="az"' in cast.visitor.get("/account/login", headers={"Accept-Language": "az"}).text
    assert '<html lang="tr"' in cast.visitor.get("/account/login?lang=tr").text
    assert '<html lang="en"' in cast.visitor.get("/account/login?lang=xx").text
