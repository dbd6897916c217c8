"""The vocabulary: kept in the transaction that changes a text, public words alone, and what is told from it."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from random import Random

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.services.acts import AT, memorial, sent, standing, step
from tests.services.test_counts import walked
from tribute.domain.errors import Conflict, IllegalAction
from tribute.domain.lifecycle import Action, Status
from tribute.models import DeskVocabulary, Vocabulary
from tribute.search import vocabulary
from tribute.search.query import parse
from tribute.services import articles, authors, corrections, reindexing
from tribute.services.articles import Edition
from tribute.services.search import Narrowed
from tribute.services.tributes import Written

LATER = AT + timedelta(hours=1)
EVERYTHING = Narrowed()
WALK = 60


def held(session: Session, table: vocabulary.Table, *terms: str) -> dict[str, int]:
    """In how many texts each of these terms stands, by the vocabulary."""
    return vocabulary.documents(session, table, terms)


def only(session: Session, words: dict[str, int]) -> None:
    """Make the public vocabulary just these words, each with its number; a word's spelling is the word in capitals."""
    session.execute(delete(Vocabulary))
    vocabulary.add(session, Vocabulary, {word: (number, word.upper()) for word, number in words.items()})


# ---- how it is kept


@pytest.mark.parametrize("seed", [20, 1990])
def test_after_every_step_each_number_is_what_a_recount_gives(session: Session, seed: int) -> None:
    chance = Random(seed)  # noqa: S311  a walk that can be walked again
    tributes = [sent(session, AT + timedelta(days=97 * n), words=f"söz{n % 3} qərənfil") for n in range(6)]
    for number in range(WALK):
        session.commit()
        try:
            walked(session, chance, chance.choice(tributes), AT + timedelta(days=2000, minutes=number))
        except (IllegalAction, Conflict):
            session.rollback()
        for table in (Vocabulary, DeskVocabulary):
            assert reindexing.miscounted(session, table) == {}


def test_what_is_not_committed_leaves_the_vocabulary_as_it_was(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words="Unerhörtwort")
    session.commit()
    step(session, tribute, Action.HIDE, LATER)
    assert held(session, Vocabulary, "unerhortwort") == {}
    session.rollback()
    assert held(session, Vocabulary, "unerhortwort") == {"unerhortwort": 1}


@pytest.mark.parametrize("status", [status for status in Status if status != Status.APPROVED])
def test_no_word_of_what_is_not_public_is_in_the_public_vocabulary(session: Session, status: Status) -> None:
    said = ("unerhortwort", "niedagewesen", "nirgendheim")
    before = vocabulary.kept(session, Vocabulary)
    standing(session, status, words="Unerhörtwort", name="Niedagewesen", place="Nirgendheim")
    assert vocabulary.kept(session, Vocabulary) == before
    assert held(session, DeskVocabulary, *said) == ({} if status == Status.REMOVED else dict.fromkeys(said, 1))


def test_newer_words_are_public_once_they_are_published_and_the_former_no_more(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words="Früherwort")
    authors.amend(session, tribute, LATER, tribute.version, Written("Leyla", "", "Späterwort", "en"))
    assert held(session, Vocabulary, "fruherwort", "spaterwort") == {"fruherwort": 1}
    assert held(session, DeskVocabulary, "fruherwort", "spaterwort") == {"fruherwort": 1, "spaterwort": 1}
    step(session, tribute, Action.APPROVE, LATER + timedelta(minutes=1))
    for table in (Vocabulary, DeskVocabulary):
        assert held(session, table, "fruherwort", "spaterwort") == {"spaterwort": 1}


def test_an_articles_words_are_public_and_change_with_it(session: Session) -> None:
    for said, gone in (("Altwort", "neuwort"), ("Neuwort", "altwort")):
        articles.bring_in(session, memorial(session), f"Title\n\n{said}.", Edition("en", 2024), AT)
        assert held(session, Vocabulary, said.lower(), gone) == {said.lower(): 1}
    assert held(session, DeskVocabulary, "neuwort") == {}


def test_a_word_counts_once_a_text_however_often_it_stands_there(session: Session) -> None:
    standing(session, Status.APPROVED, words="Qızılgül qızılgül QIZILGÜL", name="Qızılgül", place="Qızılgül")
    assert held(session, Vocabulary, "qizilgul") == {"qizilgul": 1}


def test_the_spelling_with_more_letters_of_its_own_is_kept(session: Session) -> None:
    for written in permutations(("qizilgul", "Qızılgül", "qızılgül")):
        session.execute(delete(Vocabulary))
        for number, word in enumerate(written):
            standing(session, Status.APPROVED, AT + timedelta(hours=number), words=word)
        assert vocabulary.beginning(session, Vocabulary, "qizilg") == [("qizilgul", 3, "qızılgül")]


def test_mending_adds_what_is_missing_and_takes_out_what_has_no_text(session: Session) -> None:
    only(session, {"bir": 1, "iki": 2, "uc": 3})
    vocabulary.correct(session, Vocabulary, {"bir": 4, "iki": -1, "uc": -3, "dord": 2, "=tdord": 2})
    rows = session.execute(select(Vocabulary.term, Vocabulary.documents, Vocabulary.spelling).order_by(Vocabulary.term))
    assert [tuple(row) for row in rows] == [
        ("=tdord", 2, ""),
        ("bir", 5, "BIR"),
        ("dord", 2, "dord"),
        ("iki", 1, "IKI"),
    ]


# ---- what is told from it


def test_a_beginning_stands_for_its_most_frequent_words_and_no_other_terms(session: Session) -> None:
    only(session, {f"qa{number:02}": number + 1 for number in range(80)} | {"q": 999, "qb": 999, "qə": 999})
    vocabulary.add(session, Vocabulary, {"qa~": (999, ""), "@qa": (999, "")})
    begun = vocabulary.beginning(session, Vocabulary, "qa")
    assert [term for term, _number, _spelling in begun] == [f"qa{number:02}" for number in range(79, 15, -1)]
    assert begun[0] == ("qa79", 80, "QA79")
    assert len(begun) == vocabulary.BEGINNINGS == 64
    assert vocabulary.beginning(session, Vocabulary, "qa0", 2) == [("qa09", 10, "QA09"), ("qa08", 9, "QA08")]
    assert vocabulary.beginning(session, Vocabulary, "x") == []


def test_words_as_frequent_come_in_their_own_order(session: Session) -> None:
    words = ["яб", "aя", "a😀", "ab", "aə", "a1", "a"]
    only(session, dict.fromkeys(words, 3))
    assert [term for term, *_ in vocabulary.beginning(session, Vocabulary, "a")] == ["a", "a1", "ab", "aə", "aя", "a😀"]


def test_years_are_those_that_have_texts(session: Session) -> None:
    session.execute(delete(Vocabulary))
    vocabulary.add(session, Vocabulary, dict.fromkeys(("@2026", "@1990", "@az", "@approved", "#2020"), (1, "")))
    assert vocabulary.years(session, Vocabulary) == [1990, 2026]


ALIKE = {
    "qarabaq": ["qarabag", "qarabas", "karabag"],  # the nearest first, and of them the most frequent
    "qarbaag": ["qarabag", "karabag", "qarabas"],  # two letters changed places
    "xarabag": ["qarabag", "karabag", "qarabas"],  # the first letter is wrong
    "QARABĄĢ": ["karabag", "qarabas"],  # the word itself is no correction
    "qara": [], "yoll": ["yol", "yola"], "yxlx": [], "y": [], "": [],
}  # fmt: skip


@pytest.mark.parametrize("typed", ALIKE)
def test_words_alike_come_by_distance_and_then_by_number(session: Session, typed: str) -> None:
    only(session, {"qarabag": 50, "qarabas": 5, "karabag": 7, "yol": 90, "yola": 8, "xxxxxxxx": 999})
    vocabulary.add(session, Vocabulary, {"=tqarabaq": (99, ""), "~lqarabaq": (99, "")})
    assert [term for term, _spelling in vocabulary.alike(session, typed, 9)] == ALIKE[typed]
    spelt = [spelling for _term, spelling in vocabulary.alike(session, typed, 9)]
    assert spelt == [word.upper() for word in ALIKE[typed]]


def test_a_rare_word_is_found_by_how_it_begins(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "FREQUENT", 1)
    only(session, {"qarabag": 50, "qarabas": 5, "zarabas": 5})
    assert vocabulary.alike(session, "qarabaz", 9) == [("qarabag", "QARABAG"), ("qarabas", "QARABAS")]
    assert vocabulary.alike(session, "qxarabas", 9) == [("qarabas", "QARABAS"), ("qarabag", "QARABAG")]
    assert vocabulary.alike(session, "zarabag", 9) == [("qarabag", "QARABAG"), ("zarabas", "ZARABAS")]


def test_the_frequent_words_are_read_again_after_a_minute(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    at = [1000.0]
    monkeypatch.setattr(vocabulary, "monotonic", lambda: at[0])
    only(session, {"qarabag": 50})
    assert vocabulary.alike(session, "qarabaq", 9) == [("qarabag", "QARABAG")]
    only(session, {"xarabaq": 50})
    assert vocabulary.alike(session, "qarabaq", 9) == []
    at[0] += vocabulary.KEPT + 1
    assert vocabulary.alike(session, "qarabaq", 9) == [("xarabaq", "XARABAQ")]


# ---- corrections and suggestions


def corrected(session: Session, typed: str, narrowed: Narrowed = EVERYTHING) -> list[str]:
    """What somebody may have meant."""
    return corrections.corrections(session, typed, parse(typed), narrowed)


@pytest.fixture
def roses(session: Session) -> Session:
    """Four words that are alike, in Azerbaijani texts; the first stands in two of them."""
    session.execute(delete(Vocabulary))
    for number, word in enumerate(["qızılgül", "qızılgül", "qızılgün", "qızılgüc", "qızılgüt"]):
        standing(session, Status.APPROVED, AT + timedelta(days=number), words=f"Şəhidlərə {word} gətirdim")
    return session


def test_at_most_three_corrections_the_nearest_and_most_frequent_first(roses: Session) -> None:
    assert corrected(roses, "qizilgux") == ["qızılgül", "qızılgüc", "qızılgün"]
    assert corrected(roses, "qizlgul") == ["qızılgül", "qızılgüc", "qızılgün"]
    assert corrected(roses, "gətirdim qizilgux") == ["gətirdim qızılgül", "gətirdim qızılgüc", "gətirdim qızılgün"]
    assert corrected(roses, "getridim qizilgux")[0] == "gətirdim qızılgül"


def test_a_correction_keeps_the_rest_of_the_query(roses: Session) -> None:
    assert corrected(roses, 'qizilgux "Şəhidlərə" year:2026 -nowhere')[0] == 'qızılgül "Şəhidlərə" year:2026 -nowhere'
    assert corrected(roses, "qizilgulx qizilgulz") == ["qızılgül qızılgül"]  # no text has two of these words
    standing(roses, Status.APPROVED, LATER, words="qızıl qızılgülü")
    assert corrected(roses, "qızılgülü qızıx") == ["qızılgülü qızıl"]  # not in the middle of another word


def test_only_what_finds_something_under_the_choices_made_is_a_correction(roses: Session) -> None:
    assert corrected(roses, "qizilgux", Narrowed(language="ru")) == []
    assert corrected(roses, "qizilgux", Narrowed(year=2025)) == []
    assert corrected(roses, "qizilgux", Narrowed(kind="article")) == []
    assert corrected(roses, "qizilgux", Narrowed(memorial="elsewhere")) == []
    assert corrected(roses, "qizilgux", Narrowed("20-january", "az", "tribute", 2026))[0] == "qızılgül"
    assert corrected(roses, "qizilgux year:2025") == []
    assert corrected(roses, "name:qizilgux") == []


def test_what_is_no_misspelling_has_no_correction(roses: Session) -> None:
    for typed in ("qızılgül", "qızılgül qızılgün", "zzzzzzzz", "", "!", "qix*", "Şəhidlərə -qizilgux"):
        assert corrected(roses, typed) == [], typed


def test_a_correction_can_lie_in_an_article(session: Session) -> None:
    articles.bring_in(session, memorial(session), "Title\n\nZeppelinwort.", Edition("en", 2024), AT)
    assert corrected(session, "zeppelinworx", Narrowed(kind="article")) == ["Zeppelinwort"]
    assert corrected(session, "zeppelinworx", Narrowed(kind="tribute")) == []


def test_the_last_word_is_completed_the_most_frequent_first(roses: Session) -> None:
    assert corrections.suggestions(roses, "qi") == ["qızılgül", "qızılgüc", "qızılgün", "qızılgüt"]
    assert corrections.suggestions(roses, "ruhu QIZ") == [
        f"ruhu {word}" for word in corrections.suggestions(roses, "qi")
    ]
    assert corrections.suggestions(roses, "-qizilgul") == ["-qızılgül"]
    for typed in ("", "q", "qi ", "qi*", "zz", "  ", "!", '"qi"'):
        assert corrections.suggestions(roses, typed) == [], typed


def test_at_most_eight_suggestions(session: Session) -> None:
    only(session, {f"qa{number}": 1 for number in range(20)})
    assert len(corrections.suggestions(session, "qa")) == corrections.SUGGESTIONS == 8


@pytest.mark.parametrize("leaving", [Action.HIDE, Action.WITHDRAW, Action.REMOVE, Action.AMEND])
def test_cut_words_leave_suggestions_and_corrections_at_once(session: Session, leaving: Action) -> None:
    tribute = standing(session, Status.APPROVED, words="Unerhörtwort")
    assert corrections.suggestions(session, "uner") == ["Unerhörtwort"]
    assert corrected(session, "unerhortwor") == ["Unerhörtwort"]
    step(session, tribute, leaving, LATER)
    if leaving == Action.AMEND:
        step(session, tribute, Action.APPROVE, LATER + timedelta(minutes=1))
    assert corrections.suggestions(session, "uner") == []
    assert corrected(session, "unerhortwor") == []
