"""The overview at the desk: who may see what of it, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests.cast import Cast, a_tribute
from tests.page import PageClient
from tests.web.steps import contents, decide, main_of
from tribute.domain import ids
from tribute.domain.lifecycle import Action, Status
from tribute.extensions import db
from tribute.models import Person, Tribute
from tribute.services import demo, tributes

NOON = datetime(2026, 1, 20, 8, tzinfo=UTC)  # in Baku
SMALL_HOURS = datetime(2026, 1, 19, 20, 30, tzinfo=UTC)  # half past midnight on the 20th there


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def sums(client: PageClient, query: str = "") -> dict[str, str]:
    """The numbers at the top, by what they are called."""
    page = client.get(f"/desk/overview{query}").text
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page)
    return dict(found)


def bars(client: PageClient, query: str = "") -> list[tuple[str, ...]]:
    """The rows of the table beside the chart that are not all nothing."""
    page = client.get(f"/desk/overview{query}").text
    rows = re.findall(r'<th scope="row">([^<]+)</th>\s*<td>(\d+)</td>\s*<td>(\d+)</td>', page)
    return [row for row in rows if row[1:] != ("0", "0")]


def test_today_a_week_and_a_month_are_told_where_the_memorial_is(app: Flask, cast: Cast) -> None:
    with app.app_context():
        for at in (SMALL_HOURS, SMALL_HOURS - timedelta(hours=1), SMALL_HOURS - timedelta(days=9)):
            a_tribute(app, Status.APPROVED, at=at)
        a_tribute(app, Status.SPAM, at=SMALL_HOURS)
    assert bars(cast.moderator, "?days=1") == [("00:00", "2", "2")]
    assert (
        bars(cast.moderator) == bars(cast.moderator, "?days=7") == [("19 January", "1", "1"), ("20 January", "2", "2")]
    )
    assert bars(cast.moderator, "?days=31")[0] == ("11 January", "1", "1")
    today, month = sums(cast.moderator, "?days=1"), sums(cast.moderator, "?days=31")
    assert list(today.values()) == ["2", "1", "0", "1", "5 minutes", "5 minutes"]
    assert list(month.values())[:4] == ["4", "3", "0", "1"]
    assert (today["Received"], today["Spam"]) == ("2", "1")


@pytest.mark.parametrize("query", ["?days=0", "?days=2", "?days=-7", "?days=x", "?days=%D9%A7", "?days=1&days=31"])
def test_other_days_are_a_week_or_the_first_that_is_named(cast: Cast, query: str) -> None:
    page = cast.moderator.get(f"/desk/overview{query}").text
    assert len(re.findall(r'aria-current="true">', page)) == 1
    shown = "Today" if query == "?days=1&days=31" else "7 days"
    assert re.search(rf'aria-current="true">{shown}</a>', page)


def test_disagreements_reasons_and_languages_are_sentences_and_tables(app: Flask, cast: Cast) -> None:
    with app.app_context():
        a_tribute(app, Status.DECLINED, at=SMALL_HOURS)
        a_tribute(app, Status.APPROVED, at=SMALL_HOURS, words="Вечная память погибшим.")
        a_tribute(app, Status.APPROVED, at=SMALL_HOURS)
    page = main_of(cast.moderator.get("/desk/overview"))
    assert "Of 3 taken for ordinary, 1 was declined or marked as spam." in page
    assert "Not about this memorial 1" in page
    assert "English 2 Русский 1" in page


def test_only_a_keeper_reads_who_did_how_much(cast: Cast) -> None:
    public_id = cast.tribute(Status.PENDING, at=SMALL_HOURS)
    decide(cast.moderator, public_id, "approve")
    load = "Rəna 1 0 0 0"
    assert load in main_of(cast.keeper.get("/desk/overview"))
    assert "Who did how much" not in cast.moderator.get("/desk/overview").text
    assert "Rəna" not in main_of(cast.moderator.get("/desk/overview"))


def test_an_empty_desk_says_so(cast: Cast) -> None:
    page = main_of(cast.moderator.get("/desk/overview"))
    assert "Nothing came in and nothing was decided in this time." in page
    assert "<svg" not in cast.moderator.get("/desk/overview").text.split("<main")[1].split("</main>")[0]


def test_samples_without_a_reason_are_said_to_have_none(app: Flask, cast: Cast) -> None:
    with app.app_context():
        public_id = a_tribute(app, Status.PENDING, at=SMALL_HOURS)
        tribute = db.session.get_one(Tribute, ids.decode(public_id))
        tributes.transition(db.session(), tribute, Action.DECLINE, demo.MODERATOR, NOON, tribute.version)
        db.session.commit()
    assert "No reason given 1" in main_of(cast.moderator.get("/desk/overview"))


def test_the_room_stands_among_the_others_and_reading_it_changes_nothing(app: Flask, cast: Cast) -> None:
    cast.tribute(at=SMALL_HOURS)
    for client in (cast.moderator, cast.keeper):
        before = contents(app)
        page = client.get("/desk/overview")
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
        assert page.text.count('<a href="/desk/overview" aria-current="page">Overview</a>') == 2
        assert re.search(r"<summary>\s*Overview\s*</summary>", page.text)
        assert contents(app) == before
    assert '<a href="/desk/overview">Overview</a>' in cast.moderator.get("/desk/").text
    assert cast.visitor.get("/desk/overview").location == "/account/login?next=/desk/overview"


@pytest.mark.parametrize("lang", ["az", "en", "ru", "tr"])
def test_it_speaks_the_language_of_its_reader(app: Flask, cast: Cast, lang: str) -> None:
    cast.tribute(at=SMALL_HOURS)
    client = cast.moderator
    with app.app_context():
        db.session.execute(db.update(Person).values(language=lang))
        db.session.commit()
    headings = {"az": "İcmal", "en": "Overview", "ru": "Обзор", "tr": "Genel bakış"}
    page = main_of(client.get("/desk/overview"))
    assert page.startswith(headings[lang])
    assert ("Received" in page) == (lang == "en")
