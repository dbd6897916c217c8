"""How well triage judges texts whose verdict is known: precision and recall, by verdict, language and target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import yaml
from sqlalchemy.orm import Session

from tribute.domain.verdict import Verdict
from tribute.triage import weighing, wording
from tribute.triage.signals import Sent
from tribute.triage.weighing import Weighed

FOLDER = Path(__file__).parent.parent / "content" / "triage"
SIDES = ("heldout", "tuned")  # the lists were made by looking at the tuned; nobody changes them for the held-out
FINDERS = (wording.listed, wording.contact, wording.alphabets, wording.capitals)  # what a text says by itself
JUDGED = (Verdict.HATEFUL, Verdict.SPAM, Verdict.HELP)


@dataclass(frozen=True)
class Labelled:
    """A text whose verdict is known. Those of one template are variations on one another, and stand on one side."""

    template: str
    language: str
    verdict: Verdict
    text: str
    target: str = ""


class Judged(NamedTuple):
    """A labelled text, and what triage says of it."""

    labelled: Labelled
    weighed: Weighed


class Score(NamedTuple):
    """How a verdict fares over some texts."""

    verdict: Verdict
    among: str  # a language, a target, or "all"
    texts: int  # that should have it
    found: int
    false: int  # others that were given it

    @property
    def recall(self) -> float:
        """The share of those that should have it that were given it."""
        return self.found / self.texts if self.texts else 1.0

    @property
    def precision(self) -> float:
        """The share of those that were given it that should have it."""
        return self.found / (self.found + self.false) if self.found + self.false else 1.0


def labelled(side: str) -> list[Labelled]:
    """The labelled texts of one side."""
    said = yaml.safe_load((FOLDER / f"{side}.yaml").read_text("utf-8"))
    return [Labelled(**each | {"verdict": Verdict(each["verdict"])}) for each in said]


def judge(session: Session, texts: Iterable[Labelled], at: datetime) -> list[Judged]:
    """Weigh each text by what it says alone; what this site has learnt stays out."""
    return [
        Judged(each, weighing.weigh(session, Sent("", "", each.text, each.language, at), FINDERS)) for each in texts
    ]


def scores(judged: list[Judged]) -> Iterator[Score]:
    """Each verdict over all texts and in each language; the hateful by target too."""
    for verdict in JUDGED:
        yield _score(judged, verdict, "all")
        for language in sorted({each.labelled.language for each in judged if each.labelled.verdict == verdict}):
            yield _score([each for each in judged if each.labelled.language == language], verdict, language)
    for target in sorted({each.labelled.target for each in judged} - {""}):
        yield _score([each for each in judged if each.labelled.target == target], Verdict.HATEFUL, target)


def _score(judged: list[Judged], verdict: Verdict, among: str) -> Score:
    given = Counter(each.labelled.verdict == verdict for each in judged if each.weighed.verdict == verdict)
    texts = sum(each.labelled.verdict == verdict for each in judged)
    return Score(verdict, among, texts, given[True], given[False])
