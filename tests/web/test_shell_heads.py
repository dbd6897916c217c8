"""What a page's head tells machines: its address, its languages, its description."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from justhtml import JustHTML

from tests.cast import FORM, WALL, Cast
from tests.page import attributes
from tests.web.steps import LANGUAGES, MEMORIAL
from tribute.domain.lifecycle import Status

BASE = "http://127.0.0.1:8000"
PATHS = (f"/{MEMORIAL}/", f"/{MEMORIAL}/editions/", f"/{MEMORIAL}/tributes/", f"/{MEMORIAL}/tributes/new", "/search",
         f"/{MEMORIAL}/archive/", f"/{MEMORIAL}/archive/on-this-day/",
         "/contact", "/pages/rules/", "/pages/privacy/", "/pages/about/", "/pages/accessibility/")  # fmt: skip
LOCALES = {"az": "az_AZ", "en": "en_GB", "ru": "ru_RU", "tr": "tr_TR"}


class Head:
    """What stands in a page's head."""

    def __init__(self, cast: Cast, path: str, **headers: str) -> None:
        self.page = JustHTML(cast.visitor.get(path, headers=headers).text, sanitize=False)

    def every(self, selector: str, attribute: str) -> list[Any]:
        """An attribute of every element."""
        return [attributes(element).get(attribute) for element in self.page.query(selector)]

    def meta(self, name: str) -> str:
        """What a property says; it stands once."""
        kind = "property" if ":" in name and not name.startswith("twitter") else "name"
        [said] = self.every(f'meta[{kind}="{name}"]', "content")
        return str(said)

    @property
    def canonical(self) -> list[Any]:
        """The canonical addresses; one, or none."""
        return self.every('link[rel="canonical"]', "href")

    @property
    def languages(self) -> dict[Any, Any]:
        """The same page in other languages."""
        links = self.page.query("link[hreflang]")
        return {attributes(link)["hreflang"]: attributes(link)["href"] for link in links}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_public_page_names_its_address_and_its_other_languages(cast: Cast, lang: str) -> None:
    for path in PATHS:
        head = Head(cast, f"/{lang}{path}", Host="localhost:9")
        assert head.canonical == [f"{BASE}/{lang}{path}"]
        assert head.languages == {code: f"{BASE}/{code}{path}" for code in LANGUAGES} | {"x-default": f"{BASE}/"}
        assert head.every('meta[name="robots"]', "content") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_public_page_describes_itself(cast: Cast, lang: str) -> None:
    titles = set()
    for path in PATHS:
        head = Head(cast, f"/{lang}{path}")
        assert 20 <= len(head.meta("description")) <= 500, path
        assert head.meta("og:description") == head.meta("description")
        assert head.meta("og:url") == head.canonical[0]
        assert head.meta("og:locale") == LOCALES[lang]
        assert head.meta("og:title")
        assert head.meta("og:image").startswith(f"{BASE}/static/img/card.")
        assert head.meta("og:type") in ("website", "article")
        titles.add(head.page.query("title")[0].to_text())
    assert len(titles) == len(PATHS)


def test_a_tribute_stands_under_the_language_of_its_words(cast: Cast) -> None:
    for words, page_language, own in (("Мы помним и скорбим", "en", "ru"), ("نتذكرهم دائما", "tr", "tr"),
                                      ("Rest in peace with the others", "az", "en")):  # fmt: skip
        public_id = cast.tribute(words=words, page_language=page_language)
        for lang in LANGUAGES:
            head = Head(cast, f"/{lang}/{MEMORIAL}/tributes/{public_id}/")
            assert head.canonical == [f"{BASE}/{own}/{MEMORIAL}/tributes/{public_id}/"]
            assert head.languages["az"] == f"{BASE}/az/{MEMORIAL}/tributes/{public_id}/"
        assert f"{BASE}/{own}/{MEMORIAL}/tributes/{public_id}/" in cast.visitor.get("/sitemap.xml").text


def test_a_tributes_description_is_its_words_as_plain_text(cast: Cast) -> None:
    public_id = cast.tribute(words='<b>Bold</b> & "quoted" <script> 1 < 2')
    head = Head(cast, f"/en/{MEMORIAL}/tributes/{public_id}/")
    assert head.meta("og:description") == 'Bold & "quoted" <script> 1 < 2'
    laid = cast.tribute(words="", gesture="dove", name="Leyla")
    assert Head(cast, f"/en/{MEMORIAL}/tributes/{laid}/").meta("description") == "Leyla: released a dove"


def test_filters_and_searches_keep_their_choice_in_every_language(cast: Cast) -> None:
    assert Head(cast, f"{WALL}?gesture=dove&year=2024&before=zzz&other=1").languages["ru"] == (
        f"{BASE}/ru/{MEMORIAL}/tributes/?year=2024&gesture=dove"
    )
    assert Head(cast, "/en/search?q=ışıq&language=az").languages["tr"] == (
        f"{BASE}/tr/search?q=%C4%B1%C5%9F%C4%B1q&language=az"
    )


def test_what_is_not_for_everyone_is_not_to_be_found(cast: Cast) -> None:
    author, public_id = cast.author(), cast.tribute()
    taken = [f"{WALL}{cast.tribute(status)}/" for status in (Status.HIDDEN, Status.WITHDRAWN)]
    paths = {cast.visitor: (author.receipt, "/account/login", "/none", "/en/contact/sent", "/en/none/", *taken),
             cast.keeper: ("/desk/", f"/desk/tributes/{public_id}/", "/desk/cases/", "/account/change")}  # fmt: skip
    for client, those in paths.items():
        for path in those:
            page = JustHTML(client.get(path).text, sanitize=False)
            assert [attributes(element)["content"] for element in page.query("meta[name=robots]")] == ["noindex"], path
            assert not page.query('link[rel="canonical"]') + page.query("link[hreflang]")


def test_links_for_others_are_made_under_the_sites_own_address(app: Flask, cast: Cast) -> None:
    author = cast.author()
    for path in (author.receipt, FORM, WALL, "/sitemap.xml", "/robots.txt", f"/en/{MEMORIAL}/feed.atom"):
        assert "evil.example" not in cast.visitor.get(path, headers={"Host": "evil.example"}).text
