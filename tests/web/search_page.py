"""The search page as a reader sees it, and what there is to find."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from justhtml import JustHTML

from tests.cast import Cast, a_tribute
from tests.page import attributes
from tests.web.steps import main_of
from tribute.extensions import db, now
from tribute.models import begin_write
from tribute.services import articles, memorials
from tribute.services.articles import Edition

DAY = datetime(2026, 1, 20, 8, tzinfo=UTC)
Address = dict[str, str]


class Found:
    """A results page, and its parts as a reader sees them."""

    def __init__(self, cast: Cast, query: str, lang: str = "en", /, **said: Any) -> None:
        answer = cast.visitor.get(f"/{lang}/search", query_string={"q": query} | said)
        assert answer.status_code == 200
        self.html, self.main = answer.text, main_of(answer)
        self.page = JustHTML(answer.text, sanitize=False)

    def read(self, selector: str) -> list[str]:
        """The texts of these elements."""
        return [words(element) for element in self.page.query(selector)]

    def links(self, selector: str) -> dict[str, Address]:
        """The links of these elements: what is read, and what each address asks for."""
        return {words(link): asked(link) for link in self.page.query(selector)}

    @property
    def ids(self) -> list[str]:
        """The tributes, in order."""
        return [str(attributes(link)["href"]).split("/")[-2] for link in self.page.query(".tribute a.by")]

    @property
    def understood(self) -> list[str]:
        """How the query was understood."""
        return self.read(".understood li")

    @property
    def summary(self) -> str:
        """How many were found."""
        return self.read(".summary-line p")[0]

    @property
    def bars(self) -> dict[str, Address]:
        """The years of the picture: what each bar says, and its address."""
        return {words(title): asked(title.parent) for title in self.page.query(".year title")}


def words(element: Any) -> str:
    """What stands in an element."""
    return " ".join(element.to_text(separator="", strip=False).split())


def asked(link: Any) -> Address:
    """What a link asks for."""
    return dict(parse_qsl(urlsplit(str(attributes(link)["href"])).query))


def chip(found: Found, begins: str) -> Address:
    """The address of the choice that begins with these words."""
    return next(address for said, address in found.links(".facets .chip").items() if said.startswith(begins))


def a_wall(app: Flask) -> list[str]:
    """Tributes of three years in three languages, the oldest first."""
    said = [
        ("Unutmadıq, zanbaq gətirdik.", 2022), ("Şəhidlərə bir zanbaq üçün gəldik.", 2024),
        ("We laid a zanbaq for them.", 2024), ("Мы помним, и это zanbaq для них.", 2026),
    ]  # fmt: skip
    with app.app_context():
        return [a_tribute(app, words=words, at=DAY.replace(year=year)) for words, year in said]


def an_article(app: Flask, year: int | None, language: str = "en", words: str = "A zanbaq was laid.") -> None:
    """Bring an article in."""
    with app.app_context():
        begin_write(db.session())
        memorial = memorials.by_slug(db.session(), "20-january")
        articles.bring_in(db.session(), memorial, f"Vigil\n\n{words}", Edition(language, year), now())
        db.session.commit()
