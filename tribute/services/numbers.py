"""The numbers that everybody may see: what came in and what became of it, by month, and the log's newest hash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import waits
from tribute.domain.lifecycle import Action
from tribute.models import LogHead, Memorial
from tribute.services import tallies

TOLD = (Action.SUBMIT, Action.APPROVE, Action.DECLINE, Action.SPAM, tallies.WAIT)
FIRST, LAST = "m0001-01", "m9999-12"

Kinds = Mapping[str, Mapping[str, int]]  # what was done, each with how often for each of its kinds


@dataclass(frozen=True)
class Done:
    """What came in within some time, what was decided, and how long that took."""

    received: int
    published: int
    declined: dict[str, int]  # by reason, most first
    spam: int
    median: timedelta | None
    most: timedelta | None  # nine in ten waited no longer

    @classmethod
    def of(cls, found: Kinds) -> Self:
        """The same from tallies."""
        sums = {what: sum(kinds.values()) for what, kinds in found.items()}
        waited = {int(step): number for step, number in found.get(tallies.WAIT, {}).items()}
        declined = sorted(found.get(Action.DECLINE, {}).items(), key=lambda pair: (-pair[1], pair[0]))
        return cls(
            sums.get(Action.SUBMIT, 0), sums.get(Action.APPROVE, 0), dict(declined), sums.get(Action.SPAM, 0),
            waits.median(waited), waits.within(waited, 0.9),
        )  # fmt: skip

    @property
    def refused(self) -> int:
        """How many were declined, for whatever reason."""
        return sum(self.declined.values())

    @property
    def decided(self) -> int:
        """How many were judged, one way or another."""
        return self.published + self.refused + self.spam


@dataclass(frozen=True)
class Numbers:
    """Everything in all, each month by its first day and the newest first, and where the log stands."""

    total: Done
    months: list[tuple[date, Done]]
    row: int
    digest: str


def public(session: Session, memorial: Memorial) -> Numbers:
    """A memorial's numbers."""
    months: dict[str, dict[str, Counter[str]]] = {}
    total: dict[str, Counter[str]] = {}
    for period, what, kind, number in tallies.each(session, [memorial.id], FIRST, LAST, TOLD):
        for found in (months.setdefault(period, {}), total):
            found.setdefault(what, Counter())[kind] += number
    head = session.scalars(select(LogHead)).one()
    told = [(date.fromisoformat(f"{period[1:]}-01"), Done.of(months[period])) for period in sorted(months)]
    return Numbers(Done.of(total), told[::-1], head.number, head.digest)
