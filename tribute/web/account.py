"""Sign-in by Flask-Security under our own templates, and the single-use link that makes an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import SQLAlchemyUserDatastore, hash_password, login_user, verify_password
from werkzeug.wrappers import Response

from tribute.domain.errors import BadSetup
from tribute.extensions import db, now, security
from tribute.models import Person, begin_write
from tribute.models.person import HeldRole
from tribute.services import people
from tribute.services.people import SHORTEST_PASSWORD
from tribute.web.forms import InvitationForm
from tribute.web.language import spoken
from tribute.web.lazy import _l

bp = Blueprint("account", __name__, url_prefix="/account")

ARGON2 = {"argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}  # OWASP's figures: ~50 ms

# Flask-Security translates its messages through our catalogue; these are the ones its pages here can say.
MESSAGES = {
    "GENERIC_AUTHN_FAILED": _l("The email or the password is not right."),
    "EMAIL_NOT_PROVIDED": _l("Please enter your email address."),
    "INVALID_EMAIL_ADDRESS": _l("This is not an email address."),
    "PASSWORD_NOT_PROVIDED": _l("Please enter your password."),
    "INVALID_PASSWORD": _l("The password is not right."),
    "PASSWORD_IS_THE_SAME": _l("The new password must differ from the old one."),
    "RETYPE_PASSWORD_MISMATCH": _l("The two passwords are not the same."),
    "PASSWORD_INVALID_LENGTH": _l(
        "Please choose a password of at least %(count)s characters.", count=SHORTEST_PASSWORD
    ),
    "PASSWORD_CHANGE": _l("Your password is changed."),
    "UNAUTHENTICATED": _l("Please sign in first."),
    "LOGIN": _l("Please sign in first."),
    "REFRESH": _l("Please sign in again."),
}

CATEGORIES = {"PASSWORD_CHANGE": "info"}


def init_app(app: Flask) -> None:
    """Let people sign in."""
    app.config.update(
        SECURITY_URL_PREFIX="/account",
        SECURITY_PASSWORD_LENGTH_MIN=SHORTEST_PASSWORD, SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=ARGON2,
        SECURITY_CHANGEABLE=True, SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False, SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_POST_LOGIN_VIEW="/desk/", SECURITY_POST_LOGOUT_VIEW="/", SECURITY_POST_CHANGE_VIEW="/desk/",
        SECURITY_LOGOUT_METHODS=["POST"], SECURITY_EMAIL_VALIDATOR_ARGS=people.EMAIL_RULES,
        SECURITY_DEFAULT_REMEMBER_ME=False, SECURITY_JOIN_USER_ROLES=False,
        # What it brings beside sign-in and would answer with pages, headers and commands that are not ours:
        SECURITY_FRESHNESS=timedelta(-1), SECURITY_STATIC_FOLDER=None, SECURITY_CACHE_CONTROL=None,
        SECURITY_CLI_USERS_NAME=None, SECURITY_CLI_ROLES_NAME=None,
        **{f"SECURITY_MSG_{name}": (said, CATEGORIES.get(name, "error")) for name, said in MESSAGES.items()},
    )  # fmt: skip
    security.init_app(app, SQLAlchemyUserDatastore(db, Person, HeldRole))
    security.want_json(lambda _request: False)  # pages for people; nothing here is an interface for programs
    app.register_blueprint(bp)


@bp.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> str | tuple[str, int] | Response:
    """Make the account that a single-use link invites to, and sign in."""
    people.invitation(db.session(), token, now())
    form = InvitationForm()
    if not form.validate_on_submit():
        return render_template("account/invitation.html", form=form), 422 if request.method == "POST" else 200
    try:
        person = _accept(token, form)
    except BadSetup:
        db.session.rollback()
        form.email.errors = [*form.email.errors, _("This address already has an account.")]
        return render_template("account/invitation.html", form=form), 422
    login_user(person, authn_via=["password"])
    return redirect(url_for("desk.queue"), 303)


def _accept(token: str, form: Any) -> Person:
    session, password = db.session(), hashed(form.password.data)
    begin_write(session)
    person = people.accept(session, token, form.email.data, form.name.data, password, spoken(), now())
    session.commit()
    return person


def hashed(password: str) -> str:
    """Hash a password as sign-in will read it."""
    return str(hash_password(_normal(password)))


def is_password(password: str, person: Person) -> bool:
    """Whether this is the person's password."""
    return bool(verify_password(_normal(password), person.password))


def _normal(password: str) -> str:
    """Every keyboard's ö is the same."""
    return str(security._password_util.normalize(password))
