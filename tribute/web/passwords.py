"""Passwords, read and hashed as sign-in reads them."""

from __future__ import annotations

from flask import current_app
from flask_security import hash_password, verify_password
from flask_security.recoverable import generate_reset_password_token

from tribute.extensions import security
from tribute.models import Person


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
