"""Recovery codes: for the day on which the phone is lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_babel import ngettext
from flask_login import current_user
from flask_security.recovery_codes import MfRecoveryForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired

from tribute.domain.deeds import Deed
from tribute.extensions import db, now
from tribute.models import Person
from tribute.services import deeds
from tribute.services.desk import actor_of
from tribute.web.lazy import _l


def tidy(value: str | None) -> str:
    """A code as it was given out, however it was typed: in capitals, with spaces or dashes anywhere."""
    letters = "".join(letter for letter in (value or "").lower() if letter.isalnum())
    return "-".join(letters[place : place + 4] for place in range(0, len(letters), 4))


class RecoveryForm(MfRecoveryForm):
    """One recovery code."""

    code = StringField(filters=[tidy], validators=[InputRequired(_l("Please enter a recovery code."))])


def lead_to_recovery() -> Response:
    """Where Flask-Security sends who lost their phone."""
    return redirect(url_for("security.mf_recovery"))


def with_new_codes(view: Callable[..., Any]) -> Callable[..., Response]:
    """Write down that codes were made anew. The view commits."""

    @wraps(view)
    def made() -> Response:
        response: Response = make_response(view())
        if request.method == "POST" and response.status_code == 200:
            _record(Deed.NEW_CODES)
        return response

    return made


def with_recovery_code(view: Callable[..., Any]) -> Callable[..., Response]:
    """Write down that a code was used, and say how many are left."""

    @wraps(view)
    def used() -> Response:
        response: Response = make_response(view())
        if response.status_code == 302 and isinstance(current_user, Person):  # only a code leads in from here
            left = len(_record(Deed.USE_CODE).mf_recovery_codes or [])
            flash(ngettext("%(num)s recovery code is left.", "%(num)s recovery codes are left.", left), "info")
        return response

    return used


def _record(deed: Deed) -> Person:
    person: Person = current_user._get_current_object()
    deeds.record(db.session(), deed, actor_of(person), now(), person)
    return person
