"""The keepers' room in the desk: cases that the contact page opened."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken
from flask import current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tribute.domain import emails, text
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import Case, begin_write
from tribute.services import cases as service
from tribute.services import people
from tribute.web.access import requires, this_person
from tribute.web.desk import bp, rooms

EXCERPT = 160
__all__ = ["bp"]  # the desk's own blueprint, with the cases added


@bp.get("/cases/")
@requires(Permission.HANDLE_CASES)
def cases() -> str:
    """The open cases, oldest first, then the closed ones."""
    names = people.names(db.session())
    listed = [_shown(found, names) for found in service.listed(db.session())]
    return render_template("desk/cases.html", cases=listed, **rooms())


@bp.get("/cases/<int:number>/")
@requires(Permission.HANDLE_CASES)
def case(number: int) -> str:
    """One case."""
    found = service.by_number(db.session(), number)
    return render_template("desk/case.html", case=_shown(found, people.names(db.session())), **rooms())


@bp.post("/cases/<int:number>/close")
@requires(Permission.HANDLE_CASES)
def close_case(number: int) -> Response:
    """Close a case that has been answered."""
    person = this_person()
    begin_write(db.session())
    service.close(db.session(), service.by_number(db.session(), number), person, now())
    db.session.commit()
    return redirect(url_for("desk.cases"), 303)


def _shown(found: Case, names: dict[int, str]) -> dict[str, Any]:
    return {
        "number": found.number, "kind": found.kind, "name": found.name, "at": found.at, "status": found.status,
        "message": found.message, "excerpt": text.shorten(" ".join(found.message.split()), EXCERPT),
        "email": _email(found), "closed_by": names.get(found.closed_by or 0), "closed_at": found.closed_at,
    }  # fmt: skip


def _email(found: Case) -> str:
    """The address, where its key is still here."""
    if found.email_sealed is None:
        return ""
    try:
        return emails.unseal(current_app.config["EMAIL_KEYS"], found.email_sealed)
    except InvalidToken:
        return ""
