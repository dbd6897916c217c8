"""Signals of the words themselves: what they are met by, and what they leave alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tribute.triage import lists, wording
from tribute.triage.lists import Entry
from tribute.triage.signals import Sent

AT = datetime(2026, 1, 20, tzinfo=UTC)


def names(session: Session, words: str, language: str = "en") -> list[str]:
    """The signals of words, by name."""
    sent = Sent("Leyla", "", words, language, AT)
    finders = (wording.listed, wording.contact, wording.alphabets, wording.capitals)
    return [signal.name for find in finders for signal in find(session, sent)]


@pytest.mark.parametrize(
    ("words", "language", "signals"),
    [
        ("Rest in peace. Amin.", "en", []),
        ("They are scum.", "en", ["listed_rough"]),
        ("The weather was scum. Armenians and Azerbaijanis wept together.", "en", ["listed_rough"]),
        ("Armenians are scum.", "en", ["listed_rough", "hostile_to_people"]),
        ("Azerbaijanis are scum.", "en", ["listed_rough", "hostile_to_people"]),
        ("Russians are scum.", "en", ["listed_rough", "hostile_to_people"]),
        ("Scum and vermin! So are the Russians.", "en", ["listed_rough", "hostile_to_people"]),
        ("Ruslar həşəratdır", "az", ["listed_rough", "hostile_to_people"]),
        ("смерть а р м я н а м", "ru", ["listed_hateful"]),
        ("Best c.a.s.i.n.o here", "en", ["listed_spam"]),
        ("The c\u0430sino of that time", "en", ["listed_spam", "mixed_scripts"]),
        ("I don't want to live any more", "en", ["listed_help"]),
        ("Our photographs: https://album.example/1990", "en", ["links"]),
        ("Whoever saw him, call +994 50 000 00 00", "en", ["phone"]),
        ("SOVET ORDUSU " * 20, "az", ["capitals"]),
        ("SOVET ORDUSU", "az", []),
        ("شهداء باكو في القلوب " * 20, "ar", []),
    ],
)  # fmt: skip
def test_signals_of_words(session: Session, words: str, language: str, signals: list[str]) -> None:
    assert names(session, words, language) == signals


def test_a_keepers_domain_is_known_below_itself(session: Session) -> None:
    lists.add(session, Entry("domain", "", "", "shop.example"), 3, AT)
    session.flush()
    assert names(session, "See https://www.shop.example/x") == ["links", "listed_domain"]
    assert names(session, "See https://bookshop.example/x") == ["links"]


@pytest.mark.parametrize(
    "word", ["Xaçaturyan", "Хачатурян", "Чуркин", "Москаленко", "хачапури", "աղբյուր", "շունչ", "kotorovski"]
)
def test_names_and_words_that_begin_alike_are_left_alone(session: Session, word: str) -> None:
    for language in ("az", "ru", "hy", "en"):
        assert names(session, f"{word} ermənilər русские armenians", language) == []


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=500), st.sampled_from(["az", "en", "ru", "tr", "hy", "ar"]))
def test_any_words_are_weighed(session: Session, words: str, language: str) -> None:
    assert all(name for name in names(session, words, language))
