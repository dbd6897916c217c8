"""Two series over time as bars side by side, each pair in its share of the width; all in percents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tribute.web.histogram import BASE, LEAST, TOP

GAP = 0.24  # of a share, between one pair and the next
STEPS = {7: (1, 1), 24: (6, 3), 31: (7, 3)}  # up to so many shares: every how manieth is named on a phone, and wide

Box = tuple[float, float, float, float]  # x, y, width, height


@dataclass(frozen=True)
class Pair:
    """One hour or day: its two bars, none for nothing, the middle of its share, and where its name is written."""

    first: Box | None
    second: Box | None
    middle: float
    label: str  # "narrow": on a phone alone; "wide": where there is room; "both"; or nothing


def pairs(numbers: Sequence[tuple[int, int]], *, from_the_last: bool) -> list[Pair]:
    """Every pair in order; names are counted off from the first, or from the last."""
    highest = max((max(pair) for pair in numbers), default=0)
    share = 100 / max(1, len(numbers))
    width = share * (1 - GAP) / 2
    found = []
    for place, (first, second) in enumerate(numbers):
        left = share * (place + GAP / 2)
        boxes = _box(left, width, first, highest), _box(left + width, width, second, highest)
        ordinal = len(numbers) - 1 - place if from_the_last else place
        found.append(Pair(*boxes, round(share * (place + 0.5), 3), _label(ordinal, len(numbers))))
    return found


def _box(left: float, width: float, number: int, highest: int) -> Box | None:
    if not number:
        return None
    height = max(LEAST, (BASE - TOP) * number / highest)
    return round(left, 3), round(BASE - height, 3), round(width, 3), round(height, 3)


def _label(ordinal: int, of: int) -> str:
    narrow, wide = next((STEPS[most] for most in STEPS if of <= most), (of, of))
    is_narrow, is_wide = ordinal % narrow == 0, ordinal % wide == 0
    return "both" if is_narrow and is_wide else "narrow" if is_narrow else "wide" if is_wide else ""
