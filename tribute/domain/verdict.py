"""What triage thinks of words that wait. A verdict orders the queue and does nothing else."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """In the order in which the queue shows them: who may need help first, what is likely spam last."""

    HELP = "help"
    ORDINARY = "ordinary"
    LOOK_CLOSER = "look_closer"
    HATEFUL = "hateful"
    SPAM = "spam"

    @property
    def urgency(self) -> int:
        """Its place in the queue, the first 0."""
        return list(Verdict).index(self)
