"""Years since the event, and the edges of years, months and days in the memorial's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def local_day(at: datetime, time_zone: str) -> date:
    """The calendar day of a moment, where the memorial is."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def years_since(event: date, day: date) -> int:
    """Completed years from the event to a day; 0 before the first anniversary."""
    not_yet = (day.month, day.day) < (event.month, event.day)
    return max(0, day.year - event.year - not_yet)


def in_year(event: date, year: int) -> date | None:
    """The event's day in a year; None for a 29 February that the year does not have."""
    try:
        return event.replace(year=year)
    except ValueError:
        return None


def year_edges(year: int, time_zone: str) -> tuple[datetime, datetime]:
    """The first moment of a year and of the next, in UTC."""
    return _begins(date(year, 1, 1), time_zone), _begins(date(year + 1, 1, 1), time_zone)


def month_edges(month: date, time_zone: str) -> tuple[datetime, datetime]:
    """The first moment of the month that a day lies in and of the next, in UTC."""
    first = month.replace(day=1)
    return _begins(first, time_zone), _begins((first + timedelta(days=31)).replace(day=1), time_zone)


def day_edges(day: date, time_zone: str) -> tuple[datetime, datetime]:
    """The first moment of a day and of the next, in UTC."""
    return _begins(day, time_zone), _begins(day + timedelta(days=1), time_zone)


def _begins(day: date, time_zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
