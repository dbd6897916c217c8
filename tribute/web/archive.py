"""The archive: years, months and days of past entries, and the event's day across the years."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from flask import Blueprint, g, render_template, request

from tribute.domain.anniversary import local_day
from tribute.extensions import db, now
from tribute.services import archive
from tribute.web import cursors
from tribute.web.shell import this_memorial

bp = Blueprint("archive", __name__)


@bp.get("/<lang:lang>/<memorial>/archive/")
def index() -> str:
    """The years."""
    return render_template("archive/index.html", years=archive.years(db.session(), this_memorial()))


@bp.get("/<lang:lang>/<memorial>/archive/on-this-day/")
def on_this_day() -> str:
    """The event's day in each year."""
    return render_template("archive/on_this_day.html", days=archive.on_this_day(db.session(), this_memorial()))


@bp.get("/<lang:lang>/<memorial>/archive/<year:year>/")
def year(year: int) -> str:
    """A year's months."""
    found = archive.year(db.session(), this_memorial(), year, _today())
    return render_template("archive/year.html", year=year, found=found)


@bp.get("/<lang:lang>/<memorial>/archive/<year:year>/<int(min=1, max=12):month>/")
def month(year: int, month: int) -> str:
    """A month's tributes, or those of one of its days."""
    first, chosen = date(year, month, 1), _day(year, month)
    show = archive.day if chosen else archive.month
    edges = cursors.cursor("before"), cursors.cursor("after")
    found = show(db.session(), this_memorial(), chosen or first, _today(), *edges)
    g.kept_query = {"day": chosen.day} if chosen else {}
    return render_template("archive/month.html", first=first, chosen=chosen, found=found)


def _day(year: int, month: int) -> date | None:
    """The day of the month that the query names, if it has such a day."""
    value = request.args.get("day", "")
    is_day = value.isascii() and value.isdecimal() and len(value) <= 2
    return date(year, month, int(value)) if is_day and 1 <= int(value) <= monthrange(year, month)[1] else None


def _today() -> date:
    return local_day(now(), this_memorial().time_zone)
