"""Codes, numbers and dates in the page's language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask, g

from tests.cast import Cast
from tests.web.steps import LANGUAGES
from tribute.domain.lifecycle import Action, Remark, Status
from tribute.domain.reasons import CaseKind, Ground, Reason
from tribute.models import Memorial
from tribute.models.tribute import GESTURES
from tribute.web import words

EVENING = datetime(2026, 1, 19, 21, 30, tzinfo=UTC)  # 01:30 on the 20th in Baku
DAYS = {"az": "20 yanvar 2026", "en": "20 January 2026", "ru": "20 января 2026\u202fг.", "tr": "20 Ocak 2026"}
LIMITS = {"az": "2.000", "en": "2,000", "ru": "2\xa0000", "tr": "2.000"}


@pytest.mark.parametrize("first", LIMITS)
def test_a_number_is_written_in_the_language_of_the_page_whoever_came_first(cast: Cast, first: str) -> None:
    for language in (first, *LIMITS):
        page = cast.visitor.get(f"/{language}/20-january/tributes/new")
        assert LIMITS[language] in page.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_day_is_written_in_the_language_of_the_page_where_the_memorial_is(bare: Flask, lang: str) -> None:
    with bare.test_request_context(f"/{lang}/"):
        assert words.day(EVENING) != DAYS[lang]
        g.memorial = Memorial(time_zone="Asia/Baku")
        assert words.day(EVENING).replace("\xa0", "\u202f").replace(" г", "\u202fг") == DAYS[lang]
        assert words.day(date(2026, 1, 20)) == words.day(EVENING)
        assert words.moment(EVENING).endswith("01:30")
        assert words.isotime(EVENING) == "2026-01-20T01:30+04:00"


MONTHS = {
    "az": ["Yanvar", "İyun", "Yanvar 2026", "20 yanvar"], "en": ["January", "June", "January 2026", "20 January"],
    "ru": ["Январь", "Июнь", "Январь 2026 г.", "20 января"], "tr": ["Ocak", "Haziran", "Ocak 2026", "20 Ocak"],
}  # fmt: skip


@pytest.mark.parametrize("first", LANGUAGES)
def test_a_month_stands_alone_in_the_language_of_the_page_whoever_came_first(bare: Flask, first: str) -> None:
    day = date(2026, 1, 20)
    for lang in (first, *LANGUAGES):
        with bare.test_request_context(f"/{lang}/"):
            said = [words.month_name(day), words.month_name(date(2026, 6, 1)), words.month_and_year(day),
                    words.day_and_month(day)]  # fmt: skip
            assert [one.replace("\u202f", " ").replace("\xa0", " ") for one in said] == MONTHS[lang]


def test_the_time_of_day_is_the_one_where_the_memorial_is(bare: Flask) -> None:
    with bare.test_request_context("/en/"):
        g.memorial = Memorial(time_zone="Asia/Baku")
        assert words.clock(EVENING) == "01:30"


@pytest.mark.parametrize(
    ("before", "said"),
    [(timedelta(0), "1 second ago"), (timedelta(minutes=-5), "1 second ago"), (timedelta(hours=3), "3 hours ago"),
     (timedelta(days=400), "1 year ago")],
)  # fmt: skip
def test_how_long_ago_is_one_unit_and_never_ahead(bare: Flask, before: timedelta, said: str) -> None:
    with bare.test_request_context("/en/"), time_machine.travel(EVENING, tick=False):
        assert words.ago(EVENING - before) == said


def test_a_length_of_time_is_one_unit(bare: Flask) -> None:
    with bare.test_request_context("/en/"):
        assert words.span(None) is None
        assert words.span(timedelta(seconds=20)) == "1 minute"
        assert words.span(timedelta(hours=3, minutes=10)) == "3 hours"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_a_name_in_every_language(bare: Flask, lang: str) -> None:
    named = {"status_name": Status, "gesture_name": GESTURES, "decision_name": (*Action, *Remark),
             "case_kind": CaseKind, "reason_name": (*Reason, *Ground)}  # fmt: skip
    with bare.test_request_context(f"/{lang}/"):
        for filter_, codes in named.items():
            said = [words.FILTERS[filter_](code) for code in codes]
            assert all(said), filter_
            assert len(set(said)) >= len(said) - 1, filter_
        assert all(words.FILTERS["gesture_deed"](code) for code in GESTURES if code != "none")
        assert words.FILTERS["gesture_deed"]("none") == words.FILTERS["reason_name"]("unheard of") == ""


def test_a_language_is_called_by_its_own_name(bare: Flask) -> None:
    with bare.test_request_context("/en/"):
        assert [words.language_name(code) for code in ("az", "de", "ar", "zz")] == [
            "Azərbaycanca", "Deutsch", "العربية", "zz",
        ]  # fmt: skip
