"""The public page of numbers: the same for everybody, and nobody's name on it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast, a_tribute
from tests.web.steps import LANGUAGES, contents, decide, main_of
from tribute.domain.lifecycle import Status
from tribute.extensions import db
from tribute.models import LogHead

PAGE = "/en/20-january/numbers/"
AT = datetime(2026, 1, 20, 9, tzinfo=UTC)


def newest(app: Flask) -> tuple[int, str]:
    """The log's newest row: its number and hash."""
    with app.app_context():
        head = db.session.scalars(select(LogHead)).one()
        return head.number, head.digest


def test_it_tells_what_came_in_and_what_became_of_it_by_month(app: Flask, cast: Cast) -> None:
    with app.app_context():
        for number, status in enumerate((Status.APPROVED, Status.DECLINED, Status.SPAM, Status.PENDING)):
            a_tribute(app, status, at=AT + timedelta(days=12 * (number // 2), minutes=number))
    page = main_of(cast.visitor.get(PAGE))
    assert "In all 4 1 1 Not about this memorial: 1 1 5 minutes" in page
    assert "February 2026 2 0 0 1 5 minutes January 2026 2 1 1 Not about this memorial: 1 0 5 minutes" in page


def test_it_names_the_newest_row_of_the_log_and_what_its_hash_proves(app: Flask, cast: Cast) -> None:
    assert "log" not in main_of(cast.visitor.get(PAGE))
    cast.tribute()
    number, digest = newest(app)
    page = cast.visitor.get(PAGE)
    assert f"The newest row has the number {number} and this hash: {digest}" in main_of(page)
    assert "It does not prove that a decision was right." in main_of(page)
    kept = page.headers["ETag"]
    assert cast.visitor.get(PAGE, headers={"If-None-Match": kept}).status_code == 304
    cast.tribute()
    assert digest not in cast.visitor.get(PAGE, headers={"If-None-Match": kept}).text


def test_nobody_who_wrote_or_decided_is_named(app: Flask, cast: Cast) -> None:
    author = cast.author(name="Nigar", place="Sumqayıt")
    decide(cast.moderator, author.public_id, "decline", reason="other", note="A note.")
    decide(cast.keeper, author.public_id, "restore")
    text = cast.visitor.get(PAGE).text
    assert "Another reason: 1" in text
    assert not re.search(r"Nigar|Sumqayıt|Rəna|Aytən|A note|moderator|keeper", text)
    assert author.public_id not in text


def test_everybody_gets_the_same_page_without_a_cookie(app: Flask, cast: Cast) -> None:
    cast.tribute()
    before = contents(app)
    pages = [client.get(PAGE) for client in (cast.visitor, cast.client())]
    assert pages[0].text == pages[1].text
    for page in pages:
        assert page.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert "Set-Cookie" not in page.headers
        assert page.headers.get("Vary", "") in ("", "Accept-Encoding")
    assert contents(app) == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_language_has_its_own_and_leads_to_the_others(cast: Cast, lang: str) -> None:
    cast.tribute()
    page = cast.visitor.get(f"/{lang}/20-january/numbers/")
    titles = {"az": "Rəqəmlər", "en": "Numbers", "ru": "Числа", "tr": "Sayılar"}
    assert main_of(page).startswith(titles[lang])
    base = cast.app.config["BASE_URL"]
    for other in LANGUAGES:
        assert f'hreflang="{other}" href="{base}/{other}/20-january/numbers/"' in page.text
        assert re.search(rf'<a href="/{other}/20-january/numbers/"\s+lang="{other}"', page.text)
    footer = cast.visitor.get(f"/{lang}/20-january/").text.split("<footer")[1]
    assert f'<a href="/{lang}/20-january/numbers/">{titles[lang]}</a>' in footer


def test_it_is_in_the_sitemap_and_of_a_memorial_that_is_there(cast: Cast) -> None:
    assert "/az/20-january/numbers/</loc>" in cast.visitor.get("/sitemap.xml").text
    assert cast.visitor.get("/en/nowhere/numbers/").status_code == 404
