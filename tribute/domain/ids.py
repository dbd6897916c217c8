"""Time-ordered keys: 43 bits of milliseconds, 20 of chance, written publicly in base 32.

A key sorts by the moment of writing, so the wall, cursors and years are all ranges of it (DESIGN.md, Storage).
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

RANDOM_BITS = 20
LENGTH = 13  # 63 bits at 5 bits a letter
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no i, l, o, u to misread
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
MAXIMUM = (1 << 63) - 1
LAST_YEAR = 2247  # the last whole year that 43 bits of milliseconds hold


def new_id(at: datetime) -> int:
    """Make a key for something written at `at`."""
    return first_id_at(at) | secrets.randbits(RANDOM_BITS)


def first_id_at(at: datetime) -> int:
    """The lowest key of that millisecond: the edge of a range."""
    return max(0, round(at.timestamp() * 1000)) << RANDOM_BITS


def time_of(key: int) -> datetime:
    """The moment (UTC) a key was made for."""
    return datetime.fromtimestamp((key >> RANDOM_BITS) / 1000, UTC)


def encode(key: int) -> str:
    """Write a key as 13 letters of base 32."""
    return "".join(ALPHABET[key >> shift & 31] for shift in range(60, -1, -5))


def decode(text: str) -> int | None:
    """Read what `encode` wrote; None for anything else."""
    if len(text) != LENGTH or any(letter not in _VALUES for letter in text):
        return None
    key = 0
    for letter in text:
        key = key << 5 | _VALUES[letter]
    return key if key <= MAXIMUM else None
