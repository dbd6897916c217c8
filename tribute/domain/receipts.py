"""Receipt tokens: a tribute's id with an HMAC over it and its generation, under a key of its own.

The link that shows a draft of an edition is made in the same way, for another purpose.

A token can be made again at any time, a stolen database opens nothing, and raising the generation revokes it.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence

_ID_BYTES, _MAC_BYTES = 8, 16  # 128 bits: not guessable, and 32 letters in all
LENGTH = 32
RECEIPT, DRAFT = b"receipt", b"draft"  # what a token is for: one for the one opens nothing of the other
_WRITTEN = re.compile(rf"[A-Za-z0-9_-]{{{LENGTH}}}")  # 24 bytes fill 32 letters to the last bit: one way to write each


def make_token(keys: Sequence[bytes], tribute_id: int, generation: int, purpose: bytes = RECEIPT) -> str:
    """Sign with the first key; the rest are former keys that still open old links."""
    raw = tribute_id.to_bytes(_ID_BYTES) + _mac(keys[0], tribute_id, generation, purpose)
    return base64.urlsafe_b64encode(raw).decode()


def tribute_of(token: str) -> int | None:
    """The id a token names, before its signature is checked; None for what no token looks like."""
    raw = _raw(token)
    return int.from_bytes(raw[:_ID_BYTES]) if raw else None


def is_valid(keys: Sequence[bytes], token: str, generation: int, purpose: bytes = RECEIPT) -> bool:
    """Check a token against each key, every comparison in constant time."""
    raw = _raw(token)
    if raw is None:
        return False
    tribute_id, mac = int.from_bytes(raw[:_ID_BYTES]), raw[_ID_BYTES:]
    return any(hmac.compare_digest(mac, _mac(key, tribute_id, generation, purpose)) for key in keys)


def _raw(token: str) -> bytes | None:
    return base64.urlsafe_b64decode(token) if _WRITTEN.fullmatch(token) else None


def _mac(key: bytes, tribute_id: int, generation: int, purpose: bytes) -> bytes:
    message = b"%b:%d:%d" % (purpose, tribute_id, generation)
    return hmac.digest(key, message, "sha256")[:_MAC_BYTES]


def make_mail_token(keys: Sequence[bytes], purpose: str, tribute_id: int, email_digest: bytes) -> str:
    """Sign what a link in a mail may do, for one tribute and the address that it was sent to."""
    raw = tribute_id.to_bytes(_ID_BYTES) + _mail_mac(keys[0], purpose, tribute_id, email_digest)
    return base64.urlsafe_b64encode(raw).decode()


def is_valid_mail_token(keys: Sequence[bytes], purpose: str, token: str, email_digest: bytes) -> bool:
    """Check such a token against each key, every comparison in constant time."""
    raw = _raw(token)
    if raw is None:
        return False
    tribute_id, mac = int.from_bytes(raw[:_ID_BYTES]), raw[_ID_BYTES:]
    return any(hmac.compare_digest(mac, _mail_mac(key, purpose, tribute_id, email_digest)) for key in keys)


def _mail_mac(key: bytes, purpose: str, tribute_id: int, email_digest: bytes) -> bytes:
    message = b"mail:%s:%d:%s" % (purpose.encode(), tribute_id, email_digest)
    return hmac.digest(key, message, "sha256")[:_MAC_BYTES]
