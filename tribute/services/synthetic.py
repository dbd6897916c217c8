"""Synthetic tributes as rows: what a tribute that was sent, read and decided on leaves in each table.

Pure, so that other processes can make them: they touch no database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from tribute.domain import ids, text
from tribute.domain.anniversary import local_day
from tribute.domain.lifecycle import Action, Status
from tribute.domain.verdict import Verdict
from tribute.search import stems, terms, vocabulary
from tribute.search.terms import Row, Said
from tribute.services import corpus, counts, decisions, tallies
from tribute.services.corpus import Text
from tribute.services.tallies import Fact

READ_AFTER = timedelta(minutes=47)
DECIDED = {Status.APPROVED: Action.APPROVE, Status.DECLINED: Action.DECLINE, Status.SPAM: Action.SPAM}
PENDING, DECLINED, SPAM = 0.01, 0.012, 0.004  # shares of all; what is pending is the newest

Values = dict[str, Any]
Words = dict[str, tuple[int, str]]  # each term with the number of its texts and its spelling


@dataclass(frozen=True)
class Wanted:
    """What is asked for: so many tributes of one memorial; the seed says which."""

    count: int
    seed: int
    memorial_id: int
    event: date
    time_zone: str
    rules_version: str


@dataclass(frozen=True)
class Slot:
    """A tribute to be: its key, its status, and its numbers in the two indexes."""

    id: int
    status: Status
    desk: int
    public: int


@dataclass
class Made:
    """Some tributes, ready to be written."""

    tributes: list[Values] = field(default_factory=list)
    revisions: list[Values] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)  # of the words, for the log
    desk: list[Row] = field(default_factory=list)
    public: list[Row] = field(default_factory=list)
    desk_words: Words = field(default_factory=dict)
    public_words: Words = field(default_factory=dict)
    counts: Counter[counts.Key] = field(default_factory=Counter)
    tallies: Counter[tallies.Key] = field(default_factory=Counter)


def slots(wanted: Wanted) -> list[Slot]:
    """Every tribute by time, numbered as one after another would be."""
    chance = Random(f"{wanted.seed} slots")  # noqa: S311  to be made again
    found: list[Slot] = []
    id_ = desk = public = -1
    for place, moment in enumerate(corpus.moments(wanted.seed, wanted.count, wanted.event, wanted.time_zone)):
        id_ = max(id_ + 1, moment << ids.RANDOM_BITS | chance.getrandbits(ids.RANDOM_BITS))
        status = _status(chance, place / wanted.count)
        first = terms.first_number_at(ids.time_of(id_))
        desk = max(desk + 1, first)
        public = max(public + 1, first) if status == Status.APPROVED else public
        found.append(Slot(id_, status, desk, public))
    return found


def _status(chance: Random, place: float) -> Status:
    if place >= 1 - PENDING:
        return Status.PENDING
    drawn = chance.random()
    return Status.DECLINED if drawn < DECLINED else Status.SPAM if drawn < DECLINED + SPAM else Status.APPROVED


def remember_all() -> None:
    """Keep the stems of every word as long as this process lives: there are more words than a server's cache holds."""
    stems.second_terms = cache(stems.second_terms.__wrapped__)


def make(wanted: Wanted, first: int, some: list[Slot]) -> Made:
    """Make some of the tributes, from the `first` on."""
    made, said = Made(), list[Said]()
    chance = Random(f"{wanted.seed} salts {first}")  # noqa: S311  to be made again
    for slot, written in zip(some, corpus.texts(wanted.seed, wanted.count, first, len(some)), strict=True):
        day = local_day(ids.time_of(slot.id), wanted.time_zone)
        made.tributes.append(_tribute(wanted, slot, written))
        made.revisions.append(_revision(slot, written, chance.randbytes(16)))
        made.digests.append(decisions.salted(made.revisions[-1]["salt"], written.name, written.place, written.words))
        made.counts.update(
            (wanted.memorial_id, slot.status, period, written.language, written.gesture)
            for period in counts.periods(slot.status, day)
        )
        for fact in _facts(wanted, slot, written):
            made.tallies.update(tallies.keys(fact, wanted.time_zone))
        said.append(_said(wanted, slot, written, day.year))
    _index(made, some, said)
    return made


def _facts(wanted: Wanted, slot: Slot, written: Text) -> Iterator[Fact]:
    """What its rows in the log are counted as: it was sent, and perhaps decided on. Nobody weighed it."""
    at, action = ids.time_of(slot.id), DECIDED.get(slot.status)
    yield Fact(wanted.memorial_id, at, Action.SUBMIT, "", written.language, None, None)
    if action:
        yield Fact(wanted.memorial_id, at + READ_AFTER, action, "", None, slot.id, None)


def _index(made: Made, some: list[Slot], said: list[Said]) -> None:
    """The entries of both indexes, and their words."""
    spelt = {one.source_id: terms.spellings(one) for one in said}
    for slot, one in zip(some, said, strict=True):
        made.desk.append(terms.row_of(slot.desk, one))
        if slot.status == Status.APPROVED:
            made.public.append(terms.row_of(slot.public, replace(one, status="")))
    made.desk_words, made.public_words = (
        vocabulary.counted((row.terms, spelt[row.source_id]) for row in rows) for rows in (made.desk, made.public)
    )


def _said(wanted: Wanted, slot: Slot, written: Text, year: int) -> Said:
    plain = " ".join(written.words.split())
    return Said(slot.id, wanted.memorial_id, written.language, year, plain, written.name, written.place, slot.status)


def _tribute(wanted: Wanted, slot: Slot, written: Text) -> Values:
    at = ids.time_of(slot.id)
    is_public, is_pending = slot.status == Status.APPROVED, slot.status == Status.PENDING
    return {
        "id": slot.id, "memorial_id": wanted.memorial_id, "status": str(slot.status),
        "version": 1 if is_pending else 2, "gesture": written.gesture, "worded": written.words != "",
        "language": written.language, "page_language": written.language,
        "public_revision_id": slot.id if is_public else None, "waiting_revision_id": slot.id if is_pending else None,
        "urgency": Verdict.ORDINARY.urgency, "receipt_generation": 1, "form_key": None, "form_digest": None,
        "consented_at": at, "rules_version": wanted.rules_version,
        "email_sealed": None, "email_digest": None, "email_confirmed_at": None,
        "published_at": at + READ_AFTER if is_public else None, "withdrawn_at": None,
    }  # fmt: skip


def _revision(slot: Slot, written: Text, salt: bytes) -> Values:
    """The one version of its words; no other table has its key, so that it may be the tribute's own."""
    return {
        "id": slot.id, "tribute_id": slot.id, "made_by": "author", "name": written.name, "place": written.place,
        "words": written.words, "html": rendered(written.words), "language": written.language,
        "policy": text.POLICY, "salt": salt,
    }  # fmt: skip


def rendered(words: str) -> str:
    """Give what `text.render` would, for words of letters, digits and points in paragraphs and lines."""
    return "".join(f"<p>{block.replace(chr(10), '<br>')}</p>" for block in words.split("\n\n") if block)
