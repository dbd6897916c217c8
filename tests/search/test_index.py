"""The entries: one for what the public may find, one for what the desk may, with every change of status and words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import AT, entry_of, memorial, standing, step
from tribute.domain import ids
from tribute.domain.lifecycle import Action, Status
from tribute.models import DeskEntry, TributeEntry, Vocabulary
from tribute.search import index, terms
from tribute.search.engine import EVERYTHING
from tribute.search.index import ARTICLES, DESK, PUBLIC, Index, engine_of
from tribute.search.match import Chosen, match
from tribute.search.query import parse
from tribute.search.terms import SAMPLES, Said, first_number_at
from tribute.services import articles, authors, reindexing
from tribute.services.articles import Edition
from tribute.services.tributes import Written

LATER = AT + timedelta(hours=1)


def held(session: Session, which: Index) -> list[int]:
    """What an index holds."""
    return sorted(session.scalars(select(which.entry.source_id)))


def found(session: Session, which: Index, typed: str, *years: tuple[int, int]) -> list[int]:
    """The sources that a query finds in an index, newest first."""
    wanted = match(session, which.vocabulary, parse(typed), Chosen((memorial(session).id,), years=years))
    if wanted.is_hopeless:
        return []
    numbers = engine_of(session).numbers(session, which.entry, wanted, EVERYTHING, 100)
    known = {number: source for number, source in session.execute(select(which.entry.number, which.entry.source_id))}  # noqa: C416
    return [known[number] for number in numbers]


# ---- what is in which


@pytest.mark.parametrize("status", Status)
def test_the_public_index_holds_what_is_approved_and_the_desks_all_but_what_is_removed(
    session: Session, status: Status
) -> None:
    tribute = standing(session, status, words="Unerhörtwort")
    assert held(session, PUBLIC) == ([tribute.id] if status == Status.APPROVED else [])
    assert held(session, DESK) == ([] if status == Status.REMOVED else [tribute.id])
    assert found(session, PUBLIC, "unerhortwort") == held(session, PUBLIC)
    assert found(session, DESK, "unerhortwort") == held(session, DESK)
    if status != Status.REMOVED:
        assert {f"@{status}", "@en", "@2026", "unerhortwort"} <= entry_of(session, DESK, tribute.id)[1]
    if status == Status.APPROVED:
        assert f"@{status}" not in entry_of(session, PUBLIC, tribute.id)[1]


def test_every_step_is_followed(session: Session) -> None:
    tribute = standing(session, Status.PENDING)
    public = {Status.PENDING: [], Status.APPROVED: [tribute.id], Status.HIDDEN: [], Status.WITHDRAWN: []}
    steps = (Action.APPROVE, Action.HIDE, Action.RESTORE, Action.WITHDRAW, Action.RETURN)
    for number, action in enumerate(steps):
        step(session, tribute, action, LATER + timedelta(minutes=number))
        assert held(session, PUBLIC) == public[Status(tribute.status)]
        assert found(session, DESK, "silence") == [tribute.id]
        assert f"@{tribute.status}" in entry_of(session, DESK, tribute.id)[1]


def test_words_that_wait_are_found_at_the_desk_alone_beside_the_public_ones(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words="Früherwort")
    authors.amend(session, tribute, LATER, tribute.version, Written("Zärtlich", "Nirgendheim", "Späterwort", "en"))
    for typed, public, desk in (("fruherwort", 1, 1), ("spaterwort", 0, 1), ("name:zartlich", 0, 1), ("daniel", 1, 1)):
        assert [len(found(session, which, typed)) for which in (PUBLIC, DESK)] == [public, desk], typed
    step(session, tribute, Action.APPROVE, LATER + timedelta(minutes=1))
    for typed, number in (("fruherwort", 0), ("spaterwort", 1), ("place:nirgendheim", 1), ("daniel", 0)):
        assert [len(found(session, which, typed)) for which in (PUBLIC, DESK)] == [number, number], typed


def test_refused_words_are_found_at_the_desk_until_they_are_erased(session: Session) -> None:
    tribute = standing(session, Status.DECLINED, words="Unerhörtwort")
    assert found(session, DESK, "unerhortwort") == [tribute.id]
    step(session, tribute, Action.REMOVE, LATER)
    assert (held(session, DESK), held(session, PUBLIC)) == ([], [])


def test_a_phrase_does_not_run_over_from_one_field_into_the_next(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words="bir iki", name="üç dörd", place="beş altı")
    for typed in ('"bir iki"', '"üç dörd"', '"beş altı"', 'name:"üç dörd"', 'place:"beş altı"'):
        assert found(session, PUBLIC, typed) == [tribute.id], typed
    for typed in (
        '"dörd bir"',
        '"iki üç"',
        '"altı bir"',
        '"dörd beş"',
        '"altı üç"',
        'place:"üç dörd"',
        'name:"bir iki"',
    ):
        assert found(session, PUBLIC, typed) == [], typed


def test_an_article_is_of_its_editions_year_or_of_its_last_change(session: Session) -> None:
    dated = articles.bring_in(session, memorial(session), "Title\n\nWords.", Edition("tr", 2019), AT).article
    standing_one = articles.bring_in(session, memorial(session), "Title\n\nWords.", Edition("tr"), AT).article
    assert {"@2019", "@tr"} <= entry_of(session, ARTICLES, dated.id)[1]
    assert {f"@{AT.year}", "@tr"} <= entry_of(session, ARTICLES, standing_one.id)[1]


# ---- numbers


def test_texts_of_one_second_get_numbers_of_their_own_in_the_order_of_their_coming(session: Session) -> None:
    first = first_number_at(AT)
    made = [standing(session, Status.APPROVED, AT) for _ in range(5)]
    numbers = {
        source: number for number, source in session.execute(select(TributeEntry.number, TributeEntry.source_id))
    }
    assert [numbers[tribute.id] for tribute in made] == list(range(first, first + 5))
    following = standing(session, Status.APPROVED, AT + timedelta(seconds=3))
    assert session.scalars(select(TributeEntry.number).order_by(TributeEntry.number.desc())).first() == first + 5
    assert found(session, PUBLIC, "silence") == [following.id, *(tribute.id for tribute in reversed(made))]


def test_a_number_that_became_free_is_taken_again(session: Session) -> None:
    first = first_number_at(AT)
    made = [standing(session, Status.APPROVED, AT) for _ in range(4)]
    step(session, made[2], Action.HIDE, LATER)
    assert index.numbers_for(session, TributeEntry, [AT]) == [first + 2]
    step(session, made[0], Action.HIDE, LATER)
    assert index.numbers_for(session, TributeEntry, [AT]) == [first]
    step(session, made[2], Action.RESTORE, LATER + timedelta(minutes=1))
    step(session, made[0], Action.RESTORE, LATER + timedelta(minutes=1))
    assert sorted(session.scalars(select(TributeEntry.number))) == list(range(first, first + 4))


def test_many_numbers_at_once_are_those_that_they_would_get_one_after_another(session: Session) -> None:
    first = first_number_at(AT)
    made = [standing(session, Status.APPROVED, AT) for _ in range(4)]
    step(session, made[1], Action.HIDE, LATER)
    later = AT + timedelta(minutes=1)
    assert index.numbers_for(session, TributeEntry, [AT, AT, later]) == [first + 1, first + 4, first_number_at(later)]


def test_beyond_the_numbers_that_were_looked_up_none_is_given_twice(session: Session) -> None:
    first = first_number_at(AT)
    for _ in range(4):
        standing(session, Status.APPROVED, AT)
    assert index.numbers_for(session, TributeEntry, [AT]) == [first + 4]


def test_what_comes_in_stands_behind_all_others_however_many_came_in_its_second(session: Session) -> None:
    first = first_number_at(AT)
    assert index.next_number(session, DeskEntry, AT) == first
    for _ in range(5):
        standing(session, Status.PENDING, AT)
    assert index.next_number(session, DeskEntry, AT) == first + 5
    assert index.next_number(session, DeskEntry, AT + timedelta(seconds=2)) == first + 5
    for free in (AT + timedelta(seconds=30), AT - timedelta(seconds=30)):
        assert index.next_number(session, DeskEntry, free) == first_number_at(free)


def test_a_clock_that_once_stood_ahead_does_not_draw_what_comes_in_after_it(session: Session) -> None:
    standing(session, Status.PENDING, AT)
    standing(session, Status.PENDING, AT + timedelta(days=400))
    assert index.next_number(session, DeskEntry, AT) == first_number_at(AT) + 1


def test_an_index_that_is_filled_at_once_is_as_if_each_had_been_put_into_it(session: Session) -> None:
    made = [standing(session, Status.APPROVED, AT + timedelta(seconds=second // 2)) for second in range(6)]
    keys = [tribute.id for tribute in made]
    before = contents(session)
    for key in keys:
        index.put(session, PUBLIC, key, None)
        index.put(session, DESK, key, None)
    assert contents(session) != before
    for which, said_of in ((PUBLIC, index.public_of), (DESK, index.desk_of)):
        index.fill(session, which, {tribute.id: said for tribute in made if (said := said_of(session, tribute))})
    assert contents(session) == before
    index.fill(session, PUBLIC, {})


def contents(session: Session) -> list[object]:
    """What both indexes and their vocabularies say."""
    said: list[object] = []
    for which in (PUBLIC, DESK):
        entry, table = which.entry, which.vocabulary
        rows = session.execute(select(entry.number, entry.source_id, entry.language).order_by(entry.number)).all()
        held_terms = engine_of(session).terms(session, entry, [row[0] for row in rows])
        words = session.execute(select(table.term, table.documents, table.spelling).order_by(table.term)).all()
        said += [rows, held_terms, words, found(session, which, "silence")]
    return said


def test_what_is_said_anew_keeps_its_number(session: Session) -> None:
    made = [standing(session, Status.APPROVED, AT) for _ in range(3)]
    before = session.execute(select(TributeEntry.number, TributeEntry.source_id).order_by(TributeEntry.number)).all()
    step(session, made[0], Action.AMEND, LATER)
    step(session, made[0], Action.APPROVE, LATER + timedelta(minutes=1))
    after = session.execute(select(TributeEntry.number, TributeEntry.source_id).order_by(TributeEntry.number)).all()
    assert before == after


@pytest.mark.parametrize("at", [AT, datetime(1970, 1, 1, tzinfo=UTC)])
def test_saying_the_same_once_more_changes_nothing(session: Session, at: datetime) -> None:
    tribute = standing(session, Status.APPROVED, at)
    numbers = list(session.scalars(select(TributeEntry.number)))
    assert not index.put(session, PUBLIC, tribute.id, index.public_of(session, tribute))
    assert not index.put(session, DESK, tribute.id, index.desk_of(session, tribute))
    assert not index.put(session, PUBLIC, tribute.id + 1, None)
    assert list(session.scalars(select(TributeEntry.number))) == numbers


def test_numbers_follow_time_and_lead_back_to_the_year() -> None:
    moments = [datetime(year, 1, 1, 12, tzinfo=UTC) for year in range(1970, ids.LAST_YEAR + 1, 7)]
    numbers = [first_number_at(at) for at in moments]
    assert [terms.year_of(number) for number in numbers] == [at.year for at in moments]
    assert all(earlier < later for earlier, later in pairwise(numbers))


# ---- tags


@pytest.mark.parametrize(("at", "year"), [
    (datetime(2025, 12, 31, 19, 59, 59, tzinfo=UTC), 2025), (datetime(2025, 12, 31, 20, tzinfo=UTC), 2026),
])  # fmt: skip
def test_a_text_is_of_the_year_that_it_was_where_the_memorial_is(session: Session, at: datetime, year: int) -> None:
    tribute = standing(session, Status.APPROVED, at)
    for which in (PUBLIC, DESK):
        assert {term for term in entry_of(session, which, tribute.id)[1] if term[:2] == "@2"} == {f"@{year}"}
    assert [found(session, PUBLIC, "", (wanted, wanted)) for wanted in (year, 4051 - year)] == [[tribute.id], []]


def test_one_text_in_so_many_carries_the_tag_of_a_sample(session: Session) -> None:
    first = first_number_at(AT) // 256 * 256
    for number in (first, first + 1, first + 16, first + 255, first + 256):
        at = ids.time_of((number << terms.SECOND) + (1 << terms.SECOND - 1))
        carried = entry_of(session, PUBLIC, standing(session, Status.APPROVED, at).id)[1] & set(SAMPLES.values())
        assert carried == {tag for every, tag in SAMPLES.items() if number % every == 0}, number


def test_what_visitors_write_can_be_no_tag(session: Session) -> None:
    words = "@pending #0000000000000 ^4 =tsehid ~lbaku @2020"
    tribute = standing(session, Status.APPROVED, words=words, name="@pending", place="^8")
    held_terms = entry_of(session, PUBLIC, tribute.id)[1]
    assert not held_terms & {"@pending", "^8", "=tsehid", "@2020", "#0000000000000"}
    assert {"pending", "8", "2020"} <= held_terms


def test_an_endless_text_is_cut_and_can_be_indexed_and_taken_out(session: Session) -> None:
    words = " ".join(f"𐐨söz{number}" for number in range(30_000))
    said = Said(7, memorial(session).id, "az", 2026, words, name=words[:200], place=words[:200])
    before = reindexing.counted(session, Vocabulary)
    assert index.put(session, ARTICLES, 7, said)
    assert reindexing.miscounted(session, Vocabulary) == {}
    assert found(session, ARTICLES, "𐐨söz7 𐐨söz77") == [7]
    assert index.put(session, ARTICLES, 7, None)
    assert reindexing.counted(session, Vocabulary) == before
