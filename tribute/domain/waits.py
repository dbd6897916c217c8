"""How long something waited, as a step on a scale: so a median is known of what is only counted.

Each step ends a tenth above where it begins. Its waits are taken for the one in its middle (by ratio), so that a
median or any other share is wrong by 4.9 % at the most: the root of 1.1. Less than a second is the step 0; what waited
for longer than the scale reaches, some 80 years, is the last.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import timedelta
from itertools import accumulate, repeat
from math import ceil, sqrt
from operator import mul

GROWTH = 1.1
STEPS = 228
# By repeated multiplication: the same numbers on every machine, as a logarithm's are not.
EDGES: tuple[float, ...] = tuple(accumulate(repeat(GROWTH, STEPS - 1), mul, initial=1.0))  # seconds


def step_of(wait: timedelta) -> int:
    """The step of a wait; one below nothing, by a clock's error, is no wait."""
    return bisect_right(EDGES, wait.total_seconds())


def length_of(step: int) -> timedelta:
    """The wait that a step stands for."""
    if step == 0:
        return timedelta(seconds=0.5)
    return timedelta(seconds=EDGES[step - 1] * sqrt(GROWTH))


def within(counted: Mapping[int, int], share: float) -> timedelta | None:
    """How long that share of all waited at the most (nearest rank), by the number of each step; None of nothing."""
    total = sum(counted.values())
    return _at(counted, max(1, ceil(share * total))) if total > 0 else None


def median(counted: Mapping[int, int]) -> timedelta | None:
    """The wait in the middle; of two, what lies between them. None of nothing."""
    total = sum(counted.values())
    if total <= 0:
        return None
    return (_at(counted, (total + 1) // 2) + _at(counted, total // 2 + 1)) / 2


def _at(counted: Mapping[int, int], rank: int) -> timedelta:
    """The wait of that rank, the shortest being the first."""
    reached = 0
    for step in sorted(counted):
        reached += counted[step]
        if reached >= rank:
            return length_of(step)
    raise ValueError(f"there is no rank {rank}")
