"""The desk: the queue, one tribute with its history, and deciding."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tribute.domain import ids, text
from tribute.domain.anniversary import local_day
from tribute.domain.errors import Conflict, Forbidden, NotFound
from tribute.domain.language import INTERFACE
from tribute.domain.lifecycle import Action, Status
from tribute.domain.permissions import DESK_ACTIONS, Permission, may_take
from tribute.domain.verdict import Verdict
from tribute.extensions import db, now
from tribute.models import Decision, Revision, Tribute, begin_write
from tribute.services import cases, decisions, desk, erasure, people, tributes
from tribute.services.desk import MOST_COUNTED, WAITING, Listed, Order
from tribute.web import cursors, desk_search, words
from tribute.web.access import requires, this_person
from tribute.web.account import is_password
from tribute.web.errors import page
from tribute.web.forms import DecisionForm
from tribute.web.search import typed_query
from tribute.web.shell import shown_memorial

bp = Blueprint("desk", __name__, url_prefix="/desk")

ROOMS = (WAITING, *Status)
Page = str | tuple[str, int] | Response
History = list[tuple[Decision, str]]


@bp.get("/")
@requires(Permission.DECIDE)
def queue() -> str:
    """What waits, most urgent first; or the tributes of one status, newest first; or what a search finds among all."""
    if typed := typed_query():
        return desk_search.results(typed, undo=_undo(), **rooms())
    wanted = _wanted()
    found = desk.queue(db.session(), this_person(), wanted, cursors.cursor("before"), cursors.cursor("after"))
    verdicts = desk.verdict_counts(db.session(), wanted.language) if wanted.status == WAITING else {}
    return render_template(
        "desk/queue.html", wanted=wanted, items=found.items, older=found.older, newer=found.newer, verdicts=verdicts,
        most=MOST_COUNTED, oldest=desk.oldest_waiting(db.session()), today=_today(), undo=_undo(), **rooms(),
    )  # fmt: skip


def _wanted() -> Listed:
    """The list that the address names: an unknown one is what waits."""
    status = cursors.choice("status", ROOMS) or WAITING
    status = WAITING if status == Status.PENDING else status
    verdict = cursors.choice("verdict", list(Verdict)) if status == WAITING else ""
    return Listed(status, cursors.choice("language"), verdict)


@bp.get("/tributes/<public_id>/")
@requires(Permission.DECIDE)
def tribute(public_id: str) -> str:
    """One tribute with every version of its words and its history."""
    return _tribute_page(tributes.by_id(db.session(), ids.decode(public_id)))


@bp.post("/tributes/<public_id>/<action>")
@requires(Permission.DECIDE)
def decide(public_id: str, action: str) -> Page:
    """Carry out a decision on the version that the moderator saw."""
    if action not in DESK_ACTIONS:
        raise NotFound
    if not may_take(this_person().held, Action(action)):
        raise Forbidden
    found, form = tributes.by_id(db.session(), ids.decode(public_id)), DecisionForm()
    form.validate()
    if (problem := form.problem(action)) is not None:
        return page(422, _("Nothing was decided yet"), str(problem))
    if action == Action.REMOVE and not is_password(form.password.data or "", this_person()):
        return page(422, _("Nothing was decided yet"), _("The password is not right."))
    try:
        _decide(found, _order(Action(action), form))
    except Conflict as conflict:
        db.session.rollback()
        return _tribute_page(found, _first(conflict)), 409
    session["undo"] = public_id
    return redirect(own_path(form.next.data) or url_for("desk.queue"), 303)


@bp.post("/language")
@requires(Permission.DECIDE)
def language() -> Response:
    """Choose the language that the desk speaks to this person."""
    wanted = request.form.get("language")
    if wanted in INTERFACE:
        begin_write(db.session())
        this_person().language = wanted
        db.session.commit()
    return redirect(own_path(request.form.get("next")) or url_for("desk.queue"), 303)


def rooms() -> dict[str, Any]:
    """The numbers beside the desk's rooms."""
    counts = desk.room_counts(db.session())
    capped = [WAITING] if counts[WAITING] > MOST_COUNTED else []
    counts[WAITING] = min(counts[WAITING], MOST_COUNTED)
    return {"counts": counts, "counts_capped": capped, "open_cases": cases.open_count(db.session())}


def own_path(target: str | None) -> str | None:
    """A path of this site, or None: never another host."""
    is_own = bool(target) and str(target).startswith("/desk/") and "\\" not in str(target) and "\n" not in str(target)
    return target if is_own else None


def _order(action: Action, form: DecisionForm) -> Order:
    reason = {Action.DECLINE: form.reason.data, Action.REMOVE: form.ground.data}.get(action, "")
    note = form.note.data or "" if action == Action.DECLINE else ""
    return Order(action, form.seen, reason, note)


def _decide(found: Tribute, order: Order) -> None:
    person = this_person()
    begin_write(db.session())
    desk.decide(db.session(), found, order, person, now())
    db.session.commit()
    if order.action == Action.REMOVE and not erasure.scrub(db.session()):
        flash(_("The words are erased; what the database keeps beside them goes with the next daily run."), "info")


def _first(conflict: Conflict) -> dict[str, Any]:
    """Who came first, in the shape that the page tells it in, and the note that was not taken."""
    names, note = people.names(db.session()), request.form.get("note")
    return {"action": conflict.action, "who": names.get(conflict.person_id or 0, ""), "at": conflict.at, "note": note}


def _tribute_page(found: Tribute, conflict: dict[str, Any] | None = None) -> str:
    card = desk.card(db.session(), found, this_person(), now())
    history = list(decisions.history(db.session(), found.id))
    return render_template(
        "desk/tribute.html",
        item=card,
        revisions=_revisions(found, history),
        history=_history(history),
        conflict=conflict,
        **rooms(),
    )


def _revisions(found: Tribute, history: History) -> list[dict[str, Any]]:
    refused = _refused(found, history)
    rows = db.session.scalars(db.select(Revision).where(Revision.tribute_id == found.id).order_by(Revision.id))
    return [
        {
            "id": ids.encode(row.id), "at": row.at, "by": row.made_by, "name": row.name, "place": row.place,
            "html": text.trusted(row.html), "language": row.language,
            "public": row.id == found.public_revision_id and found.status == Status.APPROVED,
            "waiting": row.id == found.waiting_revision_id, "refused": row.id in refused,
        }
        for row in rows
    ]  # fmt: skip


def _refused(found: Tribute, history: History) -> set[int]:
    judged = (Action.DECLINE, Action.SPAM)
    rows = [row for row, _note in history if row.action in judged]
    kept = {found.public_revision_id, found.waiting_revision_id}
    return {row.from_waiting for row in rows if row.from_waiting and row.from_waiting not in kept}


def _history(history: History) -> list[dict[str, Any]]:
    names = people.names(db.session())
    return [
        {
            "at": row.at, "action": row.action, "who": names.get(row.person_id or 0, ""),
            "from_status": row.from_status, "to_status": row.to_status, "reason": row.reason, "note": note,
        }
        for row, note in history
    ]  # fmt: skip


def _today() -> dict[str, Any]:
    memorial = shown_memorial()
    here = ZoneInfo(memorial.time_zone if memorial else "UTC")
    midnight = datetime.combine(local_day(now(), str(here)), time(), here)
    counted = decisions.today(db.session(), midnight)
    return {
        "approved": counted[Action.APPROVE], "declined": counted[Action.DECLINE], "spam": counted[Action.SPAM],
        "median_wait": words.span(decisions.wait_lately(db.session())),
    }  # fmt: skip


def _undo() -> dict[str, Any] | None:
    """The decision that this person took last, while it can be taken back."""
    key = ids.decode(session.get("undo", ""))
    found = db.session.get(Tribute, key) if key is not None else None
    last = desk.undoable(db.session(), found, this_person(), now()) if found else None
    if found is None or last is None:
        session.pop("undo", None)
        return None
    return {
        "public_id": found.public_id, "version": found.version, "action": last.action,
        "until": last.at + desk.UNDO_WITHIN,
    }  # fmt: skip
