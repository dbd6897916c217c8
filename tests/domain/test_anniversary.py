"""Years since the event, and where days and years begin."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tribute.domain.anniversary import day_edges, in_year, local_day, month_edges, year_edges, years_since

EVENT = date(1990, 1, 20)
LEAP_DAY = date(1988, 2, 29)


@pytest.mark.parametrize(
    ("event", "day", "years"),
    [
        (EVENT, date(2026, 1, 19), 35),
        (EVENT, date(2026, 1, 20), 36),
        (EVENT, date(2026, 1, 21), 36),
        (EVENT, date(2026, 12, 31), 36),
        (EVENT, date(2027, 1, 1), 36),
        (EVENT, date(1990, 1, 20), 0),
        (EVENT, date(1991, 1, 19), 0),
        (EVENT, date(1991, 1, 20), 1),
        (EVENT, date(1989, 6, 1), 0),
        (LEAP_DAY, date(2023, 2, 28), 34),
        (LEAP_DAY, date(2023, 3, 1), 35),
        (LEAP_DAY, date(2024, 2, 28), 35),
        (LEAP_DAY, date(2024, 2, 29), 36),
        (date(1992, 12, 31), date(2025, 12, 30), 32),
        (date(1992, 12, 31), date(2025, 12, 31), 33),
    ],
)
def test_a_year_is_counted_once_its_day_has_come(event: date, day: date, years: int) -> None:
    assert years_since(event, day) == years


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        (datetime(2026, 1, 19, 19, 59, 59, tzinfo=UTC), "Asia/Baku", date(2026, 1, 19)),
        (datetime(2026, 1, 19, 20, 0, tzinfo=UTC), "Asia/Baku", date(2026, 1, 20)),
        (datetime(2026, 1, 20, 3, 0, tzinfo=UTC), "America/New_York", date(2026, 1, 19)),
        (datetime(2026, 1, 20, 3, 0, tzinfo=UTC), "UTC", date(2026, 1, 20)),
    ],
)
def test_the_day_is_the_one_where_the_memorial_is(at: datetime, zone: str, day: date) -> None:
    assert local_day(at, zone) == day


def test_a_year_in_baku_begins_four_hours_before_it_does_in_greenwich() -> None:
    assert year_edges(2026, "Asia/Baku") == (
        datetime(2025, 12, 31, 20, tzinfo=UTC),
        datetime(2026, 12, 31, 20, tzinfo=UTC),
    )


def test_the_years_lie_edge_to_edge_even_where_the_clocks_were_changed() -> None:
    for year in range(1988, 2030):  # Baku's own offset moved several times in these
        assert year_edges(year, "Asia/Baku")[1] == year_edges(year + 1, "Asia/Baku")[0]
    assert year_edges(2015, "Asia/Baku")[0] == datetime(2014, 12, 31, 20, tzinfo=UTC)
    assert year_edges(1991, "Asia/Baku")[0] == datetime(1990, 12, 31, 20, tzinfo=UTC)


def test_months_and_days_lie_edge_to_edge_and_hold_their_own_moments() -> None:
    day, millisecond = date(1989, 12, 1), timedelta(milliseconds=1)
    while day < date(2017, 1, 1):  # Baku's clocks were changed twice a year until 2016
        first, beyond = day_edges(day, "Asia/Baku")
        assert local_day(first, "Asia/Baku") == local_day(beyond - millisecond, "Asia/Baku") == day
        assert local_day(first - millisecond, "Asia/Baku") == day - timedelta(days=1)
        if day.day == 1:
            assert month_edges(day, "Asia/Baku")[0] == first
            assert month_edges(day - timedelta(days=1), "Asia/Baku")[1] == first
        day += timedelta(days=1)


@pytest.mark.parametrize(("month", "days"), [(1, 31), (2, 28), (4, 30), (12, 31)])
def test_a_month_is_as_long_as_it_is_whichever_of_its_days_names_it(month: int, days: int) -> None:
    for day in (1, days):
        first, beyond = month_edges(date(2026, month, day), "Asia/Baku")
        assert (local_day(first, "Asia/Baku"), beyond - first) == (date(2026, month, 1), timedelta(days=days))


def test_the_events_day_comes_in_every_year_that_has_it() -> None:
    assert in_year(EVENT, 2026) == date(2026, 1, 20)
    assert in_year(LEAP_DAY, 2024) == date(2024, 2, 29)
    assert in_year(LEAP_DAY, 2023) is None
