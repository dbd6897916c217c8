"""Results by year as bars, each from one edge of its year's share of the width to the other; all in percents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TOP, BASE = 17.0, 79.0  # where the highest bar ends and where all begin: above stand numbers, below them years
LEAST = 1.5  # the height of the smallest bar: one match beside ten thousand is still to be seen
GAP = 0.22  # of a year's share
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
NARROW, WIDE = 7, 20  # labels that a phone has room for, and a wide screen
NUMBERED = 14  # bars that have room for their number on a wide screen
LABELS = {(True, True): "both", (True, False): "narrow", (False, True): "wide", (False, False): ""}


@dataclass(frozen=True)
class Bar:
    """One year: its share of the width, the bar within it, and on which screens the year is written under it."""

    year: int
    number: int
    share: tuple[float, float]  # where it begins, and how wide it is
    bar: tuple[float, float, float, float]  # x, y, width, height
    label: str  # "narrow": on a phone; "wide": where there is room; "both"; or nothing
    is_numbered: bool

    @property
    def middle(self) -> float:
        """The middle of its share."""
        return round(self.share[0] + self.share[1] / 2, 3)


def bars(years: Mapping[int, int]) -> list[Bar]:
    """Every year from the first to the last; none where there is but one."""
    if len(years) < 2:
        return []
    first, last = min(years), max(years)
    narrow, wide = labelled(first, last, NARROW), labelled(first, last, WIDE)
    share, highest = 100 / (last - first + 1), max(years.values())
    found = []
    for place, year in enumerate(range(first, last + 1)):
        number = years.get(year, 0)
        height = max(LEAST, (BASE - TOP) * number / highest) if number else 0.0
        left = share * place
        bar = (left + share * GAP / 2, BASE - height, share * (1 - GAP), height)
        label = LABELS[year in narrow, year in wide]
        is_numbered = number > 0 and last - first < NUMBERED
        found.append(Bar(year, number, (_short(left), _short(share)), _shorts(bar), label, is_numbered))
    return found


def labelled(first: int, last: int, room: int) -> set[int]:
    """The years that are written out: both ends, and round ones between that stand far enough from them."""
    apart = (last - first + 1) / room
    step = next(step for step in STEPS if step >= apart)
    between = range(first - first % step, last, step)
    return {first, last, *(year for year in between if year - first >= apart and last - year >= apart)}


def _short(value: float) -> float:
    return round(value, 3)


def _shorts(values: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x, y, width, height = values
    return _short(x), _short(y), _short(width), _short(height)
