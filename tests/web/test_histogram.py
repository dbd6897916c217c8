"""Bars of years: where they stand, how high, and which years are written out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribute.web.histogram import BASE, LEAST, NARROW, TOP, WIDE, bars, labelled


def test_every_year_from_the_first_to_the_last_has_its_place() -> None:
    found = bars({2020: 4, 2023: 1})
    assert [(bar.year, bar.number) for bar in found] == [(2020, 4), (2021, 0), (2022, 0), (2023, 1)]
    assert [bar.share for bar in found] == [(0, 25), (25, 25), (50, 25), (75, 25)]
    assert [bar.middle for bar in found] == [12.5, 37.5, 62.5, 87.5]


def test_a_bar_is_as_high_as_its_number_and_stands_on_the_ground() -> None:
    highest, half, nothing, least = bars({2020: 1000, 2021: 500, 2023: 1})
    assert (highest.bar[1], highest.bar[3]) == (TOP, BASE - TOP)
    assert half.bar[3] == pytest.approx((BASE - TOP) / 2)
    assert nothing.bar[3] == 0
    assert least.bar[3] == LEAST
    for bar in (highest, half, nothing, least):
        assert bar.bar[1] + bar.bar[3] == pytest.approx(BASE)


@pytest.mark.parametrize("years", [{}, {2024: 7}])
def test_one_year_or_none_makes_no_picture(years: dict[int, int]) -> None:
    assert bars(years) == []


def test_few_bars_carry_their_numbers() -> None:
    assert [bar.is_numbered for bar in bars({2024: 1, 2026: 1})] == [True, False, True]
    assert not any(bar.is_numbered for bar in bars({1990: 1, 2026: 1}))


def test_thirty_seven_years_are_labelled_at_round_years_and_both_ends() -> None:
    assert sorted(labelled(1990, 2026, NARROW)) == [1990, 2000, 2010, 2020, 2026]
    assert sorted(labelled(1990, 2026, WIDE)) == [*range(1990, 2025, 2), 2026]
    found = {bar.year: bar.label for bar in bars({1990: 1, 2026: 3})}
    assert (found[1990], found[1992], found[1991]) == ("both", "wide", "")


def test_a_year_that_is_written_on_a_phone_alone_says_so() -> None:
    found = {bar.year: bar.label for bar in bars({2006: 1, 2026: 1})}
    assert (found[2015], found[2014], found[2026]) == ("narrow", "wide", "both")


@given(st.integers(1900, 2247), st.integers(1, 347), st.sampled_from([NARROW, WIDE]))
def test_labels_never_stand_too_close(first: int, span: int, room: int) -> None:
    years = sorted(labelled(first, first + span, room))
    assert (years[0], years[-1]) == (first, first + span)
    apart = (span + 1) / room
    assert all(later - earlier >= min(apart, span) for earlier, later in pairwise(years))


@given(st.dictionaries(st.integers(1900, 2247), st.integers(1, 10**6), min_size=2, max_size=40))
def test_no_bar_leaves_its_share_or_the_picture(years: dict[int, int]) -> None:
    found = bars(years)
    assert {bar.year: bar.number for bar in found if bar.number} == years
    for bar in found:
        x, y, width, height = bar.bar
        assert bar.share[0] - 0.01 <= x <= x + width <= bar.share[0] + bar.share[1] + 0.01 <= 100.02
        assert TOP - 0.01 <= y <= y + height <= BASE + 0.01
