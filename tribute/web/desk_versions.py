"""The versions of a text in the desk: who wrote what and when, what changed, going back, and the file itself."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tribute.domain.errors import Conflict
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import TextVersion, begin_write
from tribute.services import editing, people, text_changes, versions
from tribute.services.versions import Subject
from tribute.web.access import requires, this_person
from tribute.web.desk import bp, rooms
from tribute.web.desk_editor import address
from tribute.web.errors import page
from tribute.web.forms import VersionForm
from tribute.web.lazy import _l
from tribute.web.text_form import FIELD_NAMES

__all__ = ["bp"]  # the desk's own blueprint, with the versions added

HOW: dict[str, str] = {
    "shipped": _l("Came with the program"), "imported": _l("Brought in from a file"),
    "begun": _l("Copied for a new edition"), "edited": _l("Edited"), "restored": _l("An earlier version put back"),
}  # fmt: skip


@bp.get("/articles/<of>/<part>/<language>/versions")
@requires(Permission.EDIT)
def text_versions(of: str, part: str, language: str) -> str:
    """Every version of a text, newest first; and what one changed of the version before it, or of another."""
    subject = editing.subject_of(db.session(), of, part, language)
    found = list(versions.every(db.session(), subject))
    names = people.names(db.session())
    listed = [_told(each, names) for each in found]
    return render_template(
        "desk/versions.html", subject=subject, versions=listed, compared=_compared(subject, found), names=FIELD_NAMES,
        title=editing.said_by(found[0]).text.title if found else "", **rooms(),
    )  # fmt: skip


@bp.post("/articles/<of>/<part>/<language>/restore")
@requires(Permission.EDIT)
def restore_text(of: str, part: str, language: str) -> ResponseReturnValue:
    """Put an earlier version back, as a new one."""
    subject, form, person = editing.subject_of(db.session(), of, part, language), VersionForm(), this_person()
    number = _number(request.form.get("number"))
    begin_write(db.session())
    try:
        editing.restore(db.session(), subject, number or 0, form.seen, person, now())
    except Conflict:
        told = _("Somebody has kept another version meanwhile. Go back, load the page again and look at it first.")
        return page(409, _("This changed in the meantime"), told)
    db.session.commit()
    flash(_("The earlier version is the text again."), "info")
    return redirect(address("desk.text_versions", subject), 303)


@bp.get("/articles/<of>/<part>/<language>/file")
@requires(Permission.EDIT)
def text_file(of: str, part: str, language: str) -> Response:
    """The file of a text, or of one of its versions, letter for letter."""
    subject = editing.subject_of(db.session(), of, part, language)
    number = _number(request.args.get("version"))
    found = versions.numbered(db.session(), subject, number) if number else versions.current(db.session(), subject)
    ending = "md" if found.original.lstrip("\ufeff \n").startswith("---") else "txt"
    name = f"{of}.{part}.{language}.{ending}"
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found.original.encode(), mimetype="text/plain", headers=head)


def _compared(subject: Subject, found: list[TextVersion]) -> dict[str, Any] | None:
    """What one version changed of another: of the one before it unless the address names one."""
    wanted = _number(request.args.get("version"))
    if wanted is None:
        return None
    new = versions.numbered(db.session(), subject, wanted)
    before = {later.number: earlier for later, earlier in pairwise(found)}
    named = _number(request.args.get("from"))
    old = versions.numbered(db.session(), subject, named) if named else before.get(new.number)
    if old is None:
        return None
    changes = text_changes.changes(editing.said_by(old), editing.said_by(new))
    return {"old": old, "new": new, "changes": changes}


def _told(version: TextVersion, names: dict[int, str]) -> dict[str, Any]:
    return {
        "number": version.number, "at": version.at, "how": HOW[version.how],
        "who": names.get(version.person_id or 0, ""),
    }  # fmt: skip


def _number(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 18 else None
