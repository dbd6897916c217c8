"""The listed words: how entries meet the words of a text, and what keepers change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.models import ListedWord
from tribute.triage import disguise, lists
from tribute.triage.lists import Entry

AT = datetime(2026, 1, 20, tzinfo=UTC)
KEEPER = 3


def added(session: Session, words: str, language: str = "en", name: str = "spam", grade: str = "grave") -> Entry:
    """An entry that a keeper lists."""
    entry = Entry(name, grade, language, words)
    lists.add(session, entry, KEEPER, AT)
    session.flush()
    return entry


def met(session: Session, entry: Entry, said: str, language: str = "en") -> list[str]:
    """The words of a text that met an entry."""
    sentences = lists.find(session, disguise.sentences(said), language)
    return [found.words for some in sentences for found in some if found.entry == entry]


@pytest.mark.parametrize(
    ("words", "language", "said", "found"),
    [
        ("zebracar", "en", "Two zebracars here", ["zebracars"]),
        ("zebracar", "en", "A Z.E.B.R.A.C.A.R here", ["ZEBRACAR"]),
        ("zebracar", "en", "azebracar", []),
        ("zebra*", "en", "zebrafish and zebras", ["zebrafish"]),
        ("striped horse", "en", "a striped horse", ["striped horse"]),
        ("striped horse", "en", "a horse, striped", []),
        ("striped horse", "en", "It is striped. Horse sense.", []),
        ("striped _ horse", "en", "striped and tall horse", ["striped and tall horse"]),
        ("striped _ horse", "en", "striped horse", ["striped horse"]),
        ("striped _ horse", "en", "striped and very tall horse", []),
        ("zürafə", "az", "zürafələrimizdən biri", ["zürafələrimizdən"]),
        ("zürafə", "az", "zurafe", ["zurafe"]),
        ("жираф", "ru", "двух жирафов видели", ["жирафов"]),
        ("ընձուղտ*", "hy", "մեր ընձուղտները", ["ընձուղտները"]),
    ],
)  # fmt: skip
def test_an_entry_meets_its_words_in_any_form(
    session: Session, words: str, language: str, said: str, found: list[str]
) -> None:
    entry = added(session, words, language)
    assert met(session, entry, said, language) == found


def test_a_keeper_takes_out_and_puts_back_what_ships(session: Session) -> None:
    entry = min(each for each in lists.shipped() if each.list == "spam" and " " not in each.words)
    lists.take_out(session, entry, KEEPER, AT)
    session.flush()
    assert entry not in lists.entries(session)
    lists.add(session, entry, KEEPER, AT)
    session.flush()
    assert entry in lists.entries(session)
    assert session.scalar(select(func.count()).select_from(ListedWord)) == 0


def test_what_a_keeper_added_goes_without_a_trace(session: Session) -> None:
    entry = added(session, "zebracar")
    assert entry in lists.entries(session)
    lists.take_out(session, entry, KEEPER, AT)
    session.flush()
    assert met(session, entry, "zebracar") == []
    assert session.scalar(select(func.count()).select_from(ListedWord)) == 0


@pytest.mark.parametrize("words", ["", " ", "*", "_", "_ *"])
def test_an_entry_without_a_word_is_refused(session: Session, words: str) -> None:
    with pytest.raises(ValueError, match="needs a word"):
        added(session, words)


def test_domains_are_the_keepers_alone(session: Session) -> None:
    added(session, "shop.example", "", "domain", "")
    assert lists.domains(session) == {"shop.example"}


def test_what_ships_is_whole() -> None:
    found = lists.shipped()
    for name in lists.GRADED:
        languages = lists.LANGUAGES[:4] if name == "help" else lists.LANGUAGES
        for language in languages:
            for grade in lists.GRADES:
                assert [each for each in found if each[:3] == (name, grade, language)], (name, grade, language)
    assert all(lists._phrase(each) for each in found)
