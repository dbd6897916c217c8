"""A message to the keepers: it opens a case that they see in the desk."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tribute.domain.reasons import CaseKind
from tribute.extensions import checks_its_own_token, db, now
from tribute.models import begin_write
from tribute.services import cases
from tribute.web import form_keys
from tribute.web.forms import ContactForm
from tribute.web.language import spoken

bp = Blueprint("contact", __name__)


@bp.route("/<lang:lang>/contact", methods=["GET", "POST"])
@checks_its_own_token
def new() -> str | tuple[str, int] | Response:
    """The form, and sending it."""
    form = ContactForm()
    is_valid = form.validate_on_submit()
    key = form_keys.read(form.key.data or "")
    if is_valid and key is None:
        form.form_errors.append(_("The form could not be checked. It is renewed now: please send it once more."))
    if not is_valid or key is None:
        form.key.data = form_keys.kept_or_fresh(form.key.data or "")
        status = 422 if request.method == "POST" else 200
        return render_template("contact/new.html", form=form), status
    _open_case(form, key)
    return redirect(url_for("contact.sent"), 303)


@bp.get("/<lang:lang>/contact/sent")
def sent() -> str:
    """What happens next."""
    return render_template("contact/sent.html")


def _open_case(form: ContactForm, key: bytes) -> None:
    session = db.session()
    begin_write(session)
    cases.open_case(
        session, key, CaseKind(form.kind.data), spoken(), form.name.data or "", form.email.data or "",
        form.message.data or "", now(), current_app.config["EMAIL_KEYS"],
    )  # fmt: skip
    session.commit()
