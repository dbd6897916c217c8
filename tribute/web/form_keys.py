"""The signed key of a form, with the time of its making: the same key and words are the same sending."""

from __future__ import annotations

import secrets

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


def kept_or_fresh(written: str) -> str:
    """The form's own key where it is genuine, or a new one."""
    return written if read(written) is not None else fresh()


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt=SALT)
