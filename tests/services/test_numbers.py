"""The numbers that everybody may see: by month where the memorial is, newest first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.services.acts import AT, decided, memorial, sent
from tribute.domain.lifecycle import Action
from tribute.domain.reasons import Reason
from tribute.services import decisions, numbers

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_each_month_tells_what_came_in_and_what_became_of_it(session: Session) -> None:
    first, second, third = (sent(session, AT + n * MINUTE) for n in range(3))
    decided(session, first, Action.APPROVE, AT + 30 * MINUTE)
    decided(session, second, Action.DECLINE, AT + 31 * MINUTE, reason=Reason.INSULT)
    decided(session, third, Action.SPAM, AT + 20 * DAY)
    found = numbers.public(session, memorial(session))
    assert [month for month, _ in found.months] == [date(2026, 2, 1), date(2026, 1, 1)]
    february, january = (done for _, done in found.months)
    assert (january.received, january.published, january.declined, january.spam) == (3, 1, {"insult": 1}, 0)
    assert (february.received, february.decided, february.spam) == (0, 1, 1)
    assert january.median is not None
    assert january.median.total_seconds() == pytest.approx(1800, rel=0.1)
    assert (found.total.received, found.total.decided, found.total.refused) == (3, 3, 1)


def test_the_new_year_begins_where_the_memorial_is(session: Session) -> None:
    midnight_in_baku = datetime(2025, 12, 31, 20, tzinfo=UTC)
    for at in (midnight_in_baku - timedelta(seconds=1), midnight_in_baku):
        sent(session, at)
    found = numbers.public(session, memorial(session)).months
    assert [(month, done.received) for month, done in found] == [(date(2026, 1, 1), 1), (date(2025, 12, 1), 1)]


def test_the_newest_hash_is_the_one_that_the_log_can_be_proved_by(session: Session) -> None:
    tribute = sent(session)
    found = numbers.public(session, memorial(session))
    decided(session, tribute, Action.APPROVE, AT + MINUTE)
    assert found.row == 1
    assert decisions.broken_row(session, found.digest) is None
    assert "was rewritten" in str(decisions.broken_row(session, "0" * 63 + "1"))


def test_a_site_without_anything_has_numbers_too(session: Session) -> None:
    found = numbers.public(session, memorial(session))
    assert (found.months, found.row, found.total.received, found.total.median) == ([], 0, 0, None)


def test_the_same_number_of_questions_is_asked_however_many_months_there_are(session: Session) -> None:
    asked: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    def number() -> int:
        here = memorial(session)
        session.flush()
        asked.clear()
        numbers.public(session, here)
        return len(asked)

    event.listen(session.connection(), "before_cursor_execute", hear)
    sent(session)
    for_one = number()
    for month in range(1, 9):
        decided(session, sent(session, AT + 31 * month * DAY), Action.APPROVE, AT + 32 * month * DAY)
    assert (number(), len(numbers.public(session, memorial(session)).months) > 8) == (for_one, True)
