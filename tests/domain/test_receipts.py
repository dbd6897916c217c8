"""The private link: opened by its token alone."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tribute.domain import ids, receipts

KEY, OLD, OTHER = b"the key of this site" * 2, b"the key before it" * 2, b"the key of another" * 2
TRIBUTES = st.integers(min_value=0, max_value=ids.MAXIMUM)
GENERATIONS = st.integers(min_value=1, max_value=10_000)
TRIBUTE = 1_855_000_000_123_456_789
TOKEN = receipts.make_token([KEY], TRIBUTE, 1)


@given(TRIBUTES, GENERATIONS)
def test_a_token_opens_its_own_tribute(tribute: int, generation: int) -> None:
    token = receipts.make_token([KEY], tribute, generation)
    assert receipts.tribute_of(token) == tribute
    assert receipts.is_valid([KEY], token, generation)
    assert len(token) == receipts.LENGTH
    assert set(token) <= set(string.ascii_letters + string.digits + "-_")


def test_a_token_can_be_made_again_and_is_the_same() -> None:
    assert receipts.make_token([KEY], TRIBUTE, 1) == TOKEN


def test_a_token_signed_with_another_key_opens_nothing() -> None:
    assert not receipts.is_valid([OTHER], TOKEN, 1)
    assert not receipts.is_valid([], TOKEN, 1)


def test_links_given_out_before_a_key_was_changed_still_open() -> None:
    given_out = receipts.make_token([OLD], TRIBUTE, 1)
    assert receipts.is_valid([KEY, OLD], given_out, 1)
    assert receipts.make_token([KEY, OLD], TRIBUTE, 1) == TOKEN
    assert not receipts.is_valid([KEY], given_out, 1)


@given(TRIBUTES, GENERATIONS, GENERATIONS)
def test_raising_the_generation_revokes_the_link(tribute: int, before: int, after: int) -> None:
    assume(before != after)
    assert not receipts.is_valid([KEY], receipts.make_token([KEY], tribute, before), after)


@given(TRIBUTES, TRIBUTES)
def test_one_tributes_signature_does_not_open_another(one: int, other: int) -> None:
    assume(one != other)
    mixed = receipts.make_token([KEY], one, 1)[:12] + receipts.make_token([KEY], other, 1)[12:]
    assert not receipts.is_valid([KEY], mixed, 1)


@given(TRIBUTES, st.integers(min_value=0, max_value=receipts.LENGTH - 1), st.characters())
def test_a_token_with_any_letter_changed_opens_nothing(tribute: int, place: int, letter: str) -> None:
    token = receipts.make_token([KEY], tribute, 1)
    assume(token[place] != letter)
    assert not receipts.is_valid([KEY], token[:place] + letter + token[place + 1 :], 1)


@pytest.mark.parametrize(("letter", "twin"), [("-", "+"), ("_", "/")])
def test_a_token_is_written_in_one_way_only(letter: str, twin: str) -> None:
    tokens = (receipts.make_token([KEY], tribute, 1) for tribute in range(1000))
    token = next(token for token in tokens if letter in token)
    assert receipts.is_valid([KEY], token, 1)
    assert not receipts.is_valid([KEY], token.replace(letter, twin), 1)


@given(st.text(max_size=40) | st.text(alphabet=string.ascii_letters + "-_+/= \n", min_size=32, max_size=32))
def test_whatever_is_typed_as_a_token_is_refused_without_an_error(typed: str) -> None:
    assert not receipts.is_valid([KEY], typed, 1)
    named = receipts.tribute_of(typed)
    assert named is None or named >= 0


@pytest.mark.parametrize("typed", ["", TOKEN[:-1], TOKEN + "A", f" {TOKEN[1:]}", TOKEN[:-1] + "=", "ə" * 32])
def test_what_no_token_looks_like_names_no_tribute(typed: str) -> None:
    assert receipts.tribute_of(typed) is None
