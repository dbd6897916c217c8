"""The keepers' room in the desk: cases that the contact page opened, and what each needs, step by step."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from cryptography.fernet import InvalidToken
from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tribute.domain import emails, text
from tribute.domain.permissions import Permission
from tribute.domain.reasons import CaseKind, CaseOutcome
from tribute.extensions import db, now
from tribute.models import Case, Tribute, begin_write
from tribute.services import cases as service
from tribute.services import desk, people
from tribute.services.desk import actor_of
from tribute.services.desk_cards import DeskCard
from tribute.web import cursors, words
from tribute.web.access import requires, this_person
from tribute.web.desk import Page, bp, rooms
from tribute.web.desk_faces import face
from tribute.web.forms import VersionForm, line
from tribute.web.shell import shown_memorial

EXCERPT = 160
LAST_MOMENT = time(23, 59, 59)  # of the day on which a case is due
__all__ = ["bp"]  # the desk's own blueprint, with the cases added


@bp.get("/cases/")
@requires(Permission.HANDLE_CASES)
def cases() -> str:
    """The open cases, those that are due first before the others, then the closed ones."""
    names = people.names(db.session())
    listed = [_shown(found, names) for found in service.listed(db.session())]
    return render_template("desk/cases.html", cases=listed, **rooms())


@bp.get("/cases/<int:number>/")
@requires(Permission.HANDLE_CASES)
def case(number: int) -> str:
    """One case, and what can be done about it."""
    return _page(service.by_number(db.session(), number))


@bp.post("/cases/<int:number>/tribute")
@requires(Permission.HANDLE_CASES)
def find_tribute(number: int) -> Page:
    """Note the tribute that a case is about."""
    found, typed = service.by_number(db.session(), number), line(request.form.get("tribute"))
    begin_write(db.session())
    if not service.find(db.session(), found, typed):
        db.session.rollback()
        return _page(found, {"tribute": _("No tribute has this address.")}, typed), 422
    db.session.commit()
    return _back(number)


@bp.post("/cases/<int:number>/due")
@requires(Permission.HANDLE_CASES)
def set_due(number: int) -> Page:
    """Set another due date."""
    found, day = service.by_number(db.session(), number), cursors.written_day(request.form.get("due", ""))
    if day is None:
        return _page(found, {"due": _("Please choose a day.")}), 422
    shown_memorial()
    begin_write(db.session())
    service.set_due(db.session(), found, datetime.combine(day, LAST_MOMENT, words.zone()))
    db.session.commit()
    return _back(number)


@bp.post("/cases/<int:number>/keep")
@requires(Permission.HANDLE_CASES)
def keep_tribute(number: int) -> Response:
    """Keep the tribute that a case is about."""
    found, actor, form = service.by_number(db.session(), number), actor_of(this_person()), VersionForm()
    begin_write(db.session())
    service.keep(db.session(), found, actor, now(), form.seen)
    db.session.commit()
    return _back(number)


@bp.post("/cases/<int:number>/close")
@requires(Permission.HANDLE_CASES)
def close_case(number: int) -> Page:
    """Close a case with what came of it."""
    found, person, outcome = service.by_number(db.session(), number), this_person(), request.form.get("outcome")
    if outcome not in tuple(CaseOutcome):
        return _page(found, {"outcome": _("Please choose what came of it.")}), 422
    begin_write(db.session())
    service.close(db.session(), found, person, now(), CaseOutcome(outcome))
    db.session.commit()
    return redirect(url_for("desk.cases"), 303)


def _back(number: int) -> Response:
    return redirect(url_for("desk.case", number=number), 303)


def _page(found: Case, wrong: dict[str, str] | None = None, typed: str = "") -> str:
    tribute = db.session.get(Tribute, found.tribute_id) if found.tribute_id else None
    item = desk.card(db.session(), tribute, this_person(), now()) if tribute else None
    return render_template(
        "desk/case.html", case=_shown(found, people.names(db.session())), done=_done(found, item),
        face=face(item) if item else None,
        wrong=wrong or {}, typed=typed, outcomes=list(CaseOutcome), is_about_somebody=found.kind == CaseKind.CORRECTION,
        here_is=url_for("desk.case", number=found.number), **rooms(),
    )  # fmt: skip


def _done(found: Case, item: DeskCard | None) -> dict[str, bool]:
    """Which steps are done, by what is so: nobody has to follow their order."""
    is_closed = found.status == "closed"
    return {
        "find": item is not None, "hide": item is not None and item.status != "approved",
        "decide": item is not None and (item.status == "removed" or found.outcome == CaseOutcome.KEPT),
        "answer": is_closed, "close": is_closed,
    }  # fmt: skip


def _shown(found: Case, names: dict[int, str]) -> dict[str, Any]:
    return {
        "number": found.number, "kind": found.kind, "name": found.name, "at": found.at, "status": found.status,
        "message": found.message, "excerpt": text.shorten(" ".join(found.message.split()), EXCERPT),
        "email": _email(found), "closed_by": names.get(found.closed_by or 0), "closed_at": found.closed_at,
        "due": service.due(found), "is_overdue": service.is_overdue(found, now()), "outcome": found.outcome,
    }  # fmt: skip


def _email(found: Case) -> str:
    """The address, where its key is still here."""
    if found.email_sealed is None:
        return ""
    try:
        return emails.unseal(current_app.config["EMAIL_KEYS"], found.email_sealed)
    except InvalidToken:
        return ""
