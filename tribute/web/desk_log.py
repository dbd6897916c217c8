"""The desk's log: what was done, by whom, why and when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import render_template

from tribute.domain import ids
from tribute.domain.lifecycle import Action
from tribute.domain.permissions import Permission
from tribute.domain.reasons import Ground, Reason
from tribute.extensions import db
from tribute.services import log as service
from tribute.services.decisions import AUTHOR, RULE
from tribute.services.log import Entry, Sought
from tribute.web import cursors, words
from tribute.web.access import requires
from tribute.web.desk import bp, rooms
from tribute.web.shell import shown_memorial

ACTORS = (AUTHOR.kind, RULE.kind)
__all__ = ["bp"]  # the desk's own blueprint, with the log added


@bp.get("/log")
@requires(Permission.DECIDE)
def log() -> str:
    """The log, newest first, by who, what, reason and day."""
    names = service.deciders(db.session())
    chosen = _chosen(names)
    found = service.page(db.session(), _sought(chosen), cursors.cursor("before"), cursors.cursor("after"))
    return render_template(
        "desk/log.html", rows=[_shown(entry, names) for entry in found.entries], older=found.older, newer=found.newer,
        chosen={name: value for name, value in chosen.items() if value}, names=names, actions=list(Action),
        reasons=list(Reason), grounds=list(Ground), **rooms(),
    )  # fmt: skip


def _chosen(names: dict[int, str]) -> dict[str, Any]:
    """What the address asks for, by the names that it has there."""
    return {
        "who": cursors.choice("who", (*ACTORS, *map(str, names))), "what": cursors.choice("what", list(Action)),
        "reason": cursors.choice("reason", (*Reason, *Ground)), "from": cursors.day("from"), "to": cursors.day("to"),
    }  # fmt: skip


def _sought(chosen: dict[str, Any]) -> Sought:
    who, first, last = chosen["who"], chosen["from"], chosen["to"]
    return Sought(
        who if who in ("", *ACTORS) else int(who), chosen["what"], chosen["reason"],
        _midnight(first) if first else None, _midnight(last + timedelta(days=1)) if last else None,
    )  # fmt: skip


def _midnight(day: date) -> datetime:
    """When a day begins where the memorial is."""
    shown_memorial()
    return datetime.combine(day, time(), words.zone())


def _shown(entry: Entry, names: dict[int, str]) -> dict[str, Any]:
    row = entry.row
    return {
        "at": row.at, "actor": row.actor, "who": names.get(row.person_id or 0, ""), "action": row.action,
        "from_status": row.from_status, "to_status": row.to_status, "reason": row.reason, "note": entry.note,
        "public_id": ids.encode(row.tribute_id), "name": entry.name,
    }  # fmt: skip
