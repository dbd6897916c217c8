"""Reading what a query string says: cursors and choices, where anything unreadable is simply not there."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from flask import request

from tribute.domain import ids
from tribute.services.memorials import SLUG


def cursor(name: str) -> int | None:
    """A page's edge."""
    return ids.decode(request.args.get(name, ""))


def choice(name: str, allowed: Collection[str] | None = None) -> str:
    """A code, or nothing where it is none of the allowed; without a list, any short code of letters."""
    value = request.args.get(name, "")
    is_known = value in allowed if allowed is not None else value.isalpha() and value.isascii() and len(value) <= 3
    return value if is_known else ""


def slug(name: str) -> str:
    """What can be a memorial's address, or nothing."""
    value = request.args.get(name, "")
    return value if SLUG.fullmatch(value) else ""


def year(name: str = "year") -> int | None:
    """A year of four digits that a key can hold."""
    value = request.args.get(name, "")
    is_year = value.isascii() and value.isdecimal() and len(value) == 4 and "1900" <= value <= str(ids.LAST_YEAR)
    return int(value) if is_year else None


def day(name: str) -> date | None:
    """A day as `<input type="date">` sends it, of a year that a key can hold."""
    return written_day(request.args.get(name, ""))


def written_day(value: str) -> date | None:
    """The day that such a field sent."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if 1900 <= found.year <= ids.LAST_YEAR else None


def page(name: str = "page") -> int:
    """The number of a page, from 1 on."""
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and 0 < len(value) <= 4 and int(value) > 0 else 1
