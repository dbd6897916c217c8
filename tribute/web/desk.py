"""The desk: the queue, one tribute with its history, and deciding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tribute.domain import ids, text
from tribute.domain import language as languages
from tribute.domain.anniversary import local_day
from tribute.domain.errors import Conflict, Forbidden, NotFound
from tribute.domain.language import INTERFACE
from tribute.domain.lifecycle import UNDO_WITHIN, Action, Remark, Status, possible
from tribute.domain.permissions import DESK_ACTIONS, Permission, allows, may_take
from tribute.domain.reasons import Ground, Reason
from tribute.domain.redaction import CannotCut
from tribute.domain.verdict import Verdict
from tribute.extensions import db, now
from tribute.mail.chores import clear_folder
from tribute.models import Decision, Tribute, begin_write
from tribute.services import (
    batches,
    care,
    changes,
    claims,
    decisions,
    desk,
    erasure,
    opinions,
    people,
    safeguards,
    tributes,
)
from tribute.services import rooms as service
from tribute.services.counts import MOST_COUNTED
from tribute.services.desk import SECOND, WAITING, Listed, Order
from tribute.web import cursors, desk_beside, desk_redaction, desk_search, freshness, words
from tribute.web.access import requires, this_person
from tribute.web.desk_faces import face, faces
from tribute.web.errors import page, wants_json
from tribute.web.forms import DecisionForm
from tribute.web.language import spoken
from tribute.web.said import already
from tribute.web.search import typed_query
from tribute.web.shell import shown_memorial

bp = Blueprint("desk", __name__, url_prefix="/desk")

PULSE_EVERY = 10_000  # milliseconds between two questions of an open page
ROOMS = (WAITING, SECOND, *Status)
Page = str | dict[str, Any] | tuple[str | dict[str, Any], int] | Response
History = list[tuple[Decision, str]]


@bp.get("/")
@requires(Permission.DECIDE)
def queue() -> str:
    """What waits, most urgent first; or the tributes of one status, newest first; or what a search finds among all."""
    if typed := typed_query():
        return desk_search.results(typed, undo=undo_slip(), batch=_batch(), claims=_claims(), **rooms())
    wanted = wanted_list(request.args)
    found = desk.queue(db.session(), this_person(), wanted, cursors.cursor("before"), cursors.cursor("after"),
                       at=now())  # fmt: skip
    return render_template(
        "desk/queue.html", wanted=wanted, faces=faces(found.items, wanted.status, _claims()), older=found.older,
        newer=found.newer, verdicts=_verdicts(wanted), most=MOST_COUNTED, oldest=desk.oldest_waiting(db.session()),
        today=_today(), undo=undo_slip(), batch=_batch(), unread=_unread(wanted), **rooms(),
    )  # fmt: skip


def wanted_list(source: Mapping[str, str]) -> Listed:
    """The list that an address or a form names: an unknown one is what waits."""
    status, verdict, language = (source.get(name, "") for name in ("status", "verdict", "language"))
    status = status if status in ROOMS and status != Status.PENDING else WAITING
    verdict = verdict if verdict in tuple(Verdict) and status == WAITING else ""
    is_mine = status == WAITING and source.get("mine") == "1"
    return Listed(status, language if language in languages.KNOWN else "", verdict, is_mine)


def _verdicts(wanted: Listed) -> dict[Verdict, int]:
    is_sorted = wanted.status == WAITING and not wanted.mine
    return desk.verdict_counts(db.session(), wanted.language, this_person()) if is_sorted else {}


def _batch() -> dict[str, Any] | None:
    """What the last decision on several came to, told once; its undo for as long as there is one."""
    batch = batches.undoable(db.session(), ids.decode(session.get("batch", "")), this_person(), now())
    if batch is None:
        session.pop("batch", None)
    told: dict[str, Any] | None = session.get("told") if batch else session.pop("told", None)
    return told and {**told, "batch": ids.encode(batch.id) if batch else None}


def _unread(wanted: Listed) -> dict[str, int]:
    return desk.needs_readers(db.session(), this_person()) if wanted.status == WAITING else {}


def _claims() -> dict[str, dict[str, Any]]:
    """Who reads what just now, by the tributes' public ids."""
    held, me = claims.held(db.session(), now()), this_person().id
    return {ids.encode(key): {"who": name, "mine": person_id == me} for key, (person_id, name) in held.items()}


@bp.get("/tributes/<public_id>/")
@requires(Permission.DECIDE)
def tribute(public_id: str) -> str:
    """One tribute with every version of its words and its history."""
    return _tribute_page(tributes.by_id(db.session(), ids.decode(public_id)))


@bp.get("/tributes/<public_id>/beside")
@requires(Permission.DECIDE)
def beside(public_id: str) -> str:
    """What is known beside one tribute, for the margin of the queue."""
    found = tributes.by_id(db.session(), ids.decode(public_id))
    item = desk.card(db.session(), found, this_person(), now())
    history = _history(list(decisions.history(db.session(), found.id)))
    return render_template("desk/beside.html", item=item, history=history, nearby=desk_beside.nearby(found))


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
        return _not_yet(found, form, action, str(problem))
    if action == Action.REMOVE and (answer := freshness.asked_again()) is not None:
        return answer
    try:
        _decide(found, _order(found, Action(action), form))
    except CannotCut as refusal:
        return _not_yet(found, form, action, desk_redaction.sentence(refusal))
    except Conflict as conflict:
        db.session.rollback()
        first = who_was_first(conflict)
        return ({"said": first["said"]} if wants_json() else _tribute_page(found, first)), 409
    session["undo"] = public_id
    if wants_json():
        return done(found, Action(action))
    return redirect(own_path(form.next.data) or url_for("desk.queue"), 303)


def done(found: Tribute, action: Action | Remark) -> dict[str, Any]:
    """What a page that stays open is told of a step: in words, and how it can be taken back."""
    last = desk.undoable(db.session(), found, this_person(), now()) if action != Action.UNDO else None
    undo = url_for("desk.decide", public_id=found.public_id, action=Action.UNDO) if last else None
    return {
        "said": f"{words.DECISIONS[last.action if last else action]}.", "version": found.version, "undo": undo,
        "address": url_for("desk.tribute", public_id=found.public_id),
    }  # fmt: skip


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
    found = service.rooms(db.session())
    return {
        "reported": found.counts[service.REPORTED], "counts": found.counts, "counts_capped": found.capped,
        "open_cases": found.open_cases,
        "reasons_of_declining": list(Reason), "two_decline": opinions.declining_takes_two(db.session()),
        "grounds_of_removing": list(Ground),
        "paused": safeguards.paused(db.session(), now()),
        "told_of": _told_of(),
        "log_number": found.log_number, "pulse_every": PULSE_EVERY,
        "letters": this_person().letters, "playbook": _playbook(),
    }  # fmt: skip


def _told_of() -> list[dict[str, Any]]:
    """What was done with the brake since this keeper last looked."""
    if not allows(this_person().held, Permission.SAFEGUARD):
        return []
    names = people.names(db.session())
    rows = safeguards.used_since(db.session(), this_person().told, this_person().id)
    return [{"action": row.action, "who": names.get(row.person_id or 0, ""), "at": row.at} for row in rows]


def _playbook() -> dict[str, Any]:
    """What the keepers want done at a cry for help."""
    said, code = care.written(db.session(), care.PLAYBOOK, spoken())
    return {"html": text.render(said), "language": code}


def own_path(target: str | None) -> str | None:
    """A path of this site, or None: never another host."""
    is_own = bool(target) and str(target).startswith("/desk/") and "\\" not in str(target) and "\n" not in str(target)
    return target if is_own else None


def _order(found: Tribute, action: Action, form: DecisionForm) -> Order:
    is_explained = action in (Action.DECLINE, Action.REDACT)
    reason = form.reason.data if is_explained else form.ground.data if action == Action.REMOVE else ""
    note = form.note.data or "" if is_explained else ""
    if action != Action.REDACT:
        return Order(action, form.seen, reason, note)
    return Order(action, form.seen, reason, note, desk_redaction.successor(found, form))


def _not_yet(found: Tribute, form: DecisionForm, action: str, problem: str) -> Page:
    """Say what is missing; what was to be left out stays in its form."""
    db.session.rollback()
    if action == Action.REDACT and Action.REDACT in possible(Status(found.status), waiting=found.waits):
        return _tribute_page(found, typed=desk_redaction.typed(form, problem)), 422
    return page(422, _("Nothing was decided yet"), problem)


def _decide(found: Tribute, order: Order) -> None:
    person = this_person()
    begin_write(db.session())
    desk.decide(db.session(), found, order, person, now())
    db.session.commit()
    if order.action != Action.REMOVE:
        return
    clear_folder(current_app.config["SETTINGS"].mail_folder, now())
    if not erasure.scrub(db.session()):
        flash(_("The words are erased; what the database keeps beside them goes with the next daily run."), "info")


def who_was_first(conflict: Conflict) -> dict[str, Any]:
    """Who came first, in the shape that the page tells it in, and the note that was not taken."""
    names = people.names(db.session())
    note = "\n\n".join(filter(None, (request.form.get("cut"), request.form.get("note"))))
    said = already(conflict.action, names.get(conflict.person_id or 0, ""), conflict.at or now())
    return {"said": said, "note": note}


def _tribute_page(found: Tribute, conflict: dict[str, Any] | None = None, typed: dict[str, Any] | None = None) -> str:
    card = desk.card(db.session(), found, this_person(), now())
    history = list(decisions.history(db.session(), found.id))
    own, back = url_for("desk.tribute", public_id=found.public_id), own_path(request.args.get("next"))
    return render_template(
        "desk/tribute.html", face=face(card), revisions=_revisions(found, history), history=_history(history),
        conflict=conflict, typed=typed, open=Action.REDACT if typed else request.args.get("step", ""),
        here_is=back or own, back_to=back, back_to_card=url_for("desk.tribute", public_id=found.public_id, next=back),
        nearby=desk_beside.nearby(found), generation=found.receipt_generation, **rooms(),
    )  # fmt: skip


def _revisions(found: Tribute, history: History) -> list[dict[str, Any]]:
    return [
        {
            "id": ids.encode(row.id), "at": version.at, "by": row.made_by, "name": row.name, "place": row.place,
            "html": text.trusted(row.html), "language": row.language, "changes": version.changes,
            "public": row.id == found.public_revision_id and found.status == Status.APPROVED,
            "waiting": row.id == found.waiting_revision_id, "refused": version.is_refused,
            "taken_back": version.is_taken_back,
        }
        for version in changes.versions(db.session(), found, [row for row, _note in history])
        for row in (version.revision,)
    ]  # fmt: skip


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


def undo_slip() -> dict[str, Any] | None:
    """The decision that this person took last, while it can be taken back."""
    key = ids.decode(session.get("undo", ""))
    found = db.session.get(Tribute, key) if key is not None else None
    last = desk.undoable(db.session(), found, this_person(), now()) if found else None
    if found is None or last is None:
        session.pop("undo", None)
        return None
    return {
        "public_id": found.public_id, "version": found.version, "action": last.action,
        "until": last.at + UNDO_WITHIN,
    }  # fmt: skip
