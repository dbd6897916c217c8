"""The wall, the form, and one tribute."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_limiter import RateLimitExceeded
from markupsafe import Markup
from werkzeug.wrappers import Response

from tribute.domain import emails, ids, text
from tribute.domain import language as languages
from tribute.domain.errors import KeyReused
from tribute.extensions import checks_its_own_token, db, now
from tribute.models import Memorial, Safeguard, begin_write
from tribute.models.tribute import GESTURES
from tribute.services import authors, decisions, pages, safeguards, wall
from tribute.services.authors import Submission
from tribute.services.tributes import by_id
from tribute.services.wall import SHORT, Card, Filters
from tribute.triage.signals import Circumstances
from tribute.web import cursors, form_keys, limits, proof_of_work, visitors, words
from tribute.web.forms import TributeForm
from tribute.web.language import preferred, spoken
from tribute.web.shell import holds, this_memorial

bp = Blueprint("tributes", __name__)

Page = str | tuple[str, int] | tuple[str, int, dict[str, str]] | Response


@bp.get("/<lang:lang>/<memorial>/tributes/", endpoint="wall")
def show_wall() -> str:
    """The wall, newest first."""
    memorial, session = this_memorial(), db.session()
    filters = Filters(cursors.year(), cursors.choice("language"), cursors.choice("gesture", GESTURES))
    page = wall.wall(session, memorial, filters, cursors.cursor("before"), cursors.cursor("after"))
    g.kept_query = {name: value for name, value in asdict(filters).items() if value}
    return render_template(
        "tributes/wall.html", page=page, filters={name: value or "" for name, value in asdict(filters).items()},
        choices=wall.choices(session, memorial),
    )  # fmt: skip


@bp.get("/<lang:lang>/<memorial>/tributes/<public_id>/")
def show(public_id: str) -> str:
    """One public tribute."""
    card = wall.public_card(db.session(), this_memorial(), ids.decode(public_id))
    g.canonical = url_for("tributes.show", lang=card.own_language, memorial=card.memorial, public_id=card.public_id)
    holds(card.public_id)
    return render_template("tributes/show.html", card=card)


@bp.get("/t/<public_id>")
def short(public_id: str) -> Response:
    """Lead to a tribute in the reader's language: for mail, print and citing."""
    tribute = by_id(db.session(), ids.decode(public_id))
    memorial = db.session.get_one(Memorial, tribute.memorial_id)
    wall.public_card(db.session(), memorial, tribute.id)  # what is not public is not said to exist
    response = redirect(url_for("tributes.show", lang=preferred(), memorial=memorial.slug, public_id=public_id))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.route("/<lang:lang>/<memorial>/tributes/new", methods=["GET", "POST"])
@checks_its_own_token
def new() -> Page:
    """The form; and sending it."""
    return _send() if request.method == "POST" else _form_page(TributeForm())


@bp.errorhandler(RateLimitExceeded)
def too_many(_error: Exception) -> tuple[str, int, dict[str, str]]:
    """The form again, whole, with the time after which it can be sent."""
    form, seconds = TributeForm(), limits.retry_after()
    form.form_errors.append(gettext(
        "Very many tributes have come from your network within a few minutes. Yours has not been sent yet. Your words "
        "are below; please send them again in %(wait)s.", wait=words.span(timedelta(seconds=seconds)),
    ))  # fmt: skip
    return _form_page(form), 429, {"Retry-After": str(seconds)}


def _send() -> Page:
    """Take a tribute in; or show the form again, with what is wrong, as a preview, or in another language."""
    form = TributeForm()
    if "switch" in request.form:
        return _form_page(form)
    if "preview" in request.form:
        form.consent.validators = []  # a preview sends nothing that one would consent to
    is_valid = form.validate()
    key = form_keys.read(form.key.data or "")
    if not is_valid or "preview" in request.form:
        return _form_page(form, preview=_preview(form) if is_valid else None), 200 if is_valid else 422
    if key is None:
        form.form_errors.append(gettext("The form could not be checked. It is renewed now: please send it once more."))
        return _form_page(form), 422
    if (pause := safeguards.paused(db.session(), now())) is not None:
        return _paused(form, pause)
    try:
        token = _submit(form, key)
    except KeyReused:
        db.session.rollback()
        form.key.data = form_keys.fresh()
        return _form_page(form, conflict=True), 409
    return redirect(url_for("receipt.show", token=token), 303)


def _paused(form: TributeForm, pause: Safeguard) -> tuple[str, int, dict[str, str]]:
    """The form again, whole, with the time when it opens."""
    form.form_errors.append(gettext(
        "New tributes are not taken just now. Yours has not been sent; your words are below, and this form opens "
        "again on %(moment)s.", moment=words.moment(pause.until),
    ))  # fmt: skip
    return _form_page(form), 503, {"Retry-After": str(safeguards.seconds_left(pause, now()))}


def _submit(form: TributeForm, key: bytes) -> str:
    """Write a tribute down; returns the token of its receipt, made before the commit lets go of what was read."""
    session, memorial = db.session(), this_memorial()
    submission = Submission(
        form.name.data or "", form.place.data or "", form.message.data or "", form.gesture.data,
        form.email.data or "", spoken(), pages.rules_version(session, spoken()),
    )  # fmt: skip
    at, keys = now(), current_app.config["EMAIL_KEYS"]
    digest = emails.digest(keys, submission.email) if submission.email else None
    weighed = authors.weigh(session, submission.written, at, digest, _circumstances(form, at))
    begin_write(session)
    tribute = authors.submit(session, memorial, submission, key, at, keys, weighed, visitors.sender())
    token = authors.token_of(tribute, current_app.config["RECEIPT_KEYS"])
    session.commit()
    return token


def _circumstances(form: TributeForm, at: datetime) -> Circumstances:
    key = form.key.data or ""
    return Circumstances(
        bool(form.website.data), form_keys.age(key, at), limits.tributes_from_here(),
        proof_of_work.is_worked(key, request.form.get("work", ""), at),
    )  # fmt: skip


def _form_page(form: TributeForm, preview: Card | None = None, *, conflict: bool = False) -> str:
    form.key.data = form_keys.kept_or_fresh(form.key.data or "")
    wait = words.span(decisions.wait_lately(db.session()))
    return render_template(
        "tributes/new.html", form=form, preview=preview, wait=wait, conflict=conflict,
        paused=safeguards.paused(db.session(), now()), challenge=proof_of_work.challenge(form.key.data, now()),
    )  # fmt: skip


def _preview(form: TributeForm) -> Card:
    html: Markup = text.render(form.message.data or "")
    language = languages.guess(form.message.data or "", spoken())
    return Card(
        "", this_memorial().slug, form.name.data or "", form.place.data or "", form.gesture.data, html,
        language, spoken(), now(), text.length(form.message.data or "") <= SHORT,
    )  # fmt: skip
