"""Devices that somebody signed in on before: a signed cookie, so that guessing elsewhere never makes them wait."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from tribute.domain.errors import BadSetup
from tribute.services import people

LASTS = timedelta(days=365)
MOST = 8  # people who share one device; the first is forgotten for the ninth


def known(email: str) -> str | None:
    """The device's number, where the person of this address signed in on it before; nobody is looked up for it."""
    device, accounts = _read()
    return device if account(email) in accounts else None


def remember(email: str) -> None:
    """Let the answer tell this device that its person signed in here."""
    device, accounts = _read()
    mine = account(email)
    kept = [*(other for other in accounts if other != mine), mine][-MOST:]
    value = _signer().dumps([device or secrets.token_hex(16), kept])

    @after_this_request
    def set_cookie(response: Response) -> Response:
        is_https = current_app.config["SETTINGS"].is_https
        response.set_cookie(_name(), value, max_age=LASTS, secure=is_https, httponly=True, samesite="Lax")
        return response


def account(email: str) -> str:
    """An address that nobody can read back from it without the key of sessions."""
    try:
        written = people.normal_email(email)
    except BadSetup:
        written = email.strip().casefold()
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"account {written}".encode(), hashlib.sha256).hexdigest()[:32]


def _name() -> str:
    return "__Host-known" if current_app.config["SETTINGS"].is_https else "known"


def _read() -> tuple[str, list[str]]:
    try:
        device, accounts = _signer().loads(request.cookies.get(_name(), ""), max_age=int(LASTS.total_seconds()))
        return str(device), [str(each) for each in accounts]
    except (BadData, ValueError, TypeError):
        return "", []


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known-device")
