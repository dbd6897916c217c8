"""Visitors' emails lie sealed."""

from __future__ import annotations

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import assume, given
from hypothesis import strategies as st

from tribute.domain import emails

KEY, OLD, OTHER = b"the email key of this site", b"the email key before it", b"another site's"
ADDRESS = "leyla@memorial.example"


@given(st.emails())
def test_a_sealed_address_comes_back_with_the_key(address: str) -> None:
    assert emails.unseal([KEY], emails.seal([KEY], address)) == address


def test_the_sealed_form_shows_nothing_of_the_address() -> None:
    sealed = emails.seal([KEY], ADDRESS)
    assert b"leyla" not in sealed
    assert b"memorial" not in sealed
    assert sealed != emails.seal([KEY], ADDRESS)  # nor that two are the same


def test_an_address_stays_closed_to_another_key() -> None:
    with pytest.raises(InvalidToken):
        emails.unseal([OTHER], emails.seal([KEY], ADDRESS))


def test_an_address_sealed_before_the_key_was_changed_still_opens() -> None:
    sealed = emails.seal([OLD], ADDRESS)
    assert emails.unseal([KEY, OLD], sealed) == ADDRESS
    with pytest.raises(InvalidToken):
        emails.unseal([OLD], emails.seal([KEY, OLD], ADDRESS))


@pytest.mark.parametrize("written", ["Leyla@Memorial.Example", f"  {ADDRESS} ", ADDRESS.upper()])
def test_an_address_is_found_however_it_is_written(written: str) -> None:
    assert emails.digest([KEY], written) == emails.digest([KEY], ADDRESS)


def test_the_hash_to_find_by_depends_on_the_key_and_on_the_address() -> None:
    digest = emails.digest([KEY], ADDRESS)
    assert digest != emails.digest([OTHER], ADDRESS)
    assert digest != emails.digest([KEY], "leyla@other.example")
    assert digest not in emails.seal([KEY], ADDRESS)


SEALED = emails.seal([KEY], ADDRESS)
LETTERS = len(SEALED.rstrip(b"=")) - 1  # but the last, some of whose bits say nothing


@given(st.integers(0, LETTERS - 1), st.sampled_from(b"ABCxyz019-_"))
def test_what_was_changed_anywhere_does_not_open(place: int, letter: int) -> None:
    changed = SEALED[:place] + bytes([letter]) + SEALED[place + 1 :]
    assume(changed != SEALED)
    with pytest.raises(InvalidToken):
        emails.unseal([KEY], changed)
