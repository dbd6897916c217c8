"""One's own account: the link that makes it, ways of signing in, and a forgotten password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import login_user, views
from flask_security.utils import check_and_get_token_status
from werkzeug.wrappers import Response

from tribute.domain.deeds import Deed
from tribute.domain.errors import BadSetup
from tribute.extensions import db, now, security
from tribute.models import begin_write
from tribute.services import decisions, deeds, factors, forgotten, invitations, people
from tribute.services.desk import actor_of
from tribute.web import sessions, tries
from tribute.web.access import lacks_factor, signed_in_only, this_person
from tribute.web.forms import CodeForm, ForgottenForm, InvitationForm
from tribute.web.freshness import fresh
from tribute.web.language import spoken
from tribute.web.passwords import hashed

bp = Blueprint("account", __name__, url_prefix="/account")

Answer = str | tuple[str, int] | Response
APP = "authenticator"  # Flask-Security's word


@bp.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> Answer:
    """Make the account that a single-use link invites to, and sign in."""
    found = invitations.by_token(db.session(), token, now())
    form = InvitationForm(invited=found.email)
    if not form.validate_on_submit():
        return render_template("account/invitation.html", form=form), 422 if request.method == "POST" else 200
    try:
        _accept(token, form)
    except BadSetup:
        db.session.rollback()
        form.email.errors = [*form.email.errors, _("This address already has an account.")]
        return render_template("account/invitation.html", form=form), 422
    return redirect(url_for("desk.queue"), 303)


def _accept(token: str, form: InvitationForm) -> None:
    session, password = db.session(), hashed(form.password.data or "")
    begin_write(session)
    g.is_writing = True
    person = invitations.accept(
        session, token, form.email.data or "", form.name.data or "", password, spoken(), now()
    )  # fmt: skip
    login_user(person, authn_via=["password"])
    session.commit()


@bp.get("/factors", endpoint="factors")
@signed_in_only
def factors_page() -> str:
    """Every way in that this person has, and what is missing."""
    person = this_person()
    return render_template(
        "account/factors.html", has_app=factors.has_app(person), passkeys=person.webauthn,
        codes=len(person.mf_recovery_codes or []), has_any=factors.has_any(person), is_urgent=lacks_factor(person),
    )  # fmt: skip


@signed_in_only
def confirm_app(token: str) -> Answer:
    """Ask for one code before the app is needed; a wrong one leaves the picture as it is."""
    within = current_app.config["SECURITY_TWO_FACTOR_SETUP_WITHIN"]
    expired, invalid, state = check_and_get_token_status(token, "tf_setup", within)
    if expired or invalid:
        flash(_("This took too long. Please begin again."), "error")
        return redirect(url_for("security.two_factor_setup"))
    form, secret = CodeForm(), str(state["totp_secret"])
    if not form.validate_on_submit() or not _keep_app(secret, form.code.data or ""):
        return _setup_page(form, secret, token), 422
    flash(_("The authenticator app is set up."), "info")
    return redirect(url_for("account.factors"), 303)


def _keep_app(secret: str, code: str) -> bool:
    """Take the secret into use, where the code is one of its own."""
    begin_write(db.session())
    decisions.lock_head(db.session())
    person, window = this_person(), current_app.config["SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY"]
    person.totp_counter = None  # of an earlier app
    if not security.totp_factory.verify_totp(code, secret, person, window):
        db.session.rollback()
        return False
    person.tf_primary_method, person.tf_totp_secret = APP, secret
    deeds.record(db.session(), Deed.ADD_FACTOR, actor_of(person), now(), person)
    db.session.commit()
    return True


def _setup_page(form: CodeForm, secret: str, token: str) -> str:
    """The page with the same picture, and what was wrong."""
    form.code.errors = form.code.errors or [_("This code is not right, or was used already. Wait for the next one.")]
    values: dict[str, Any] = security.totp_factory.fetch_setup_values(secret, this_person())
    return render_template(
        "security/two_factor_setup.html", chosen_method=APP, state_token=token, two_factor_verify_code_form=form,
        authr_qrcode=values["image"], authr_key=values["key"],
    )  # fmt: skip


def sign_out() -> Any:
    """Sign out here; a copy of this browser's cookie opens nothing any more either."""
    sessions.end()
    return views.logout()


@bp.post("/end-sessions")
@signed_in_only
@fresh
def end_sessions() -> Answer:
    """Sign oneself out in every browser, this one too."""
    person = this_person()
    begin_write(db.session())
    people.end_sessions(db.session(), person, actor_of(person), now())
    db.session.commit()
    flash(_("You are signed out everywhere. Please sign in anew."), "info")
    return redirect(url_for("security.login"), 303)


def forgot() -> Answer:
    """Send a link to a new password, where the address is somebody's; the answer is the same for every address."""
    form = ForgottenForm()
    if request.method == "GET" or not form.validate():
        status = 422 if request.method == "POST" else 200
        return render_template("account/forgot.html", form=form, is_sent=request.args.get("sent") == "1"), status
    tries.count(tries.of_reset)
    begin_write(db.session())
    forgotten.ask(db.session(), form.email.data or "", spoken(), now(), current_app.config["EMAIL_KEYS"])
    db.session.commit()
    return redirect(url_for("security.forgot_password", sent=1), 303)
