"""The labelled texts, and how triage judges them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from tribute.domain.verdict import Verdict
from tribute.services import evaluation
from tribute.services.evaluation import Judged, Labelled
from tribute.triage.weighing import Weighed

FOURTEEN = {"az", "en", "ru", "tr", "hy", "ka", "fa", "ar", "he", "de", "fr", "uk", "pl", "es"}
AT = datetime(2026, 1, 20, tzinfo=UTC)
H, S, O = Verdict.HATEFUL, Verdict.SPAM, Verdict.ORDINARY  # noqa: E741  as the table below reads


@pytest.mark.parametrize("side", evaluation.SIDES)
def test_each_people_is_hated_as_often_in_each_language(side: str) -> None:
    hateful = [each for each in evaluation.labelled(side) if each.verdict == H]
    counted = Counter((each.target, each.language) for each in hateful)
    assert {target for target, _language in counted} == {"armenians", "azerbaijanis", "russians"}
    assert len(set(counted.values())) == 1
    assert len({language for _target, language in counted}) == 5


def shingles(said: str) -> set[str]:
    """Four letters in a row, each once."""
    return {said.casefold()[start : start + 4] for start in range(len(said) - 3)}


def test_there_are_six_hundred_texts_none_of_them_twice() -> None:
    every = [each.text for side in evaluation.SIDES for each in evaluation.labelled(side)]
    assert len(every) == len(set(every)) >= 600


def test_no_template_stands_on_both_sides() -> None:
    heldout, tuned = ({each.template for each in evaluation.labelled(side)} for side in evaluation.SIDES)
    assert not heldout & tuned


def test_no_text_is_a_near_duplicate_of_one_on_the_other_side() -> None:
    heldout, tuned = ([(each.text, shingles(each.text)) for each in evaluation.labelled(side)]
                      for side in evaluation.SIDES)  # fmt: skip
    assert not [(one, other) for one, ones in heldout for other, others in tuned
                if len(ones & others) > 0.6 * len(ones | others)]  # fmt: skip


@pytest.mark.parametrize("side", evaluation.SIDES)
def test_ordinary_texts_are_in_fourteen_languages(side: str) -> None:
    ordinary = [each for each in evaluation.labelled(side) if each.verdict == O]
    assert len(ordinary) >= 60
    assert {each.language for each in ordinary} >= FOURTEEN


@pytest.mark.parametrize("side", evaluation.SIDES)
def test_condolences_are_neither_hateful_nor_spam(session: Session, side: str) -> None:
    condolences = [each for each in evaluation.labelled(side) if each.verdict == O and len(each.text) <= 160]
    judged = evaluation.judge(session, condolences, AT)
    assert not [each.labelled.text for each in judged if each.weighed.verdict in (H, S)]


def judged(should: Verdict, given: Verdict, language: str = "en", target: str = "") -> Judged:
    """A text that should have one verdict and was given another."""
    return Judged(Labelled("t", language, should, "x", target), Weighed(given))


def test_precision_and_recall_are_what_they_are_called() -> None:
    some = [judged(H, H, target="russians"), judged(H, O, target="russians"), judged(O, H), judged(S, S, "ru"),
            judged(H, H, "ru", "armenians")]  # fmt: skip
    found = {(each.verdict, each.among): (each.texts, each.recall, each.precision) for each in evaluation.scores(some)}
    assert found[H, "all"] == (3, 2 / 3, 2 / 3)
    assert found[H, "en"] == (2, 0.5, 0.5)
    assert found[H, "ru"] == (1, 1.0, 1.0)
    assert found[S, "all"] == (1, 1.0, 1.0)
    assert found[H, "russians"] == (2, 0.5, 1.0)
    assert found[H, "armenians"] == (1, 1.0, 1.0)
