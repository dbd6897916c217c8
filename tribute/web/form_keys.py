"""The signed key of a form, with the time of its making: the same key and words are the same sending."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

SALT = "tribute form"


def fresh() -> str:
    """Make a key for a new form."""
    return _serializer().dumps(secrets.token_hex(16))


def read(written: str) -> bytes | None:
    """The key that a form carried, or None where this site did not sign it."""
    try:
        return bytes.fromhex(_serializer().loads(written))
    except (BadSignature, ValueError, TypeError):
        return None


def age(written: str, at: datetime) -> float | None:
    """The seconds since a key was made, or None where this site did not sign it."""
    try:
        made: datetime = _serializer().loads(written, return_timestamp=True)[1]
    except BadSignature:
        return None
    return (at - made).total_seconds()


def kept_or_fresh(written: str) -> str:
    """The form's own key where it is genuine, or a new one."""
    return written if read(written) is not None else fresh()


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt=SALT)
