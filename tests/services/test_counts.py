"""Counts are kept, never recounted, and yet always right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import AT, KEEPER, MODERATOR, decided, memorial, sent, standing, statuses, step
from tribute.domain.errors import Conflict, IllegalAction
from tribute.domain.lifecycle import Action, Status
from tribute.models import DeskVocabulary, Tribute, TributeCount, TributeEntry, Vocabulary, count_in
from tribute.services import authors, counts, decisions, erasure, reindexing
from tribute.services.tributes import Written

WORDS = ["", "I remember.", "Şəhidlərimizi heç vaxt unutmarıq.", "Вечная память погибшим.", "Unutmayacağız."]
WALK = [Action.AMEND, Action.APPROVE, Action.DECLINE, Action.SPAM, Action.HIDE, Action.RESTORE, Action.UNDO,
        Action.WITHDRAW, Action.RETURN, Action.REMOVE]  # fmt: skip
STEPS = 150


def walked(session: Session, chance: Random, tribute: Tribute, at: datetime) -> None:
    """One step of whichever kind, in whatever status; the table refuses many."""
    action = chance.choice(WALK)
    if action == Action.AMEND:
        authors.amend(session, tribute, at, tribute.version, Written("Leyla", "", chance.choice(WORDS), "en"))
    elif action == Action.UNDO:
        decided(session, tribute, action, at, chance.choice([KEEPER, MODERATOR]))
    else:
        step(session, tribute, action, at)


@pytest.mark.parametrize("seed", [1990, 20])
def test_after_any_walk_of_steps_counts_index_and_log_fit_the_tributes(session: Session, seed: int) -> None:
    chance, refused = Random(seed), 0  # noqa: S311  a walk that can be walked again
    tributes = [
        sent(session, AT + timedelta(days=97 * n, hours=n), gesture=chance.choice(["candle", "dove", "none"]),
             words=chance.choice(WORDS), page_language=chance.choice(["az", "en", "ru", "tr"]))
        for n in range(12)
    ]  # fmt: skip
    for number in range(STEPS):
        session.commit()
        try:
            walked(session, chance, chance.choice(tributes), AT + timedelta(days=2000, minutes=number))
        except (IllegalAction, Conflict):
            session.rollback()
            refused += 1
    assert 10 < refused < STEPS - 20  # the walk took steps, and tried impossible ones
    fits(session)
    session.commit()
    erasure.erase_withdrawn(session, AT + timedelta(days=4000))
    fits(session)


def fits(session: Session) -> None:
    """What is kept twice agrees."""
    assert counts.kept(session) == counts.recount(session)
    assert {status: number for status, number in counts.by_status(session).items() if number} == statuses(session)
    public = session.scalars(select(Tribute.id).where(Tribute.status == Status.APPROVED)).all()
    assert sorted(public) == sorted(session.scalars(select(TributeEntry.source_id)))
    assert decisions.broken_row(session) is None
    assert not any(reindexing.compare(session, which) for which in reindexing.INDEXES)
    assert [reindexing.miscounted(session, table) for table in (Vocabulary, DeskVocabulary)] == [{}, {}]


def test_what_is_public_counts_in_its_year_month_and_day_where_the_memorial_is(session: Session) -> None:
    standing(session, Status.APPROVED, datetime(2026, 12, 31, 20, 30, tzinfo=UTC))  # half past midnight in Baku
    assert {key[2]: number for key, number in counts.kept(session).items()} == {
        "all": 1, "y2027": 1, "m2027-01": 1, "d2027-01-01": 1,
    }  # fmt: skip
    assert counts.periods(Status.PENDING, date(2026, 1, 1)) == ["all"]


def test_the_walls_numbers_are_of_what_is_public_alone(session: Session) -> None:
    here = memorial(session).id
    for status in Status:
        standing(session, status, gesture="candle")
    standing(session, Status.APPROVED, datetime(2024, 1, 20, 9, tzinfo=UTC), words="Вечная память погибшим.")
    standing(session, Status.APPROVED, datetime(2024, 5, 1, 9, tzinfo=UTC), words="Мы помним тот январь.")
    assert counts.public_total(session, here) == 3
    assert counts.public_years(session, here) == [(2026, 1), (2024, 2)]
    assert counts.public_languages(session, here) == [("ru", 2), ("en", 1)]
    assert counts.public_gestures(session, here) == [("none", 2), ("candle", 1)]


def test_what_is_public_no_more_leaves_the_choices(session: Session) -> None:
    here = memorial(session).id
    step(session, standing(session, Status.APPROVED), Action.HIDE, AT + timedelta(hours=1))
    assert counts.public_total(session, here) == 0
    assert counts.public_years(session, here) == []
    assert counts.public_languages(session, here) == []
    assert counts.public_gestures(session, here) == []


def test_another_memorials_numbers_are_its_own(session: Session) -> None:
    standing(session, Status.APPROVED)
    assert counts.public_total(session, 1) == 0


def test_mending_makes_wrong_counts_right(session: Session) -> None:
    for status in Status:
        standing(session, status)
    right = counts.kept(session)
    for row in session.scalars(select(TributeCount)).all()[::2]:
        row.number += 5
    session.flush()
    assert counts.kept(session) != right
    count_in(session, TributeCount, counts.missing(session))
    assert counts.kept(session) == right == counts.recount(session)
