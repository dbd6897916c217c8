"""Years since the event, and the edges of years and days in the memorial's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def local_day(at: datetime, time_zone: str) -> date:
    """The calendar day of a moment, where the memorial is."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def years_since(event: date, day: date) -> int:
    """Completed years from the event to a day; 0 before the first anniversary."""
    not_yet = (day.month, day.day) < (event.month, event.day)
    return max(0, day.year - event.year - not_yet)


def year_edges(year: int, time_zone: str) -> tuple[datetime, datetime]:
    """The first moment of a year and of the next, in UTC."""
    zone = ZoneInfo(time_zone)
    return datetime(year, 1, 1, tzinfo=zone).astimezone(UTC), datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC)
