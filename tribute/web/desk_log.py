"""The desk's log: what was done, by whom, why and when; and for keepers the same as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, render_template
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tribute.domain import ids, text
from tribute.domain.anniversary import local_day
from tribute.domain.deeds import Deed
from tribute.domain.lifecycle import Action, Remark
from tribute.domain.permissions import Permission
from tribute.domain.reasons import Ground, Reason
from tribute.extensions import db, now
from tribute.models import Decision
from tribute.services import decisions, people
from tribute.services import log as service
from tribute.services.decisions import AUTHOR, RULE
from tribute.services.deeds import OPERATOR
from tribute.services.log import Entry, Sought
from tribute.web import cursors, words
from tribute.web.access import requires
from tribute.web.desk import bp, rooms
from tribute.web.freshness import fresh
from tribute.web.shell import shown_memorial

ACTORS = (AUTHOR.kind, RULE.kind, OPERATOR.kind)
ACTIONS = (*Action, *Remark, *Deed)
COLUMNS = (*(column.name for column in Decision.__table__.columns), "person", "tribute")
__all__ = ["bp"]  # the desk's own blueprint, with the log added


@bp.get("/log")
@requires(Permission.DECIDE)
def log() -> str:
    """The log, newest first, by who, what, reason and day."""
    names, everybody = service.deciders(db.session()), people.names(db.session())
    chosen = _chosen(names)
    found = service.page(db.session(), _sought(chosen), cursors.cursor("before"), cursors.cursor("after"))
    return render_template(
        "desk/log.html", rows=[_shown(entry, names, everybody) for entry in found.entries],
        older=found.older, newer=found.newer,
        chosen={name: value for name, value in chosen.items() if value}, names=names, actions=ACTIONS,
        reasons=list(Reason), grounds=list(Ground), **rooms(),
    )  # fmt: skip


@bp.get("/log/export")
@requires(Permission.OVERSEE)
@fresh
def export_log() -> Response:
    """The rows that the log's page would show, oldest first, as a table: codes and digests, no words and no notes."""
    shown_memorial()
    names = service.deciders(db.session())
    sought, last = _sought(_chosen(names)), service.newest(db.session())
    file = f"log-{local_day(now(), str(words.zone()))}.csv"
    head = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(_lines(db.engine, sought, last, names), mimetype="text/csv", headers=head)


def _lines(engine: Engine, sought: Sought, last: int, names: dict[int, str]) -> Iterator[str]:
    """The table, each step read by a session of its own: rows never change, and no long reading holds others up."""
    yield _csv([COLUMNS])
    for after in range(0, last, service.STEP):
        with Session(engine) as session:
            found = service.exported(session, sought, after)
            lines = [_line(row, names) for row in found if row.number <= last]
        yield _csv(lines)


def _line(row: Decision, names: dict[int, str]) -> list[str]:
    """A row of the log, who it was by name, and the tribute as addresses name it."""
    beside = names.get(row.person_id or 0, ""), ids.encode(row.tribute_id) if row.tribute_id else ""
    return ["" if value is None else text.cell(str(value)) for value in (*decisions.values_of(row).values(), *beside)]


def _csv(rows: Iterable[Iterable[str]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


def _chosen(names: dict[int, str]) -> dict[str, Any]:
    """What the address asks for, by the names that it has there."""
    return {
        "who": cursors.choice("who", (*ACTORS, *map(str, names))), "what": cursors.choice("what", ACTIONS),
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


def _shown(entry: Entry, names: dict[int, str], everybody: dict[int, str]) -> dict[str, Any]:
    row = entry.row
    return {
        "at": row.at, "actor": row.actor, "who": names.get(row.person_id or 0, ""), "action": row.action,
        "from_status": row.from_status, "to_status": row.to_status, "reason": row.reason, "note": entry.note,
        "public_id": ids.encode(row.tribute_id) if row.tribute_id else "", "name": entry.name,
        "is_remark": row.action in list(Remark), "is_deed": row.action in list(Deed),
        "about": everybody.get(row.version, "") if row.action in list(Deed) else "",
    }  # fmt: skip
