"""The desk's room of what visitors reported: read, and kept, hidden or removed."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tribute.domain import ids
from tribute.domain.errors import Conflict
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import Tribute, begin_write
from tribute.services import desk_cards, hiding, tributes
from tribute.services import reports as service
from tribute.services.desk import actor_of
from tribute.web import cursors
from tribute.web.access import requires, this_person
from tribute.web.desk import Page, bp, own_path, rooms, undo_slip, who_was_first
from tribute.web.desk_faces import faces
from tribute.web.forms import VersionForm

__all__ = ["bp"]  # the desk's own blueprint, with the reports added


@bp.get("/reports")
@requires(Permission.DECIDE)
def reports() -> str:
    """What was reported and nobody has read yet, newest first."""
    return _page()


@bp.post("/reports/<public_id>/keep")
@requires(Permission.DECIDE)
def keep_reported(public_id: str) -> Page:
    """Keep a tribute: the reports that were read are settled."""
    found, form = tributes.by_id(db.session(), ids.decode(public_id)), VersionForm()
    actor, seen = actor_of(this_person()), ids.decode(request.form.get("seen", ""))
    begin_write(db.session())
    try:
        hiding.keep(db.session(), found, actor, now(), form.seen, ids.MAXIMUM if seen is None else seen)
    except Conflict as conflict:
        db.session.rollback()
        return _page(who_was_first(conflict)), 409
    db.session.commit()
    return _back()


def _back() -> Response:
    return redirect(own_path(request.form.get("next")) or url_for("desk.reports"), 303)


def _page(conflict: dict[str, Any] | None = None) -> str:
    found = service.page(db.session(), cursors.cursor("before"), cursors.cursor("after"))
    keys = [key for key, _newest in found.rows]
    rows = {row.id: row for row in db.session.scalars(db.select(Tribute).where(Tribute.id.in_(keys)))}
    cards = desk_cards.cards(db.session(), [rows[key] for key in keys], this_person())
    reported = service.of(db.session(), keys)
    return render_template(
        "desk/reports.html",
        items=[(face, reported[key]) for key, face in zip(keys, faces(cards, "reported"), strict=True)],
        older=found.older, newer=found.newer, conflict=conflict, undo=undo_slip(), time_of=ids.time_of,
        here_is=url_for("desk.reports") if request.method == "POST" else "", **rooms(),
    )  # fmt: skip
