"""The archive: past entries by year, month and day, and the event's day across the years."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.services.acts import AT, memorial, standing, step
from tribute.domain import ids
from tribute.domain.errors import NotFound
from tribute.domain.lifecycle import Action, Status
from tribute.models import Memorial
from tribute.services import archive, memorials
from tribute.services.archive import FIRST, LINES, Contents, Day

TODAY = date(2026, 11, 23)
JANUARY = date(2026, 1, 1)


def published(session: Session, *moments: datetime, **fields: str) -> list[str]:
    """A published tribute at each moment."""
    return [standing(session, Status.APPROVED, at, **fields).public_id for at in moments]


def on(*days: date) -> list[datetime]:
    """Noon in Baku on each day."""
    return [datetime(day.year, day.month, day.day, 8, tzinfo=UTC) for day in days]


def the_month(session: Session, first: date = JANUARY, **edges: int | None) -> Contents:
    """A page of a month."""
    return archive.month(session, memorial(session), first, TODAY, **edges)


def listed(contents: Contents | list[Day]) -> list[str]:
    """The tributes on a page, in order."""
    days = contents.days if isinstance(contents, Contents) else contents
    return [line.card.public_id for day in days for line in day.lines]


def fill_a_page(session: Session) -> list[str]:
    """One tribute more than two pages hold, over two days."""
    return published(session, *(AT + timedelta(minutes=15 * n) for n in range(2 * LINES + 1)))


@contextmanager
def statements(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """What the database is asked meanwhile."""
    seen: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(session.get_bind(), "before_cursor_execute", hear)
    yield seen
    event.remove(session.get_bind(), "before_cursor_execute", hear)


def test_the_years_run_from_the_newest_to_the_first_and_empty_ones_are_among_them(session: Session) -> None:
    assert archive.years(session, memorial(session)) == []
    published(session, *on(date(2026, 1, 20), date(2026, 5, 1), date(2023, 1, 20)))
    standing(session, Status.PENDING, datetime(2020, 1, 20, 8, tzinfo=UTC))
    assert archive.years(session, memorial(session)) == [(2026, 2), (2025, 0), (2024, 0), (2023, 1)]


def test_a_year_has_its_twelve_months_and_the_nearest_years_with_tributes(session: Session) -> None:
    published(session, *on(date(2019, 3, 3), date(2023, 1, 20), date(2023, 1, 21), date(2023, 12, 31), JANUARY))
    found = archive.year(session, memorial(session), 2023, TODAY)
    assert [month.month for month, _ in found.months] == list(range(1, 13))
    assert {month.month: n for month, n in found.months if n} == {1: 2, 12: 1}
    assert (found.total, found.earlier, found.later) == (3, date(2019, 1, 1), date(2026, 1, 1))


def test_a_month_is_the_one_where_the_memorial_is(session: Session) -> None:
    last, first = datetime(2026, 1, 31, 19, 59, tzinfo=UTC), datetime(2026, 1, 31, 20, 1, tzinfo=UTC)
    january, february = published(session, last, first)
    assert listed(the_month(session)) == [january]
    assert listed(the_month(session, date(2026, 2, 1))) == [february]


def test_a_month_reads_in_time_order_by_days_with_their_numbers(session: Session) -> None:
    late, early, next_day = published(
        session, AT, AT - timedelta(hours=2), datetime(2026, 1, 20, 20, 30, tzinfo=UTC)
    )  # fmt: skip
    found = the_month(session)
    assert listed(found) == [early, late, next_day]
    assert [(day.date.day, day.number, len(day.lines)) for day in found.days] == [(20, 2, 2), (21, 1, 1)]
    assert found.index == [(date(2026, 1, 20), 2), (date(2026, 1, 21), 1)]
    assert found.total == 3


def test_only_what_is_public_is_in_the_archive(session: Session) -> None:
    made = {status: standing(session, status).public_id for status in Status}
    step(session, standing(session, Status.APPROVED), Action.HIDE, AT + timedelta(hours=1))
    found = the_month(session)
    assert (listed(found), found.total) == ([made[Status.APPROVED]], 1)
    assert listed(archive.on_this_day(session, memorial(session))) == [made[Status.APPROVED]]


def test_a_line_shows_the_first_words_and_a_gesture_without_words_none(session: Session) -> None:
    standing(session, Status.APPROVED, words="<b>First</b> &\n\nsecond. " + "More words. " * 20, gesture="dove")
    standing(session, Status.APPROVED, AT + timedelta(hours=1), words="", gesture="carnation")
    worded, laid = the_month(session).days[0].lines
    assert worded.opening.startswith("First & second. More words.")
    assert worded.opening.endswith("…")
    assert len(worded.opening) <= archive.OPENING + 1
    assert (laid.opening, laid.card.gesture) == ("", "carnation")


def test_pages_cover_a_month_once_and_lead_back_the_same_way(session: Session) -> None:
    made = fill_a_page(session)
    first = the_month(session)
    assert first.older is None
    second = the_month(session, after=ids.decode(first.newer or ""))
    third = the_month(session, after=ids.decode(second.newer or ""))
    assert [listed(page) for page in (first, second, third)] == [made[:LINES], made[LINES:-1], made[-1:]]
    assert third.newer is None
    back = the_month(session, before=ids.decode(third.older or ""))
    assert listed(back) == listed(second)
    assert listed(the_month(session, before=ids.decode(back.older or ""))) == made[:LINES]
    assert all(page.total == len(made) for page in (first, second, third, back))


def test_a_cursor_that_leads_past_the_month_shows_its_beginning(session: Session) -> None:
    [made] = published(session, AT)
    for edges in ({"after": ids.MAXIMUM}, {"before": 0}, {"after": ids.decode(made)}):
        assert listed(the_month(session, **edges)) == [made]


def test_a_day_has_its_own_tributes_and_the_days_around_it(session: Session) -> None:
    days = [date(2026, 1, day) for day in (3, 20, 21)]
    made = published(session, *on(date(2024, 1, 20), *days))
    found = archive.day(session, memorial(session), days[1], TODAY)
    assert (listed(found), found.total) == ([made[2]], 1)
    assert [day for day, _ in found.index] == days
    assert (found.earlier, found.later) == (days[0], days[2])
    assert archive.day(session, memorial(session), days[0], TODAY).earlier == date(2024, 1, 20)


def test_an_empty_month_and_day_lead_on(session: Session) -> None:
    published(session, *on(date(2025, 12, 5), date(2026, 3, 7)))
    found = the_month(session)
    assert (found.days, found.total, found.index) == ([], 0, [])
    assert (found.earlier, found.later) == (date(2025, 12, 1), date(2026, 3, 1))
    empty = archive.day(session, memorial(session), date(2026, 3, 9), TODAY)
    assert (empty.days, empty.total, empty.earlier, empty.later) == ([], 0, date(2026, 3, 7), None)


def test_what_is_public_no_more_is_no_neighbour(session: Session) -> None:
    hidden = standing(session, Status.APPROVED, datetime(2025, 1, 20, 8, tzinfo=UTC))
    published(session, AT)
    assert the_month(session).earlier == date(2025, 1, 1)
    step(session, hidden, Action.HIDE, AT)
    assert the_month(session).earlier is None
    assert archive.years(session, memorial(session)) == [(2026, 1)]


@pytest.mark.parametrize("first", [date(1989, 12, 1), date(2026, 12, 1), date(2999, 1, 1), date(1900, 1, 1)])
def test_a_time_before_the_event_or_still_to_come_is_nothing(session: Session, first: date) -> None:
    with pytest.raises(NotFound):
        the_month(session, first)
    with pytest.raises(NotFound):
        archive.day(session, memorial(session), first.replace(day=20), TODAY)
    if first.year != TODAY.year:
        with pytest.raises(NotFound):
            archive.year(session, memorial(session), first.year, TODAY)


@pytest.mark.parametrize("first", [date(1990, 1, 1), date(2026, 11, 1)])
def test_the_months_of_the_event_and_of_today_are_possible(session: Session, first: date) -> None:
    assert the_month(session, first).total == 0
    assert archive.year(session, memorial(session), first.year, TODAY).total == 0


def test_what_has_tributes_is_there_whatever_the_clock_says(session: Session) -> None:
    published(session, *on(date(2027, 2, 2)))
    assert the_month(session, date(2027, 2, 1)).total == 1
    assert archive.year(session, memorial(session), 2027, TODAY).total == 1


def test_this_day_across_the_years_has_each_years_number_and_first_tributes(session: Session) -> None:
    made = published(session, *(AT + timedelta(hours=n) for n in range(FIRST + 2)))
    [other] = published(session, datetime(2023, 1, 19, 21, tzinfo=UTC))  # one in the morning in Baku
    published(session, *on(date(2022, 1, 19), date(2024, 1, 21)))
    found = archive.on_this_day(session, memorial(session))
    assert [(day.date.year, day.number) for day in found] == [(2026, 5), (2025, 0), (2024, 0), (2023, 1), (2022, 0)]
    assert all((day.date.month, day.date.day) == (1, 20) for day in found)
    assert listed(found) == [*made[:FIRST], other]


def test_nothing_was_written_on_this_day_where_nothing_was_written(session: Session) -> None:
    assert archive.on_this_day(session, memorial(session)) == []


def test_a_leap_day_comes_every_fourth_year(session: Session) -> None:
    published(session, *on(date(2024, 2, 29), date(2025, 3, 1)))
    here = memorial(session)
    here.event_date = date(1988, 2, 29)
    assert [(day.date, day.number) for day in archive.on_this_day(session, here)] == [(date(2024, 2, 29), 1)]
    here.event_date = date(1988, 3, 1)
    assert [day.number for day in archive.on_this_day(session, here)] == [1, 0]


def test_each_memorial_has_its_own_archive(session: Session) -> None:
    published(session, AT)
    names = {"en": "Another"}
    other = memorials.add(session, "another", date(1992, 2, 26), "Asia/Baku", names, names, AT)
    assert archive.years(session, other) == []
    assert archive.month(session, other, JANUARY, TODAY).days == []
    assert archive.on_this_day(session, other) == []


Page = Callable[[Session, Memorial], object]
PAGES: dict[str, Page] = {
    "years": archive.years,
    "year": lambda session, here: archive.year(session, here, 2026, TODAY),
    "month": lambda session, here: archive.month(session, here, JANUARY, TODAY),
    "day": lambda session, here: archive.day(session, here, AT.date(), TODAY),
    "on this day": archive.on_this_day,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_as_often_for_many_tributes_as_for_one(session: Session, name: str) -> None:
    here = memorial(session)
    published(session, AT)
    with statements(session) as few:
        PAGES[name](session, here)
    published(session, *on(*(date(2010 + n, 1, 20) for n in range(12))), *(AT + timedelta(hours=n) for n in range(30)))
    with statements(session) as many:
        PAGES[name](session, here)
    assert 1 <= len(many) == len(few) <= 5


def test_tributes_are_read_by_ranges_of_keys_and_never_all(session: Session) -> None:
    published(session, AT, AT + timedelta(days=1), *on(date(2024, 1, 20)))
    here = memorial(session)
    session.flush()
    with statements(session) as seen:
        the_month(session, after=ids.first_id_at(AT))
        archive.on_this_day(session, here)
    asked = [(statement, parameters) for statement, parameters in seen if "FROM tribute \n" in statement]
    assert len(asked) == 2
    for statement, parameters in asked:
        plan = explained(session, statement, parameters)
        assert any("id >" in line or "id>" in line for line in plan), plan
        assert not [line for line in plan if "Seq Scan on tribute" in line or line.startswith("SCAN tribute")], plan


def explained(session: Session, statement: str, parameters: Any) -> list[str]:
    """How the database would answer; on PostgreSQL as at a size where reading all would not be quickest."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
    plan = session.connection().exec_driver_sql(
        f"EXPLAIN {'QUERY PLAN ' if on_sqlite else ''}{statement}", parameters
    )  # fmt: skip
    return [str(row[-1]) for row in plan]
