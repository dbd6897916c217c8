"""Visitors' emails: sealed for storage, and a keyed hash to find them by. The address alone opens nothing."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet


def seal(keys: Sequence[bytes], email: str) -> bytes:
    """Encrypt an address with the first key."""
    return _fernet(keys).encrypt(email.encode())


def unseal(keys: Sequence[bytes], sealed: bytes) -> str:
    """Decrypt an address with whichever key sealed it. Raises cryptography's InvalidToken for none."""
    return _fernet(keys).decrypt(sealed).decode()


def digest(keys: Sequence[bytes], email: str) -> bytes:
    """The keyed hash of an address, the same whatever its case."""
    return hmac.digest(_derived(keys[0], b"look-up"), email.strip().lower().encode(), "sha256")


def _fernet(keys: Sequence[bytes]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, b"seal"))) for key in keys])


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, b"tribute email " + purpose, "sha256")
