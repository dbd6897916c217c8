"""Texts that came before: long ones and such with a link are known again, set phrases never."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.services.acts import AT, sent
from tribute.triage import repeats
from tribute.triage.signals import Sent, Signal

LONG = (
    "My uncle worked at the harbour until that winter, and every spring he planted pomegranates behind the house "
    "where we now gather each January to read his letters aloud."
)
LINKED = "Cheap carpets at shop.example/zebra for everybody"


def said_of(session: Session, words: str, days: int = 0) -> list[Signal]:
    """What is said of words that come some days later."""
    return list(repeats.find(session, Sent("Leyla", "", words, "en", AT + timedelta(days=days))))


@pytest.mark.parametrize(("number", "weight"), [(1, 0.4), (2, 0.7), (4, 0.7), (5, 1.0), (7, 1.0)])
def test_a_long_text_is_known_again(session: Session, number: int, weight: float) -> None:
    for each in range(number):
        sent(session, words=LONG, at=AT + timedelta(minutes=each))
    assert said_of(session, LONG) == [Signal("repeated", "spam", weight, (str(number),))]


def test_also_with_some_words_changed(session: Session) -> None:
    sent(session, words=LONG)
    assert said_of(session, LONG.replace("uncle", "father").upper())
    assert not said_of(session, " ".join(reversed(LONG.split())))


def test_a_short_text_is_known_by_its_link(session: Session) -> None:
    sent(session, words=LINKED)
    assert said_of(session, LINKED)


def test_set_phrases_come_hundreds_of_times(session: Session) -> None:
    for each in range(20):
        sent(session, words="Allah rəhmət eləsin. Ruhları şad olsun.", at=AT + timedelta(minutes=each))
    assert said_of(session, "Allah rəhmət eləsin. Ruhları şad olsun.") == []


def test_what_came_long_ago_is_not_held_against_anybody(session: Session) -> None:
    sent(session, words=LONG)
    assert said_of(session, LONG, days=29)
    assert not said_of(session, LONG, days=31)
