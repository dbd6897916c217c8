"""How long a sign-in lasts: each has a key of its own, ends by itself, and ends at once by signing out."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from flask import Flask, g, request, session
from flask_login import LoginManager
from flask_security.utils import set_request_attr

from tribute.extensions import db, now
from tribute.models import Person, begin_write
from tribute.services import ended_sessions

NOTED_EVERY = 60  # seconds after which a page counts anew as a sign of life; less would set a cookie with every page
BY_ITSELF = frozenset({"desk.pulse"})  # what an open page asks for while nobody may be there
SIGN_IN = "sign_in"  # in the session: its key, when it began, when its person last did something, whether it is kept


class Lasts(NamedTuple):
    """How long somebody stays signed in: without doing anything, and in any case."""

    idle: timedelta
    longest: timedelta


FOR_THE_DAY = Lasts(timedelta(hours=1), timedelta(hours=12))
KEPT = Lasts(timedelta(days=14), timedelta(days=30))  # "keep me signed in on this device"


def init_app(app: Flask) -> None:
    """Let nobody in whose sign-in has ended. The browser's cookie is its only keeper; there is no second one."""
    manager: LoginManager = app.login_manager  # type: ignore[attr-defined]  # Flask-Login puts it there
    manager.user_loader(_person)


def begin() -> None:
    """Begin a sign-in with a key of its own, and let no token of a form that was there before hold any more."""
    before, at = session.get(SIGN_IN), int(time.time())
    # Flask-Login's own mark: taken away, it sets no second cookie. Who changes a password stays as long as before.
    is_kept = session.pop("_remember", "") == "set" or bool(before and before["is_kept"] and not _is_over(before))
    session[SIGN_IN] = {"key": secrets.token_hex(16), "began": at, "seen": at, "is_kept": is_kept}
    session.permanent = is_kept
    for kept in (session, g):
        kept.pop("csrf_token", None)


def end() -> None:
    """Let this sign-in open nothing any more, in whatever browser its cookie may be; commits."""
    found = session.pop(SIGN_IN, None)
    if found is not None:
        until = datetime.fromtimestamp(found["began"], UTC) + _lasts(found).longest
        begin_write(db.session())
        ended_sessions.end(db.session(), found["key"], until, now())
        db.session.commit()


def _person(uniquifier: str) -> Person | None:
    """Who is signed in, for Flask-Login; a sign-in is lived in as long as its person asks for pages."""
    found = session.get(SIGN_IN)
    if found is None or _is_over(found):
        return None
    person = ended_sessions.person_of(db.session(), uniquifier, found["key"])
    if person is not None:
        set_request_attr("fs_authn_via", "session")  # as Flask-Security's own loader does
        set_request_attr("fs_paa", session.get("fs_paa", 0))
        if request.endpoint not in BY_ITSELF and time.time() - found["seen"] >= NOTED_EVERY:
            session[SIGN_IN] = found | {"seen": int(time.time())}
    return person


def _is_over(found: dict[str, Any]) -> bool:
    lasts = _lasts(found)
    return _since(found["seen"]) >= lasts.idle or _since(found["began"]) >= lasts.longest


def _since(moment: int) -> timedelta:
    return timedelta(seconds=time.time() - moment)


def _lasts(found: dict[str, Any]) -> Lasts:
    return KEPT if found["is_kept"] else FOR_THE_DAY
