"""Codes of an authenticator app: sealed secrets, each code taken once, and the picture that the app reads."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from typing import Any

import segno
from flask_security import Totp, UserMixin
from passlib.totp import TOTP, AppWallet, TotpMatch  # type: ignore[import-untyped]  # libpass ships no types

BORDER = 4  # modules of white around the picture, as its standard wants


class AppCodes(Totp):
    """Flask-Security's codes, with the first key sealing, and without a code that was taken before."""

    def __init__(self, secrets: dict[str, str] | dict[int, str], issuer: str) -> None:
        super().__init__(secrets, issuer)
        first = next(iter(secrets))
        self._totp = TOTP.using(issuer=issuer, wallet=AppWallet(secrets, default_tag=str(first)))

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The period of the last code that was taken from this person."""
        taken: int | None = user.totp_counter  # type: ignore[attr-defined]  # Person has it
        return taken

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        """Take no code of this period or of an earlier one again."""
        user.totp_counter = tmatch.counter  # type: ignore[attr-defined]  # Person has it

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The address that the app reads; the template draws it, so that nothing but SVG of the page is asked for."""
        return self.get_totp_uri(username, totp)


def sealing(keys: Sequence[bytes]) -> dict[str, Any]:
    """The keys as Flask-Security has them: for secrets by a name that follows from the key, for codes as Fernet's."""
    return {
        "SECURITY_TOTP_SECRETS": {_digest(b"tag", key).hex()[:8]: _digest(b"totp", key).hex() for key in keys},
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [urlsafe_b64encode(_digest(b"codes", key)) for key in keys],
    }


def _digest(use: bytes, key: bytes) -> bytes:
    return hashlib.sha256(b"tribute " + use + b" " + key).digest()


def drawing(said: str) -> dict[str, Any]:
    """A QR code: `size` of its square, and the `path` that fills its dark modules, a run of a row at a time."""
    code = segno.make(said, error="m", micro=False)
    rows = [list(row) for row in code.matrix_iter(border=BORDER)]
    return {"size": len(rows), "path": "".join(_runs(rows))}


def _runs(rows: list[list[int]]) -> Iterator[str]:
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                yield f"M{x} {y}h{length}v1h-{length}z"
            x += length or 1
