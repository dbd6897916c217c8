"""Reporting a public tribute: a reason and a word, without an account and without a name."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError

from tribute.domain import ids, text
from tribute.domain.reasons import WORDS_REQUIRED, ReportReason
from tribute.extensions import checks_its_own_token, db, now
from tribute.models import begin_write
from tribute.services import hiding, tributes, wall
from tribute.services import reports as service
from tribute.services.wall import Card
from tribute.web import form_keys, visitors
from tribute.web.forms import at_most, words
from tribute.web.lazy import _l
from tribute.web.shell import this_memorial
from tribute.web.words import REASONS

REPORT_LENGTH = 1_000  # graphemes

bp = Blueprint("reports", __name__)


class ReportForm(FlaskForm):
    """Why a tribute should be looked at again."""

    reason = RadioField(
        choices=[SelectChoice(str(code), REASONS[code]) for code in ReportReason], validate_choice=False
    )
    message = TextAreaField(filters=[words], validators=[at_most(REPORT_LENGTH)])
    website = StringField()  # nobody sees it: what fills it in is no person
    key = HiddenField()

    def validate_reason(self, field: Field) -> None:
        """One of the reasons."""
        if field.data not in tuple(ReportReason):
            raise ValidationError(str(_l("Please choose what is wrong.")))

    def validate_message(self, field: Field) -> None:
        """Another reason has to be said."""
        if self.reason.data in WORDS_REQUIRED and text.is_blank(field.data or ""):
            raise ValidationError(str(_l("Please say in a few words what is wrong.")))


@bp.route("/<lang:lang>/<memorial>/tributes/<public_id>/report", methods=["GET", "POST"])
@checks_its_own_token
def new(public_id: str) -> str | tuple[str, int] | Response:
    """The form, and sending it."""
    card = wall.public_card(db.session(), this_memorial(), ids.decode(public_id))
    form = ReportForm()
    is_valid = form.validate_on_submit()
    key = form_keys.read(form.key.data or "")
    if is_valid and (key is None or form.website.data):
        form.form_errors.append(_("The form could not be checked. It is renewed now: please send it once more."))
    if not is_valid or key is None or form.website.data:
        return _form_page(form, card), 422 if request.method == "POST" else 200
    _report(form, card, key)
    return redirect(url_for("reports.sent", memorial=card.memorial), 303)


@bp.get("/<lang:lang>/<memorial>/tributes/reported")
def sent() -> str:
    """What happens next."""
    return render_template("reports/sent.html")


def _form_page(form: ReportForm, card: Card) -> str:
    form.website.data = ""  # filled in by a machine; or by a browser that meant well, for who could not empty it
    form.key.data = form_keys.kept_or_fresh(form.key.data or "")
    return render_template("reports/new.html", form=form, card=card)


def _report(form: ReportForm, card: Card, key: bytes) -> None:
    session, sender = db.session(), visitors.sender()
    begin_write(session)
    tribute, at = tributes.by_id(session, ids.decode(card.public_id)), now()
    service.report(session, tribute, ReportReason(form.reason.data), form.message.data or "", sender, at, key)
    hiding.hide_if_due(session, tribute, at)
    session.commit()
