"""Who may open what. Every address declares it: here, where it asks for no permission; by `requires` where it does."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import auth_required
from flask_security.decorators import default_unauthn_handler
from werkzeug.wrappers import Response

from tribute.domain.errors import Forbidden
from tribute.domain.permissions import Access, Permission, allows
from tribute.models import Person
from tribute.services import factors
from tribute.web import errors

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[P, R | Response]

OPEN: dict[Access, frozenset[str]] = {
    Access.PUBLIC: frozenset({
        "static", "memorial.home", "memorial.index", "memorial.show", "memorial.editions", "memorial.edition",
        "memorial.undated",
        "tributes.wall", "tributes.new", "tributes.show", "tributes.short", "reports.new", "reports.sent",
        "archive.index", "archive.year", "archive.month", "archive.on_this_day", "search.results",
        "search.suggestions", "numbers.show", "pages.show", "contact.new", "contact.sent", "feeds.atom",
        "feeds.robots", "feeds.sitemap", "addresses.lost", "addresses.lost_sent",
        "outside.alive", "outside.ready",
        # The way in: each checks by itself how far somebody has come.
        "security.login", "security.logout", "security.tf_select", "security.two_factor_token_validation",
        "security.two_factor_rescue", "security.mf_recovery", "security.wan_signin", "security.wan_signin_response",
        "security.forgot_password",
    }),
    Access.TOKEN: frozenset({
        "receipt.show", "receipt.amend", "receipt.withdraw", "receipt.take_back", "addresses.confirm", "addresses.stop",
        "by_mail.decide", "by_mail.act", "previews.preview",
        "account.invitation", "security.reset_password", "outside.metrics",
    }),
    Access.SIGNED_IN: frozenset({
        "account.factors", "account.end_sessions", "security.change_password", "security.verify",
        "security.two_factor_setup", "security.two_factor_setup_validate", "security.mf_recovery_codes",
        "security.wan_register", "security.wan_register_response", "security.wan_delete",
    }),
}  # fmt: skip


def declared(app: Flask, endpoint: str) -> Access | Permission | None:
    """What an address asks for; None where nobody said, which a test does not let pass."""
    permission: Permission | None = getattr(app.view_functions[endpoint], "permission", None)
    return permission or next((access for access, endpoints in OPEN.items() if endpoint in endpoints), None)


def requires(permission: Permission) -> Callable[[Callable[P, R]], View[P, R]]:
    """Let only people with a permission in: others are asked to sign in, or told that this is not theirs.

    Who has to set up a second factor is led there before anything else.
    """

    def declare(view: Callable[P, R]) -> View[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            if not allows(this_person().held, permission):
                raise Forbidden
            return _led_to_factors() if lacks_factor(this_person()) else view(*args, **kwargs)

        let_in = signed_in_only(guarded)
        let_in.permission = permission  # type: ignore[attr-defined]  # a test walks every address for it
        return let_in

    return declare


def signed_in_only(view: Callable[P, R]) -> Callable[P, R]:
    """Ask everybody else to sign in."""
    let_in: Callable[P, R] = auth_required("session")(view)
    return let_in


def on_the_way_in(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Let whoever is signed in go on to the desk: a step of signing in, opened by a link, would sign them out."""

    @wraps(view)
    def led_on(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        person: Any = current_user
        return redirect(url_for("desk.queue")) if person.is_authenticated else view(*args, **kwargs)

    return led_on


def lead_to_sign_in(mechanisms: list[str], headers: dict[str, str] | None = None) -> Any:
    """Lead to the way in; text that was sent after a sign-in had ended is shown instead, for nobody to write again."""
    if request.method == "POST" and errors.kept() and not errors.wants_json():
        return errors.signed_out()
    return default_unauthn_handler(mechanisms, headers)  # type: ignore[no-untyped-call]


def lacks_factor(person: Person) -> bool:
    """Whether this person has to set up a second factor before anything else."""
    return factors.lacks_one(person, current_app.config["SETTINGS"].keepers_need_second_factor)


def _led_to_factors() -> Response:
    flash(_("Keepers of this site need a second factor. Please set one up first."), "info")
    return redirect(url_for("account.factors"), 303)


def this_person() -> Person:
    """Who is signed in; only for views that let nobody else in."""
    found: Any = current_user._get_current_object()
    if not isinstance(found, Person):
        raise Forbidden
    return found
