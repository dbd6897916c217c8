"""From signals to a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tribute.domain.verdict import Verdict
from tribute.triage.signals import Sent, Signal

ENOUGH = 1.0  # weight for the verdict that the signals lean to
CLOSER = 0.5  # weight of all that is suspicious, from which on somebody should look closer
LEANINGS = (("help", Verdict.HELP), ("hateful", Verdict.HATEFUL), ("spam", Verdict.SPAM))  # the first that is enough

Finder = Callable[[Session, Sent], Iterable[Signal]]


@dataclass(frozen=True)
class Weighed:
    """The verdict on words, and what led to it, the weightiest first."""

    verdict: Verdict = Verdict.ORDINARY
    signals: tuple[Signal, ...] = ()


def weigh(session: Session, sent: Sent, finders: Iterable[Finder]) -> Weighed:
    """Ask each finder for its signals and sum them up. Reads only: it comes before the lock is taken."""
    signals = sorted((signal for find in finders for signal in find(session, sent)), key=lambda each: -each.weight)
    return Weighed(verdict_of(signals), tuple(signals))


def verdict_of(signals: Iterable[Signal]) -> Verdict:
    """The verdict that these signals come to."""
    weights: dict[str, float] = {}
    for signal in signals:
        weights[signal.leaning] = weights.get(signal.leaning, 0) + signal.weight
    for leaning, verdict in LEANINGS:
        if weights.get(leaning, 0) >= ENOUGH:
            return verdict
    return Verdict.LOOK_CLOSER if sum(weights.values()) >= CLOSER else Verdict.ORDINARY
