"""What moderators do with one another at the desk: notes, questions to a colleague, and who reads what."""

from __future__ import annotations

from flask import flash, redirect, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField

from tribute.domain import ids, text
from tribute.domain.lifecycle import Remark
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import begin_write
from tribute.services import desk, tributes
from tribute.web.access import requires, this_person
from tribute.web.desk import Page, bp, done, own_path
from tribute.web.errors import page, wants_json
from tribute.web.forms import WORDS_LENGTH, VersionForm, at_most, words

__all__ = ["bp"]  # the desk's own blueprint, with what is said and claimed added


class RemarkForm(VersionForm):
    """Words to colleagues about one tribute."""

    next = HiddenField()
    note = TextAreaField(filters=[words], validators=[at_most(WORDS_LENGTH)])


@bp.post("/tributes/<public_id>/note", defaults={"remark": Remark.NOTE})
@bp.post("/tributes/<public_id>/second-opinion", defaults={"remark": Remark.ASK})
@requires(Permission.DECIDE)
def remark(public_id: str, remark: Remark) -> Page:
    """Write a note for colleagues, or park the tribute for one of them with a note."""
    found, form = tributes.by_id(db.session(), ids.decode(public_id)), RemarkForm()
    if not form.validate() or text.is_blank(form.note.data or ""):
        told = _("The note is too long.") if form.note.errors else _("Please write a note for your colleagues.")
        return page(422, _("Nothing was written down yet"), told)
    person, said = this_person(), form.note.data or ""
    begin_write(db.session())
    if remark == Remark.ASK:
        desk.ask(db.session(), found, form.seen, said, person, now())
    else:
        desk.note(db.session(), found, said, person, now())
    db.session.commit()
    if remark == Remark.ASK:
        session["undo"] = public_id
    if wants_json():
        return done(found, remark)
    return redirect(own_path(form.next.data) or url_for("desk.queue"), 303)


@bp.post("/claim")
@requires(Permission.DECIDE)
def claim() -> Response:
    """Take the next ten, for five minutes."""
    person = this_person()
    begin_write(db.session())
    taken = desk.take_next(db.session(), person, now())
    db.session.commit()
    if not taken:
        flash(_("There is nothing that nobody else is reading."), "info")
        return redirect(url_for("desk.queue"), 303)
    told = ngettext("%(num)s tribute is yours for five minutes.", "%(num)s tributes are yours for five minutes.", taken)
    flash(told, "info")
    return redirect(url_for("desk.queue", mine=1), 303)
