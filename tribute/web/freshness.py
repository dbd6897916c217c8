"""Who it is, asked again: before removing, exporting and what changes people, a password or a passkey of just now."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import current_app, redirect, render_template, request, session, url_for
from flask_security.utils import check_and_get_token_status, set_request_attr
from flask_security.webauthn import _signin_common
from werkzeug.wrappers import Response

from tribute.extensions import db, now
from tribute.models import Person, begin_write
from tribute.web import passkeys, passwords, tries
from tribute.web.access import signed_in_only, this_person
from tribute.web.passkeys import PasskeyAnswer

WITHIN = timedelta(minutes=10)  # somebody else may sit down at a desk that was left open
PROOFS = ("password", "credential", "wan_state")
LED_BACK = ("/desk/", "/account/")

Answer = str | tuple[str, int] | Response
P = ParamSpec("P")
R = TypeVar("R")


def fresh(view: Callable[P, R]) -> Callable[P, R | Answer]:
    """Let a view be reached only by who has just shown who they are; whatever they sent is kept meanwhile."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Answer:
        answer = asked_again()
        return view(*args, **kwargs) if answer is None else answer

    return guarded


@signed_in_only
def verify() -> Answer:
    """Ask for the password or a passkey, and lead on to the page that wanted it."""
    if request.method == "GET":
        return _ask()
    answer = asked_again()
    return redirect(_next(), 303) if answer is None else answer


def asked_again() -> Answer | None:
    """The page that asks; None where the answer came with the request, or the last one is of just now."""
    if request.method == "POST" and any(request.form.get(name) is not None for name in PROOFS):
        return None if _is_proved() else (_ask(is_wrong=True), 422)
    if is_fresh():
        return None
    if request.method == "POST":
        return _ask(), 403
    return redirect(url_for("security.verify", next=request.full_path.rstrip("?")))


def is_fresh() -> bool:
    """Whether this person showed who they are within the last minutes."""
    return abs(time.time() - float(session.get("fs_paa", 0))) < WITHIN.total_seconds()


def _is_proved() -> bool:
    person = this_person()
    counted = tries.of_password(person.email) if current_app.extensions["limits"].enabled else ()
    tries.check(counted)
    is_by_passkey = bool(request.form.get("credential"))
    is_right = _is_passkey_of(person) if is_by_passkey else passwords.fits(request.form.get("password"), person)
    if is_right:
        session["fs_paa"] = time.time()
        set_request_attr("fs_paa", session["fs_paa"])  # for Flask-Security's own views
    else:
        tries.spend(counted)
    return is_right


def _is_passkey_of(person: Person) -> bool:
    """Whether what the browser answered is from a key of theirs; when it was used is written down at once."""
    within = current_app.config["SECURITY_WAN_SIGNIN_WITHIN"]
    expired, invalid, state = check_and_get_token_status(request.form.get("wan_state", ""), "wan", within)
    if expired or invalid:
        return False
    form = PasskeyAnswer(meta={"csrf": False})  # the page's own was checked before
    form.challenge, form.user_verification = state["challenge"], state["user_verification"]
    form.is_secondary, form.is_verify = False, True
    if not form.validate() or form.user is None or form.user.id != person.id or form.cred is None:
        return False
    count, key = form.authentication_verification.new_sign_count, form.cred
    begin_write(db.session())
    key.sign_count, key.lastuse_datetime = count, now()
    db.session.commit()
    return True


def _ask(*, is_wrong: bool = False) -> str:
    """The page; what was sent stands in it unseen, and goes where it was going."""
    person = this_person()
    options, state = _signin_common(person, [passkeys.USAGE]) if _has_passkey(person) else (None, "")
    here = request.endpoint == "security.verify"
    return render_template(
        "account/verify.html", is_wrong=is_wrong, options=options, state=state,
        action=url_for("security.verify", next=_next()) if here else request.full_path.rstrip("?"),
        kept=[] if here else [
            (name, value) for name, value in request.form.items(multi=True) if name not in (*PROOFS, "csrf_token")
        ],
    )  # fmt: skip


def _has_passkey(person: Person) -> bool:
    return bool(person.webauthn) and passkeys.are_possible()


def _next() -> str:
    """Where to go on: a page of this site's desk or account."""
    target = request.args.get("next", "")
    is_own = target.startswith(LED_BACK) and "\\" not in target and "\n" not in target
    return target if is_own else url_for("desk.queue")
