"""What one moderator sets for themselves, and what keepers write for cries for help."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tribute.domain import text
from tribute.domain.language import INTERFACE, KNOWN
from tribute.domain.mail import Notice
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import Person, begin_write
from tribute.services import care, notices, people, settings
from tribute.web.access import requires, this_person
from tribute.web.desk import Page, bp, rooms
from tribute.web.errors import page
from tribute.web.forms import CASE_LENGTH, words

HOURS = (1, 3, 6, 12, 24, 48, 72)  # of waiting, until somebody is written to
__all__ = ["bp"]  # the desk's own blueprint, with settings added


@bp.route("/you", methods=["GET", "POST"])
@requires(Permission.DECIDE)
def you() -> Page:
    """The languages that this person reads, what is mailed to them, and whether letters act."""
    if request.method == "POST":
        return _keep_own()
    by_mail = people.may_decide_by_mail(this_person())
    choices = {"known": KNOWN, "notices": list(Notice), "hours": HOURS}
    return render_template("desk/you.html", by_mail=by_mail, **choices, **rooms())


def _keep_own() -> Response:
    reads = [code for code in KNOWN if code in request.form.getlist("reads")]
    begin_write(db.session())
    person = this_person()
    person.reads, person.letters = reads, request.form.get("letters") == "1"
    _keep_notice(person)
    db.session.commit()
    flash(_("Kept."), "info")
    return redirect(url_for("desk.you"), 303)


def _keep_notice(person: Person) -> None:
    """Keep what is mailed to somebody; what nobody offered changes nothing."""
    wanted, hours = request.form.get("notice", person.notice), request.form.get("notice_hours", "")
    notice = Notice(wanted) if wanted in tuple(Notice) else Notice(person.notice)
    lasts = next((each for each in HOURS if str(each) == hours), person.notice_hours)
    notices.choose(person, notice, lasts, now(), alone=request.form.get("notice_alone") == "1")


def _typed(name: str) -> dict[str, str]:
    """The texts of one kind that were written, by language."""
    typed = {code: words(request.form.get(f"{name}-{code}")) for code in INTERFACE}
    return {code: said for code, said in typed.items() if not text.is_blank(said)}


@bp.route("/care", methods=["GET", "POST"])
@requires(Permission.SAFEGUARD)
def care_texts() -> Page:
    """What keepers wrote for cries for help."""
    if request.method == "POST":
        return _keep_care()
    texts = {name: settings.get(db.session(), name, {}) for name in (care.PLAYBOOK, care.HELPLINES)}
    return render_template("desk/care.html", texts=texts, **rooms())


def _keep_care() -> Page:
    texts = {name: _typed(name) for name in (care.PLAYBOOK, care.HELPLINES)}
    if any(len(said) > CASE_LENGTH for some in texts.values() for said in some.values()):
        told = _("A text may have at most %(count)s characters.", count=CASE_LENGTH)
        return page(422, _("Nothing was kept yet"), told)
    person = this_person()
    begin_write(db.session())
    for name, said in texts.items():
        settings.put(db.session(), name, said, person.id, now())
    db.session.commit()
    flash(_("Kept."), "info")
    return redirect(url_for("desk.care_texts"), 303)
