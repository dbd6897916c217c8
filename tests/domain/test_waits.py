"""Waits as steps on a scale: a median and a ninth tenth told from them are nearly the real ones."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from math import ceil
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribute.domain import waits

YEAR = 365.25 * 86400
LENGTHS = st.lists(st.floats(1, 50 * YEAR), min_size=1, max_size=60)


def counted(lengths: list[float]) -> Counter[int]:
    """How many waits fell on each step."""
    return Counter(waits.step_of(timedelta(seconds=length)) for length in lengths)


@given(LENGTHS)
def test_the_median_is_the_real_one_within_a_twentieth(lengths: list[float]) -> None:
    found = waits.median(counted(lengths))
    assert found is not None
    assert found.total_seconds() == pytest.approx(median(lengths), rel=0.05)


@given(LENGTHS, st.sampled_from([0.5, 0.9, 1.0]))
def test_a_share_waited_as_long_as_the_one_at_its_end_within_a_twentieth(lengths: list[float], share: float) -> None:
    found = waits.within(counted(lengths), share)
    assert found is not None
    real = sorted(lengths)[max(1, ceil(share * len(lengths))) - 1]
    assert found.total_seconds() == pytest.approx(real, rel=0.05)


@given(st.floats(0, 200 * YEAR), st.floats(0, 200 * YEAR))
def test_the_longer_wait_is_never_on_the_lower_step(one: float, other: float) -> None:
    steps = [waits.step_of(timedelta(seconds=length)) for length in sorted((one, other))]
    assert steps == sorted(steps)
    assert all(0 <= step <= waits.STEPS for step in steps)


def test_nothing_has_no_median_and_what_a_clock_got_wrong_is_no_wait() -> None:
    assert waits.median({}) is None
    assert waits.within({7: 0}, 0.9) is None
    assert waits.step_of(timedelta(days=-400)) == 0
    assert waits.length_of(0) < timedelta(seconds=1)
    assert waits.EDGES[-1] > 75 * YEAR


def test_of_two_waits_the_median_lies_between() -> None:
    found = waits.median(counted([60, 3600]))
    assert found is not None
    assert found.total_seconds() == pytest.approx(1830, rel=0.05)
