"""Time-ordered keys and how they are written in addresses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribute.domain import ids

KEYS = st.integers(min_value=0, max_value=ids.MAXIMUM)
MOMENTS = st.datetimes(datetime(1990, 1, 20), datetime(2199, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  given UTC


@given(KEYS)
def test_a_key_comes_back_from_its_address(key: int) -> None:
    assert ids.decode(ids.encode(key)) == key


@given(KEYS, KEYS)
def test_written_keys_sort_as_the_keys_do(one: int, other: int) -> None:
    assert (ids.encode(one) < ids.encode(other)) == (one < other)


@given(MOMENTS, st.timedeltas(min_value=timedelta(milliseconds=2), max_value=timedelta(days=3650)))
def test_what_was_written_earlier_has_the_lower_key(at: datetime, later: timedelta) -> None:
    assert ids.new_id(at) < ids.new_id(at + later)


@given(MOMENTS)
def test_a_key_tells_when_it_was_made_to_the_millisecond(at: datetime) -> None:
    key = ids.new_id(at)
    assert abs(ids.time_of(key) - at) <= timedelta(milliseconds=1)
    assert ids.time_of(key).tzinfo is UTC
    assert ids.first_id_at(at) <= key < ids.first_id_at(at + timedelta(milliseconds=2))


def test_many_tributes_of_one_moment_have_keys_of_their_own() -> None:
    at = datetime(2026, 1, 20, 9, tzinfo=UTC)
    assert len({ids.new_id(at) for _ in range(50)}) >= 49  # by chance two of 50 may meet once in a thousand runs


def test_a_moment_before_computers_counted_is_the_first_key() -> None:
    assert ids.first_id_at(datetime(1918, 3, 31, tzinfo=UTC)) == 0


@given(st.text(max_size=20))
def test_only_what_was_written_as_a_key_is_read_as_one(typed: str) -> None:
    key = ids.decode(typed)
    assert key is None or ids.encode(key) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "", "0", "0" * 12, "0" * 14, "i" * 13, "L" * 13, "O000000000000", "000000000000U", "000000000000٣",
        "00000 0000000", "../../etc/pass", "zzzzzzzzzzzzz", "0g000000000a\n", "0G000000000AB",
    ],
)  # fmt: skip
def test_a_mistyped_address_names_nothing(typed: str) -> None:
    assert ids.decode(typed) is None


def test_the_highest_key_fits_a_databases_integer() -> None:
    assert ids.decode(ids.encode(ids.MAXIMUM)) == 2**63 - 1
    assert ids.new_id(datetime(2199, 12, 31, tzinfo=UTC)) <= ids.MAXIMUM
