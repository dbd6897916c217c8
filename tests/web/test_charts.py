"""Bars side by side: where they stand, how high, and which of them are named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribute.web.charts import pairs
from tribute.web.histogram import BASE, LEAST, TOP

NUMBERS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=31)


@given(NUMBERS, st.booleans())
def test_bars_stand_in_their_shares_and_none_beyond_the_drawing(numbers: list[tuple[int, int]], last: bool) -> None:
    share, right = 100 / len(numbers), 0.0
    for place, (pair, of) in enumerate(zip(pairs(numbers, from_the_last=last), numbers, strict=True)):
        for box, number in zip((pair.first, pair.second), of, strict=True):
            assert (box is None) == (number == 0)
            if box:
                x, y, width, height = box
                assert right - 0.01 <= x <= x + width <= share * (place + 1) + 0.01
                assert TOP - 0.01 <= y <= y + height <= BASE + 0.01
                assert height >= LEAST - 0.01
                right = x + width
        assert share * place < pair.middle < share * (place + 1)


def test_the_highest_reaches_the_line_and_the_others_are_in_proportion() -> None:
    (one,) = pairs([(4, 2)], from_the_last=True)
    assert one.first is not None
    assert one.second is not None
    assert (one.first[1], one.first[3], one.second[3]) == (TOP, BASE - TOP, (BASE - TOP) / 2)


@pytest.mark.parametrize(
    ("of", "from_the_last", "narrow", "wide"),
    [(24, False, [0, 6, 12, 18], [0, 3, 6, 9, 12, 15, 18, 21]), (25, False, [0, 7, 14, 21], list(range(0, 25, 3))),
     (7, True, list(range(7)), list(range(7))), (31, True, [2, 9, 16, 23, 30], list(range(0, 31, 3)))],
)  # fmt: skip
def test_as_many_are_named_as_there_is_room_for(
    of: int, from_the_last: bool, narrow: list[int], wide: list[int]
) -> None:
    labels = [pair.label for pair in pairs([(1, 1)] * of, from_the_last=from_the_last)]
    assert [n for n, label in enumerate(labels) if label in ("narrow", "both")] == narrow
    assert [n for n, label in enumerate(labels) if label in ("wide", "both")] == wide
