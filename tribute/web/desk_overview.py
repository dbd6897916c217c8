"""The desk's overview: what came in and was decided lately, how long it took, and what triage made of it."""

from __future__ import annotations

from typing import Any

from babel import dates
from flask import render_template

from tribute.domain.anniversary import local_day
from tribute.domain.permissions import Permission, allows
from tribute.extensions import db, now
from tribute.services import memorials
from tribute.services import overview as service
from tribute.services.overview import Slot
from tribute.web import charts, cursors, words
from tribute.web.access import requires, this_person
from tribute.web.charts import Pair
from tribute.web.desk import bp, rooms
from tribute.web.histogram import BASE, TOP
from tribute.web.shell import shown_memorial

DAYS = (1, 7, 31)
SHOWN = 7
__all__ = ["bp"]  # the desk's own blueprint, with the overview added


@bp.get("/overview")
@requires(Permission.DECIDE)
def overview() -> str:
    """One, seven or thirty-one days up to today, where the memorial is."""
    shown_memorial()
    days, zone, session = int(cursors.choice("days", [*map(str, DAYS)]) or SHOWN), str(words.zone()), db.session()
    today = local_day(now(), zone)
    found = service.overview(session, [memorial.id for memorial in memorials.every(session)], zone, today, days)
    oversees = allows(this_person().held, Permission.OVERSEE)
    return render_template(
        "desk/overview.html", days=days, choices=DAYS, found=found, today=today, **_chart(found.slots, days),
        loads=service.loads(session, *service.edges(zone, today, days)) if oversees else None, **rooms(),
    )  # fmt: skip


def _chart(slots: list[Slot], days: int) -> dict[str, Any]:
    """The bars, each with its slot and the names that it has under the bars and in the table."""
    numbers = [(slot.received, slot.decided) for slot in slots]
    found = charts.pairs(numbers, from_the_last=days > 1)
    highest = max((max(pair) for pair in numbers), default=0)
    return {"bars": _named(found, slots, days), "highest": highest, "top": TOP, "base": BASE}


def _named(found: list[Pair], slots: list[Slot], days: int) -> list[tuple[Pair, Slot, str, str]]:
    return [(pair, slot, *_names(slot, days)) for pair, slot in zip(found, slots, strict=True)]


def _names(slot: Slot, days: int) -> tuple[str, str]:
    """A slot's short name, and the one that stands by itself."""
    begins = slot.begins.astimezone(words.zone())
    if days == 1:
        return f"{begins:%H}", words.clock(begins)
    return dates.format_skeleton("Md", begins.date(), locale=words.locale()), words.day_and_month(begins.date())
