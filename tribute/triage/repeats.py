"""Texts that came before, nearly the same.

A text is known by the smallest hashes of its runs of three words: two that share most of them share most of their
words. Only long texts are looked at, and those with a link or a phone number: set phrases of condolence come hundreds
of times, and mean what they say each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from hashlib import blake2b
from heapq import nsmallest

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.models import Revision, Sketch, add_to
from tribute.search.fold import fold_text
from tribute.triage import contacts
from tribute.triage.signals import Sent, Signal

SHORTEST = 120  # letters, from which on a text is nobody's set phrase
RUN = 3  # words
SIZE = 16  # hashes of a sketch
SHARED = 0.5  # of a sketch, from which on two texts are nearly the same
WITHIN = timedelta(days=30)
MOST = 100  # repetitions that are counted: more say no more
WEIGHTS = ((5, 1.0), (2, 0.7), (1, 0.4))  # so many earlier ones, and what they weigh; an author may send twice


def find(session: Session, sent: Sent) -> Iterator[Signal]:
    """How often nearly the same came lately."""
    own = sketch(sent.words)
    if not own:
        return
    since = ids.first_id_at(sent.at - WITHIN)
    alike = (
        select(Sketch.revision_id).where(Sketch.hash.in_(own), Sketch.revision_id >= since)
        .group_by(Sketch.revision_id).having(func.count() >= SHARED * len(own)).limit(MOST)
    )  # fmt: skip
    times = session.execute(select(func.count()).select_from(alike.subquery())).scalar_one()
    for fewest, weight in WEIGHTS:
        if times >= fewest:
            yield Signal("repeated", "spam", weight, (str(times),))
            return


def keep(session: Session, revision: Revision) -> None:
    """Keep what a later repetition of a revision is known by."""
    add_to(session, Sketch, [{"hash": each, "revision_id": revision.id} for each in sketch(revision.words)])


@lru_cache(maxsize=64)  # it is asked for twice: before the lock is taken, and behind it
def sketch(words: str) -> tuple[int, ...]:
    """The smallest hashes of a text's runs of words; none of a text whose repetition says nothing."""
    if len(words) < SHORTEST and not contacts.links(words) and not contacts.phones(words):
        return ()
    said = fold_text(words).split()
    runs = {" ".join(said[start : start + RUN]) for start in range(max(1, len(said) - RUN + 1))} - {""}
    return tuple(nsmallest(SIZE, (_hash(run) for run in runs)))


def _hash(run: str) -> int:
    return int.from_bytes(blake2b(run.encode(), digest_size=8).digest(), "big", signed=True)
