"""Both engines find the same, in the same order: whichever plan, whatever comes meanwhile, and when time runs out."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.cast import a_tribute
from tests.search.corpus import QUERIES, texts
from tests.search.reader import Told, finds
from tribute.domain import ids
from tribute.domain.lifecycle import Status
from tribute.models import Tribute
from tribute.search import postgres, sqlite
from tribute.search.engine import EVERYTHING, Span, Spent
from tribute.search.index import PUBLIC, engine_of
from tribute.search.match import Chosen, Group, Match, match
from tribute.search.query import parse
from tribute.services import corrections, facets, search
from tribute.services.search import Narrowed, Place, Results

START = datetime(2024, 1, 20, 8, tzinfo=UTC)
CORPUS = [
    "Şəhidlərimizin ruhu şad olsun.", "Hər il bu gün Şəhidlər xiyabanına gedirik.", "Bizə işıq saçdılar.",
    "I remember the light of that winter.", "Светлая память погибшим.", "Чёрный январь не забыт.",
    "Ruhları şad, mekânları cennet olsun.", "Amin", "I <3 you, Baku & everybody", "şəhid 20 1990",
]  # fmt: skip
ONLY, FIRST = Narrowed(kind="tribute"), Place()


@pytest.fixture
def corpus(app: Flask, session: Session) -> dict[str, str]:
    """Published tributes, each with its public id."""
    return {
        words: a_tribute(app, words=words, name=f"Name{number}", place="Gəncə", at=START + timedelta(hours=number))
        for number, words in enumerate(CORPUS)
    }


def found(session: Session, typed: str, narrowed: Narrowed = ONLY, place: Place = FIRST) -> Results:
    """What a search finds."""
    return search.search(session, parse(typed), narrowed, place)


def listed(results: Results) -> list[str]:
    """The tributes found, in order."""
    return [hit.card.public_id for hit in results.items]


FOUND = {
    "sehid": [9, 1, 0], "ŞƏHİD": [9, 1, 0], "ISIQ": [2], "işıq": [2], "isiq": [2], "светлая": [4], "черный": [5],
    "ruh": [6, 0], "sad olsun": [6, 0], "gence": [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], "name3": [3], "1990 sehid": [9],
    "nowhere": [], "light winter": [3], "baku": [8], "3": [8], "шахид": [9, 1, 0], '"şəhid"': [9],
    "gence -sehid -ruh": [8, 7, 5, 4, 3, 2], '"ruhu şad"': [0], "ruh*": [6, 0], "name:name1": [1], "place:name1": [],
    "language:ru": [5, 4],
}  # fmt: skip


def test_each_query_finds_these_newest_first(session: Session, corpus: dict[str, str]) -> None:
    for typed, numbers in FOUND.items():
        assert listed(found(session, typed)) == [corpus[CORPUS[number]] for number in numbers], typed


def test_the_words_that_matched_are_marked_and_the_rest_is_as_typed(session: Session, corpus: dict[str, str]) -> None:
    assert found(session, "isiq").items[0].card.html == "<p>Bizə <mark>işıq</mark> saçdılar.</p>"
    assert "I &lt;3 you, <mark>Baku</mark> &amp; everybody" in found(session, "baku").items[0].card.html


@pytest.mark.parametrize("status", [status for status in Status if status != Status.APPROVED])
def test_what_is_not_public_is_not_found(app: Flask, session: Session, status: Status) -> None:
    a_tribute(app, status, words="Unerhörtwort", name="Nichtda")
    for typed in ("unerhortwort", "nichtda", "unerh*", "name:nichtda", f"status:{status}", "@approved"):
        assert found(session, typed, Narrowed()).total == 0


# ---- pages


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_pages_cover_everything_once_both_ways_while_new_ones_arrive(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(search, "RESULTS", 3)
    made = [a_tribute(app, words=f"qərənfil {n}", at=START + timedelta(minutes=n)) for n in range(8)]
    made = made if sort == "oldest" else made[::-1]
    arrives = START + timedelta(hours=1)

    def page(**edge: int | None) -> Results:
        nonlocal arrives
        a_tribute(app, words="qərənfil yeni", at=arrives)
        arrives += timedelta(minutes=1)
        return found(session, "qerenfil", ONLY, Place(sort, **edge))  # type: ignore[arg-type]

    first = found(session, "qerenfil", ONLY, Place(sort))
    second = page(before=cursor(first.older))
    third = page(before=cursor(second.older))
    assert [*listed(first), *listed(second), *listed(third)][:8] == made
    assert first.newer is None
    back = page(after=cursor(third.newer))
    top = page(after=cursor(back.newer))
    assert (listed(back), listed(top)) == (listed(second), listed(first))
    if sort == "oldest":
        assert top.newer is None
    else:  # above lies what arrived
        assert not set(listed(page(after=cursor(top.newer)))) & set(made)


def cursor(written: str | None) -> int | None:
    """A cursor as the address brings it."""
    assert written is not None
    return ids.decode(written)


def test_many_texts_of_one_second_are_paged_once_each(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RESULTS", 2)
    made = {a_tribute(app, words=f"qərənfil {n}", at=START) for n in range(5)}
    first = found(session, "qerenfil")
    second = found(session, "qerenfil", ONLY, Place(before=cursor(first.older)))
    third = found(session, "qerenfil", ONLY, Place(before=cursor(second.older)))
    seen = [key for page in (first, second, third) for key in listed(page)]
    assert (len(seen), set(seen), third.older) == (5, made, None)


def test_relevance_weighs_the_newest_up_to_a_bound_and_says_so(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tribute.services.found.READ", 4)
    monkeypatch.setattr(search, "RESULTS", 3)
    oldest = a_tribute(app, words="işıq", at=START)
    made = [a_tribute(app, words="işıqları", at=START + timedelta(hours=n)) for n in range(1, 4)]
    assert found(session, "işıq", ONLY, Place("relevance")).is_best_of == 0
    assert listed(found(session, "işıq", ONLY, Place("relevance"))) == [oldest, *made[:0:-1]]
    made.append(a_tribute(app, words="işıqları", at=START + timedelta(hours=9)))
    results = found(session, "işıq", ONLY, Place("relevance", page=99))
    assert (results.is_best_of, results.pages, results.page, results.total) == (4, 2, 2, 5)
    assert listed(results) == made[:1]


# ---- PostgreSQL's plans


PLANS: dict[str, dict[str, float]] = {
    "matched": {},
    "by stretches": {},
    "row by row": {"MANY": 1, "FETCHED": 0},
}


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
@pytest.mark.parametrize("plan", PLANS)
def test_every_plan_finds_what_a_reader_finds(session: Session, monkeypatch: pytest.MonkeyPatch, plan: str) -> None:
    monkeypatch.setattr(postgres, "STRETCH", 5)
    monkeypatch.setattr(postgres, "COARSE", 1)  # so that each one looks whether the stretch before it is full
    told = texts(session, 40)
    assert stretches(session) == [number // 5 for number in range(40)]
    for name, value in PLANS[plan].items():
        monkeypatch.setattr(postgres, name, value)
    monkeypatch.setattr(postgres, "is_all_sooner", lambda _match, _most: plan != "by stretches")
    for number, typed in enumerate(QUERIES):
        sort = search.SORTS[number % 3]
        results = search.search(session, parse(typed), ONLY, Place(sort), faceted=False)
        expected = finds(told, parse(typed), sort=sort)
        assert (listed(results), results.total) == (expected[: search.RESULTS], len(expected)), (typed, sort)


def stretches(session: Session) -> list[int]:
    """The stretch of each public entry, from the oldest on."""
    return list(session.scalars(text("SELECT stretch FROM tribute_entry ORDER BY number")))


def test_all_is_read_at_once_where_it_is_little_or_wanted_and_else_stretch_by_stretch() -> None:
    every = Group(("#1",), counted=(1_000_000,))
    rare, frequent, common = (Group((word,), counted=(number,)) for word, number in
                              (("a", 60), ("b", 50_000), ("c", 500_000)))  # fmt: skip
    sooner = postgres.is_all_sooner
    assert [sooner(Match((group,), every), 21) for group in (rare, frequent, common)] == [True, False, False]
    assert sooner(Match((rare, common), every), 2_001)
    assert not sooner(Match((frequent, common), every), 2_001)
    assert sooner(Match((frequent,), every), 100_000)
    assert not sooner(Match((), every), 21)
    begun = Group(
        tuple(map(str, range(64))), counted=(80,) * 64, begins="s"
    )  # for which each stretch is asked 64 times
    assert sooner(Match((begun,), every), 2_001)
    assert not sooner(Match((begun,), every), 21)


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_an_entry_lies_in_the_stretch_of_the_one_before_it_whenever_it_comes(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "STRETCH", 3)
    monkeypatch.setattr(postgres, "COARSE", 1)
    for hour in (1, 2, 3, 4, 9, 10, 11, 5, 6, 0):
        a_tribute(app, words="işıq", at=START + timedelta(hours=hour))
    assert stretches(session) == [0, 0, 0, 0, 1, 1, 1, 1, 1, 2]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("listed_for_a_text", "read"), [(-1, 40), (math.inf, 3)], ids=["by texts", "by lists"])
def test_each_way_to_weigh_puts_them_in_a_readers_order(
    session: Session, monkeypatch: pytest.MonkeyPatch, listed_for_a_text: float, read: int
) -> None:
    told, most = texts(session, 40), list[int]()
    monkeypatch.setattr(sqlite, "LISTED", listed_for_a_text)
    monkeypatch.setattr(sqlite, "COARSE", 16)  # so that some of these few are in the sample
    monkeypatch.setattr(sqlite, "_TAG", '"^4"')
    holding = sqlite._holding

    def noted(sign: Match, rows: Any) -> set[int]:
        most.append(len(rows))
        return holding(sign, rows)

    monkeypatch.setattr(sqlite, "_holding", noted)
    for typed in QUERIES:
        results = search.search(session, parse(typed), ONLY, Place("relevance"), faceted=False)
        assert listed(results) == finds(told, parse(typed), sort="relevance")[: search.RESULTS], typed
    assert 0 < max(most) <= read


def test_a_span_bounds_numbers(session: Session) -> None:
    told: list[Told] = texts(session, 12)
    engine, wanted = engine_of(session), asked(session, "")
    numbers = engine.numbers(session, PUBLIC.entry, wanted, EVERYTHING, 100)
    assert (len(numbers), numbers) == (len(told), sorted(numbers, reverse=True))
    inner = Span(numbers[-1], numbers[0])
    assert engine.numbers(session, PUBLIC.entry, wanted, inner, 100, oldest=True) == numbers[-2:0:-1]
    assert engine.numbers(session, PUBLIC.entry, wanted, inner, 3) == numbers[1:4]


def asked(session: Session, typed: str) -> Match:
    """A query as the engine gets it."""
    memorials = tuple(session.scalars(select(Tribute.memorial_id).distinct()))
    return match(session, PUBLIC.vocabulary, parse(typed), Chosen(memorials))


# ---- the budget


ENDLESS = {
    "postgresql": "SELECT pg_sleep(60)",
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
}


def test_an_endless_statement_is_stopped_and_the_transaction_goes_on(session: Session, corpus: dict[str, str]) -> None:
    kind = session.get_bind().dialect.name
    before = session.scalars(select(Tribute.id)).all()
    with pytest.raises(Spent), engine_of(session).within(session, 0.05):
        session.execute(text(ENDLESS[kind]))
    assert session.scalars(select(Tribute.id)).all() == before
    if kind == "postgresql":
        assert session.execute(text("SHOW statement_timeout")).scalar_one() == "0"
    session.commit()
    assert listed(found(session, "isiq")) == [corpus[CORPUS[2]]]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_rows_that_are_read_as_the_driver_has_them_are_stopped_too(session: Session) -> None:
    with pytest.raises(Spent), engine_of(session).within(session, 0.05):
        sqlite._rows(session, ENDLESS["sqlite"].replace("count(*)", "x"), {})


def test_many_short_statements_are_stopped_too(session: Session) -> None:
    with pytest.raises(Spent), engine_of(session).within(session, 0.05):
        asks_for_ever(session)
    assert session.execute(text("SELECT 1")).scalar_one() == 1


def asks_for_ever(session: Session) -> None:
    """One short statement after another."""
    while True:
        session.execute(text("SELECT 1"))


@pytest.mark.parametrize("seconds", [0, 0.000001])
def test_when_no_time_is_left_nothing_is_found_and_it_shows(
    session: Session, corpus: dict[str, str], monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(search, "SECONDS", seconds)
    assert found(session, "isiq", Narrowed()) == Results(is_partial=True)
    assert corrections.corrections(session, "isix", parse("isix"), Narrowed()) == []
    monkeypatch.setattr(search, "SECONDS", 60)
    assert listed(found(session, "isiq")) == [corpus[CORPUS[2]]]


def test_what_was_found_before_the_time_was_up_is_shown(
    session: Session, corpus: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def spent(*_: object) -> None:
        raise Spent

    monkeypatch.setattr(facets, "facets", spent)
    results = found(session, "isiq", Narrowed())
    assert (listed(results), results.total, results.is_partial) == ([corpus[CORPUS[2]]], 1, True)
    assert session.execute(select(func.count()).select_from(Tribute)).scalar_one() == len(CORPUS)


def test_within_the_budget_other_errors_stay_what_they_are(session: Session) -> None:
    with pytest.raises(DBAPIError), engine_of(session).within(session, 60):
        session.execute(text("SELECT * FROM nowhere"))
    assert session.execute(text("SELECT 1")).scalar_one() == 1


# ---- what reaches the database


def test_terms_stand_in_quotes_in_either_grammar() -> None:
    groups = (
        Group(("a", "=b"), counted=(1, 1)), Group(("c", "d"), "name", in_a_row=True, counted=(1, 1)),
        Group(("e",), without=True), Group((), without=True),
    )  # fmt: skip
    wanted = Match(groups, Group(("#1",), counted=(2,)))
    assert sqlite.expression(wanted) == '(("a" OR "=b") AND {name} : ("c d")) NOT (("e"))'
    assert postgres.expression(wanted) == "('a' | '=b') & ('c':A <-> 'd':A) & !('e')"
    begun = Match((Group(("sea", "set"), "name", begins="se"), Group(("sun",), begins="su")), wanted.every)
    assert postgres.expression(begun) == "('se':*A & ('sea':A | 'set':A)) & ('sun')"
