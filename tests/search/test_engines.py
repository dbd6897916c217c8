"""Both engines find the same, in the same order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.cast import a_tribute
from tribute.domain import ids, text
from tribute.domain.lifecycle import Status
from tribute.search.query import parse
from tribute.services import search
from tribute.services.search import Narrowed, Place, Results

START = datetime(2024, 1, 20, 8, tzinfo=UTC)
CORPUS = [
    "Şəhidlərimizin ruhu şad olsun.", "Hər il bu gün Şəhidlər xiyabanına gedirik.", "Bizə işıq saçdılar.",
    "I remember the light of that winter.", "Светлая память погибшим.", "Чёрный январь не забыт.",
    "Ruhları şad, mekânları cennet olsun.", "Amin", "I <3 you, Baku & everybody", "şəhid 20 1990",
]  # fmt: skip


@pytest.fixture
def corpus(app: Flask, session: Session) -> dict[str, str]:
    """Published tributes, each with its public id."""
    return {
        words: a_tribute(app, words=words, name=f"Name{number}", place="Gəncə", at=START + timedelta(hours=number))
        for number, words in enumerate(CORPUS)
    }


EVERYTHING = Narrowed()


def found(session: Session, typed: str, chosen: Narrowed = EVERYTHING) -> Results:
    """What a search finds."""
    return search.search(session, parse(typed), chosen)


QUERIES = {
    "sehid": [9, 1, 0], "ŞƏHİD": [9, 1, 0], "ISIQ": [2], "işıq": [2], "isiq": [2], "светлая": [4], "черный": [5],
    "ruh": [6, 0], "sad olsun": [6, 0], "gence": [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], "name3": [3], "1990 sehid": [9],
    "nowhere": [], "light winter": [3], "baku": [8], "3": [8],
}  # fmt: skip


@pytest.mark.parametrize("typed", QUERIES)
def test_each_query_finds_these_newest_first(session: Session, corpus: dict[str, str], typed: str) -> None:
    expected = [corpus[CORPUS[number]] for number in QUERIES[typed]]
    assert [card.card.public_id for card in found(session, typed, Narrowed(kind="tribute")).items] == expected


def test_the_words_that_matched_are_marked(session: Session, corpus: dict[str, str]) -> None:
    card = found(session, "isiq").items[0]
    assert card.card.html == "<p>Bizə <mark>işıq</mark> saçdılar.</p>"


def test_marks_leave_what_was_typed_as_it_is(session: Session, corpus: dict[str, str]) -> None:
    assert (
        "I &lt;3 you, <mark>Baku</mark> &amp; everybody" in found(session, "baku", Narrowed(kind="tribute")).items[0].card.html
    )


@pytest.mark.parametrize("status", [status for status in Status if status != Status.APPROVED])
def test_what_is_not_public_is_not_found(app: Flask, session: Session, status: Status) -> None:
    a_tribute(app, status, words="Unerhörtwort", name="Nichtda")
    assert not found(session, "unerhortwort").items
    assert not found(session, "nichtda").items


def test_year_language_and_memorial_narrow_a_search(app: Flask, session: Session, corpus: dict[str, str]) -> None:
    a_tribute(app, words="sehid", at=datetime(2023, 12, 31, 20, 30, tzinfo=UTC))  # already 2024 in Baku
    a_tribute(app, words="sehid", at=datetime(2023, 12, 31, 19, 30, tzinfo=UTC))
    assert found(session, "sehid", Narrowed(year=2024, kind="tribute")).total == 4
    assert len(found(session, "sehid", Narrowed(year=2023)).items) == 1
    assert {card.card.language for card in found(session, "gence", Narrowed(language="ru")).items} == {"ru"}
    assert not found(session, "sehid", Narrowed(memorial="elsewhere")).items


def test_pages_cover_everything_once_while_new_ones_arrive(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RESULTS", 3)
    made = [a_tribute(app, words=f"qərənfil {n}", at=START + timedelta(minutes=n)) for n in range(8)]
    seen, before = [], None
    for _page in range(3):
        page = search.search(session, parse("qerenfil"), Narrowed(kind="tribute"), Place(before=before))
        seen += [card.card.public_id for card in page.items]
        a_tribute(app, words="qərənfil yeni", at=START + timedelta(hours=1))
        before = ids.decode(page.older) if page.older else None
    assert seen == made[::-1]
    back = search.search(session, parse("qerenfil"), Narrowed(kind="tribute"), Place(after=ids.decode(page.newer or "")))
    assert seen[2] not in [card.card.public_id for card in back.items]


HOSTILE = [
    "***",
    '"',
    "-",
    "--x",
    "a" * 500,
    "x " * 200,
    "NEAR(a b)",
    "a OR b",
    "مرحبا",
    "👩‍👩‍👧",
    "\x00",
    "'; DROP TABLE tribute",
    ":*",
    "\\",
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_no_hostile_query_fails(session: Session, typed: str) -> None:
    assert found(session, typed).total >= 0


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=500))
def test_no_query_fails(session: Session, typed: str) -> None:
    assert found(session, text.normalise_line(typed)).total >= 0
