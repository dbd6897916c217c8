"""The keepers' rules: what happens by itself, and when."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import begin_write
from tribute.services import settings
from tribute.services.hiding import HIDE_AT
from tribute.services.opinions import TWO_FOR_DECLINES
from tribute.web.access import requires, this_person
from tribute.web.desk import bp, rooms

MOST = 100  # reports: more than that is never, which 0 says more clearly
__all__ = ["bp"]  # the desk's own blueprint, with the rules added


@bp.route("/rules", methods=["GET", "POST"])
@requires(Permission.SAFEGUARD)
def rules() -> Response | str | tuple[str, int]:
    """What is set; and setting it otherwise."""
    if request.method == "POST":
        return _set()
    return _page({name: settings.get(db.session(), name, 0) for name in (HIDE_AT, TWO_FOR_DECLINES)})


def _set() -> Response | tuple[str, int]:
    typed, person = request.form.get(HIDE_AT, "").strip(), this_person()
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else MOST + 1
    if number > MOST:
        values = {HIDE_AT: typed, TWO_FOR_DECLINES: request.form.get(TWO_FOR_DECLINES)}
        return _page(values, _("Please write a number from 0 to %(most)s.", most=MOST)), 422
    begin_write(db.session())
    settings.put(db.session(), HIDE_AT, number, person.id, now())
    settings.put(db.session(), TWO_FOR_DECLINES, request.form.get(TWO_FOR_DECLINES) == "1", person.id, now())
    db.session.commit()
    flash(_("It is set."), "info")
    return redirect(url_for("desk.rules"), 303)


def _page(values: dict[str, Any], wrong: str = "") -> str:
    return render_template("desk/rules.html", values=values, wrong=wrong, most=MOST, **rooms())
