"""What is weighed, and what a signal says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

Leaning = Literal["help", "hateful", "spam", "closer"]


@dataclass(frozen=True)
class Circumstances:
    """How a tribute came, beside what it says."""

    filled_trap: bool = False  # a field that people do not see was filled in
    seconds: float | None = None  # from the making of the form to its sending; None where nobody counted
    from_address: int = 0  # tributes from this address within ten minutes, where they are many; else none
    is_worked: bool | None = None  # proof of work: None where it is not asked for


@dataclass(frozen=True)
class Sent:
    """What is weighed: what its author signs, when, and how it came."""

    name: str
    place: str
    words: str
    language: str
    at: datetime
    email_digest: bytes | None = None
    circumstances: Circumstances = Circumstances()


class Signal(NamedTuple):
    """One thing to be seen in a text: `web/why.py` has its sentence, which tells what is in `told`."""

    name: str
    leaning: Leaning
    weight: float  # 1 is enough for the verdict it leans to
    told: tuple[str, ...] = ()
