"""Synthetic tributes by the million, written past the steps that real ones take, and just as these leave them.

Rows are made in another process, some thousands at a time, while this one chains the log and writes. `load` is a
generator of steps: its caller commits after each.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from threading import Thread

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tribute.domain.lifecycle import Action, Status
from tribute.models import (
    Decision,
    DeskVocabulary,
    Memorial,
    Revision,
    Tally,
    Tribute,
    TributeCount,
    Vocabulary,
    count_in,
)
from tribute.search import vocabulary
from tribute.search.index import DESK, PUBLIC, engine_of
from tribute.services import counts, decisions, rows, synthetic, tallies
from tribute.services.decisions import AUTHOR, Actor
from tribute.services.synthetic import DECIDED, READ_AFTER, Made, Values, Wanted, Words

CHUNK = 5_000  # tributes of one step
AHEAD = 4  # steps that are made before they can be written
MODERATOR = Actor("moderator")

# For a connection that waits for no disk: what it writes can be made again.
HURRIED = {
    "sqlite": ("PRAGMA synchronous=OFF", "PRAGMA secure_delete=OFF", "PRAGMA foreign_keys=OFF",
               "PRAGMA temp_store=MEMORY", "PRAGMA cache_size=-500000", "PRAGMA wal_autocheckpoint=20000"),
    "postgresql": ("SET synchronous_commit=off", "SET maintenance_work_mem='512MB'"),
}  # fmt: skip


def is_empty(session: Session) -> bool:
    """Whether the database holds no tribute."""
    return session.execute(select(Tribute.id).limit(1)).first() is None


def load(session: Session, memorial: Memorial, rules_version: str, count: int, seed: int) -> Iterator[int]:
    """Write so many tributes with log, counts and index, a step for each turn; yields how many were added."""
    wanted = Wanted(count, seed, memorial.id, memorial.event_date, memorial.time_zone, rules_version)
    log, found, public, desk = Log(session), Counter[counts.Key](), Words(), Words()
    done = Counter[tallies.Key]()
    indexes = rows.without_gin(session)
    yield 0
    for some in made(wanted):
        rows.write(session, Tribute.__table__, some.tributes)
        rows.write(session, Revision.__table__, some.revisions)
        log.append(some)
        engine_of(session).insert(session, PUBLIC.entry, some.public)
        engine_of(session).insert(session, DESK.entry, some.desk)
        found.update(some.counts)
        done.update(some.tallies)
        _add(public, some.public_words)
        _add(desk, some.desk_words)
        yield len(some.tributes)
    log.close()
    _write_counts(session, found)
    count_in(session, Tally, done)
    yield 0
    _write_words(session, Vocabulary, public)
    _write_words(session, DeskVocabulary, desk)
    yield 0
    for index in indexes:
        session.execute(text(index))
    yield 0


def made(wanted: Wanted) -> Iterator[Made]:
    """All of it in order; by this process where it is little."""
    slots = synthetic.slots(wanted)
    starts = range(0, wanted.count, CHUNK)
    if len(starts) < AHEAD:
        yield from (synthetic.make(wanted, first, slots[first : first + CHUNK]) for first in starts)
        return
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin) as other:
        ahead: deque[Future[Made]] = deque()
        for first in starts:
            ahead.append(other.submit(synthetic.make, wanted, first, slots[first : first + CHUNK]))
            if len(ahead) == AHEAD:
                yield ahead.popleft().result()
        yield from (future.result() for future in ahead)


def _begin() -> None:
    """In the other process: it ends with the one that it works for, however that ends."""
    Thread(target=_end_with, args=(parent_process(),), daemon=True).start()
    synthetic.remember_all()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


class Log:
    """The log's rows by time: the first one of each tribute, and after a while the decision on it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        head = decisions.lock_head(session)
        self.number, self.digest = head.number, head.digest
        self.undecided: deque[tuple[datetime, Values, str]] = deque()

    def append(self, made: Made) -> None:
        """Write what was done until the last of these tributes came in."""
        steps: list[Values] = []
        for tribute, digest in zip(made.tributes, made.digests, strict=True):
            at = tribute["consented_at"]
            steps += self._decided_until(at)
            steps.append(self._chained(_sent(tribute), at, digest))
            if tribute["status"] in DECIDED:
                self.undecided.append((at + READ_AFTER, tribute, digest))
        self._write(steps)

    def close(self) -> None:
        """Write the decisions that are still to come."""
        self._write(list(self._decided_until(None)))

    def _decided_until(self, at: datetime | None) -> Iterator[Values]:
        while self.undecided and (at is None or self.undecided[0][0] <= at):
            moment, tribute, digest = self.undecided.popleft()
            yield self._chained(_decided(tribute), moment, digest)

    def _chained(self, values: Values, at: datetime, words_digest: str) -> Values:
        self.number += 1
        values |= {"number": self.number, "at": at, "person_id": None, "reason": "", "words_digest": words_digest,
                   "note_digest": "", "previous": self.digest}  # fmt: skip
        self.digest = values["digest"] = decisions.digest_of(Decision(**values))
        return values

    def _write(self, steps: list[Values]) -> None:
        rows.write(self.session, Decision.__table__, steps)
        head = decisions.lock_head(self.session)
        head.number, head.digest = self.number, self.digest
        self.session.flush()


def _sent(tribute: Values) -> Values:
    return {
        "actor": AUTHOR.kind, "action": str(Action.SUBMIT), "tribute_id": tribute["id"], "version": 1,
        "from_status": "", "to_status": str(Status.PENDING), "from_public": None, "to_public": None,
        "from_waiting": None, "to_waiting": tribute["id"], "revision_id": tribute["id"],
    }  # fmt: skip


def _decided(tribute: Values) -> Values:
    return {
        "actor": MODERATOR.kind, "action": str(DECIDED[tribute["status"]]), "tribute_id": tribute["id"], "version": 2,
        "from_status": str(Status.PENDING), "to_status": tribute["status"], "from_public": None,
        "to_public": tribute["public_revision_id"], "from_waiting": tribute["id"], "to_waiting": None,
        "revision_id": tribute["id"],
    }  # fmt: skip


def _write_counts(session: Session, found: Counter[counts.Key]) -> None:
    names = ("memorial_id", "status", "period", "language", "gesture", "number")
    values = [dict(zip(names, (*key, found[key]), strict=True)) for key in sorted(found)]
    rows.write(session, TributeCount.__table__, values)


def _add(words: Words, more: Words) -> None:
    for term, (number, spelling) in more.items():
        before, spelt = words.get(term, (0, ""))
        words[term] = (before + number, max(spelt, spelling))


def _write_words(session: Session, table: vocabulary.Table, words: Words) -> None:
    """Write a vocabulary; what it counts already, of the articles, is added."""
    present = session.execute(select(table.term, table.documents, table.spelling))
    _add(words, {term: (number, spelling) for term, number, spelling in present})
    session.execute(table.__table__.delete())  # type: ignore[attr-defined]
    rows.write(
        session,
        table.__table__,
        [{"term": term, "documents": words[term][0], "spelling": words[term][1]} for term in sorted(words)],
    )
