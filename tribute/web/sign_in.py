"""Signing in: Flask-Security's views under our templates, limits and transactions; only those that are listed here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, g, request
from flask_security import (
    SQLAlchemyUserDatastore,
    password_changed,
    password_reset,
    tf_disabled,
    user_authenticated,
    views,
    wan_deleted,
    wan_registered,
)
from flask_security.recovery_codes import mf_recovery, mf_recovery_codes
from flask_security.tf_plugin import tf_select
from flask_security.webauthn import (
    webauthn_delete,
    webauthn_register,
    webauthn_register_response,
    webauthn_signin,
    webauthn_signin_response,
)

from tribute.config import Settings
from tribute.domain.deeds import Deed
from tribute.extensions import db, now, security
from tribute.models import Passkey, Person, begin_write
from tribute.models.person import HeldRole
from tribute.services import decisions, deeds, people
from tribute.services.desk import actor_of
from tribute.services.people import SHORTEST_PASSWORD
from tribute.web import account, devices, freshness, sessions, tries
from tribute.web.access import lead_to_sign_in, on_the_way_in, signed_in_only
from tribute.web.app_codes import AppCodes, drawing, sealing
from tribute.web.freshness import WITHIN, fresh
from tribute.web.passkeys import USAGE, Ceremony, PasskeyAnswer, are_possible
from tribute.web.passwords import Passwords
from tribute.web.recovery import RecoveryForm, lead_to_recovery, with_new_codes, with_recovery_code
from tribute.web.said_at_sign_in import messages
from tribute.web.sign_in_forms import NewPasskeyForm, RescueForm, SelectForm, SetupForm

ARGON2 = {"argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}  # OWASP's figures: ~50 ms
RESET_LASTS = timedelta(hours=1)
ONE_STEP = 30  # seconds that a phone's clock may be off, either way: one code more on each side
RECOVERY_CODES = 10

# What is sent to these changes an account: the log is held from the first look on, so that what may be used once is.
CHANGING = frozenset({
    "security.change_password", "security.reset_password", "security.two_factor_setup",
    "security.two_factor_token_validation", "security.mf_recovery", "security.mf_recovery_codes",
    "security.wan_register", "security.wan_register_response", "security.wan_delete", "security.wan_signin_response",
})  # fmt: skip

bp = Blueprint("security", __name__, url_prefix="/account")
BOTH = ("GET", "POST")
View = Callable[..., Any]
ADDRESSES: tuple[tuple[str, str, View, tuple[str, ...]], ...] = (
    ("/login", "login", tries.limited(views.login, tries.of_sign_in), BOTH),
    ("/logout", "logout", account.sign_out, ("POST",)),
    ("/verify", "verify", freshness.verify, BOTH),
    ("/change", "change_password", tries.limited(views.change_password, tries.of_own_password), BOTH),
    ("/reset", "forgot_password", account.forgot, BOTH),
    ("/reset/<token>", "reset_password", views.reset_password, BOTH),
    ("/tf-select", "tf_select", on_the_way_in(tf_select), BOTH),
    ("/tf-validate", "two_factor_token_validation",
     tries.limited(on_the_way_in(views.two_factor_token_validation), tries.of_code), BOTH),
    ("/tf-setup", "two_factor_setup", signed_in_only(fresh(views.two_factor_setup)), BOTH),
    ("/tf-setup/<token>", "two_factor_setup_validate", account.confirm_app, ("POST",)),
    ("/tf-rescue", "two_factor_rescue", lead_to_recovery, ("GET",)),
    ("/mf-recovery", "mf_recovery",
     tries.limited(on_the_way_in(with_recovery_code(mf_recovery)), tries.of_code), BOTH),
    ("/mf-recovery-codes", "mf_recovery_codes", signed_in_only(fresh(with_new_codes(mf_recovery_codes))), BOTH),
    ("/wan-signin", "wan_signin", webauthn_signin, BOTH),
    ("/wan-signin/<token>", "wan_signin_response", webauthn_signin_response, ("POST",)),
    ("/wan-register", "wan_register", signed_in_only(fresh(webauthn_register)), BOTH),
    ("/wan-register/<token>", "wan_register_response", webauthn_register_response, ("POST",)),
    ("/wan-delete", "wan_delete", signed_in_only(fresh(webauthn_delete)), ("POST",)),
)  # fmt: skip
for rule, endpoint, view, methods in ADDRESSES:
    bp.add_url_rule(rule, endpoint, view, methods=list(methods))


def init_app(app: Flask) -> None:
    """Let people sign in."""
    app.config.update(configuration(app.config["SETTINGS"]))
    # Of the object that all applications share: given to `init_app` they would not be heard.
    security._totp_cls, security._webauthn_util_cls, security._password_util_cls = AppCodes, Ceremony, Passwords
    security.init_app(
        app, SQLAlchemyUserDatastore(db, Person, HeldRole, Passkey), register_blueprint=False,
        wan_signin_response_form=PasskeyAnswer, mf_recovery_form=RecoveryForm,
        two_factor_setup_form=SetupForm, two_factor_select_form=SelectForm,
        two_factor_rescue_form=RescueForm, wan_register_form=NewPasskeyForm,
    )  # fmt: skip
    # Named only now: at its start the library would ask for a package that draws QR codes, and the templates draw them.
    app.config["SECURITY_TWO_FACTOR_ENABLED_METHODS"] = ["authenticator"]
    app.jinja_env.globals["passkeys_are_possible"] = are_possible
    app.add_template_filter(drawing, "qr_drawing")
    security.want_json(lambda _request: False)  # pages for people; nothing here is an interface for programs
    security.unauthn_handler(lead_to_sign_in)
    for signal, told in TOLD.items():
        signal.connect(told, app)
    sessions.init_app(app)
    app.register_blueprint(bp)
    app.register_blueprint(account.bp)


def configuration(settings: Settings) -> dict[str, Any]:
    """What Flask-Security is to do; what is not named here it does not."""
    host = urlsplit(settings.base_url).hostname
    return {
        "SECURITY_STATIC_FOLDER": None, "SECURITY_CACHE_CONTROL": None,
        "SECURITY_CLI_USERS_NAME": None, "SECURITY_CLI_ROLES_NAME": None, "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True, "SECURITY_EMAIL_VALIDATOR_ARGS": people.EMAIL_RULES,
        "SECURITY_DATETIME_FACTORY": now, "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_POST_LOGIN_VIEW": "/desk/", "SECURITY_POST_LOGOUT_VIEW": "/", "SECURITY_POST_CHANGE_VIEW": "/desk/",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_FRESHNESS": WITHIN, "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD, "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
        "SECURITY_CHANGEABLE": True, "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_RECOVERABLE": True, "SECURITY_RESET_PASSWORD_WITHIN": RESET_LASTS,
        "SECURITY_SEND_PASSWORD_RESET_EMAIL": False, "SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL": False,
        "SECURITY_TWO_FACTOR": True, "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["none"],
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": ONE_STEP, "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "account.factors", "SECURITY_TOTP_ISSUER": f"Tribute {host}",
        "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {
            "code": "flask_security.twofactor.CodeTfPlugin", "webauthn": "tribute.web.passkeys.SecondStep",
        },
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True, "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
        "SECURITY_WEBAUTHN": True, "SECURITY_WAN_RP_NAME": "Tribute", "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_WAN_ALLOW_AS_VERIFY": [USAGE], "SECURITY_WAN_SIGNIN_WITHIN": timedelta(minutes=10),
        "SECURITY_WAN_POST_REGISTER_VIEW": "account.factors", "SECURITY_WAN_NAME_ALLOWED_CHARS": None,
        **sealing(settings.factor_key_list), **messages(),
    }  # fmt: skip


@bp.before_request
def _begin() -> None:
    """Begin the write that the view decides on, before it looks."""
    if request.method == "POST" and request.endpoint in CHANGING:
        begin_write(db.session())
        decisions.lock_head(db.session())
        g.is_writing = True


def _signed_in(_app: Flask, user: Person, **_rest: Any) -> None:
    """Write down when, begin what lasts from now on, and let the device be known again. The view commits."""
    if not g.get("is_writing"):
        hash_now = user.password  # made anew by the sign-in where the cost was raised
        begin_write(db.session())
        user.password = hash_now
    user.signed_in_at = now()
    sessions.begin()
    devices.remember(user.email)


def _logged(deed: Deed) -> Callable[..., None]:
    """A row of the log for what a person does to their own account."""

    def told(_app: Flask, user: Any, **_rest: Any) -> None:
        person = user._get_current_object() if hasattr(user, "_get_current_object") else user
        deeds.record(db.session(), deed, actor_of(person), now(), person)

    return told


def _new_password(app: Flask, user: Person, **rest: Any) -> None:
    """Whoever chose it is here: their device is known from now on."""
    NEW_PASSWORD(app, user, **rest)
    devices.remember(user.email)


NEW_PASSWORD, REMOVED = _logged(Deed.NEW_PASSWORD), _logged(Deed.TAKE_FACTOR)
ADDED = _logged(Deed.ADD_FACTOR)
TOLD: dict[Any, Callable[..., None]] = {
    user_authenticated: _signed_in, password_changed: _new_password, password_reset: _new_password,
    wan_registered: ADDED, wan_deleted: REMOVED, tf_disabled: REMOVED,
}  # fmt: skip
