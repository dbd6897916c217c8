"""Refusals: each is its own small type, and the web gives each its own status and sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class Refusal(Exception):
    """A use case that could not be carried out, for a reason a person can be told."""


class NotFound(Refusal):
    """Nothing of that name is here, or it is not for this reader."""


class Gone(Refusal):
    """It was here, and its author or the keeper took it away."""


class Forbidden(Refusal):
    """This person's role does not allow the action."""


@dataclass(eq=False)
class IllegalAction(Refusal):
    """The lifecycle table has no such step."""

    action: str
    status: str

    def __str__(self) -> str:
        return f"{self.action} is not possible while a tribute is {self.status}"


@dataclass(eq=False)
class Conflict(Refusal):
    """The tribute changed since this person saw it: `action` by `person_id` at `at` came first."""

    action: str = ""
    person_id: int | None = None
    at: datetime | None = None


class KeyReused(Refusal):
    """A form's key came back with other words: the first ones are already received."""


@dataclass(eq=False)
class BadArticle(Refusal):
    """A file that is not an article: why, and on which line (counted from 1; 0 for the whole file)."""

    reason: str
    line: int = 0

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}" if self.line else self.reason


class LastKeeper(Refusal):
    """Somebody has to answer for the site: the last keeper can neither go nor become a moderator."""

    def __str__(self) -> str:
        return "this is the last keeper; make somebody else a keeper first"


class BadSetup(Refusal):
    """A command's input cannot be carried out; the sentence says why."""
