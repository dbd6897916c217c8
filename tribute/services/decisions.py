"""The log of decisions: appended under one locked head, chained by hash, verified from the first row."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.errors import Conflict
from tribute.domain.lifecycle import JUDGED, Remark
from tribute.models import IS_JUDGEMENT, Decision, LogHead, Note, Revision

GENESIS = "0" * 64  # what the first row names as its previous one
LATELY = 50  # decisions that "lately" looks back on
FEWEST = 3  # fewer say nothing about how long it takes


@dataclass(frozen=True)
class Actor:
    """Who acts: `author`, `moderator`, `keeper` or `rule`, and which person where it is one who signs in."""

    kind: str
    person_id: int | None = None


AUTHOR = Actor("author")
RULE = Actor("rule")


def lock_head(session: Session) -> LogHead:
    """Take the log's head: writers come one after another, so numbers have no gap and the chain no fork."""
    query = select(LogHead).with_for_update().execution_options(populate_existing=True)
    return session.execute(query).scalar_one()


def append(session: Session, head: LogHead, row: Decision, note: str = "") -> Decision:
    """Write a row after the head; `note` is kept apart, where it can be emptied."""
    row.number, row.previous = head.number + 1, head.digest
    salt = secrets.token_bytes(16) if note else None
    row.note_digest = salted(salt, note) if salt else ""
    row.digest = digest_of(row)
    session.add(row)
    session.flush()
    if note:
        session.add(Note(decision_number=row.number, text=note, salt=salt))
    head.number, head.digest = row.number, row.digest
    session.flush()
    return row


def salted(salt: bytes | None, *parts: str) -> str:
    """Digest erasable text under its own salt; without the salt nothing can be guessed back from it."""
    return hashlib.sha256((salt or b"") + "\x1f".join(parts).encode()).hexdigest()


def words_digest(revision: Revision | None) -> str:
    """The digest of a revision's words, name and place."""
    return salted(revision.salt, revision.name, revision.place, revision.words) if revision else ""


def digest_of(row: Decision) -> str:
    """The hash of a row over a fixed serialisation: every column but the hash, by name, as JSON."""
    values = {name: value for name, value in values_of(row).items() if name != "digest"}
    written = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()


def values_of(row: Decision) -> dict[str, str | int | None]:
    """A row by the names of its columns, its moment written as the digest has it."""
    values = {column.name: getattr(row, column.name) for column in Decision.__table__.columns}
    return values | {"at": row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")}


def broken_row(session: Session, known: str = "") -> str | None:
    """Name the first row that does not fit its chain, or None. `known`: a hash published earlier that must be in it."""
    previous, number, seen = GENESIS, 0, not known or known == GENESIS
    rows = (
        select(Decision, Note, Revision).outerjoin(Note, Note.decision_number == Decision.number)
        .outerjoin(Revision, Revision.id == Decision.revision_id).order_by(Decision.number)
        .execution_options(yield_per=1000)
    )  # fmt: skip
    with session.execute(rows) as found:
        for row, note, revision in found:
            number += 1
            if (row.number, row.previous, row.digest) != (number, previous, digest_of(row)):
                return f"row {row.number} does not follow from the rows before it"
            if (broken := _broken_text(row, note, revision)) is not None:
                return broken
            previous, seen = row.digest, seen or row.digest == known
    head = session.scalars(select(LogHead)).one()
    if (head.number, head.digest) != (number, previous):
        return f"the head names row {head.number}, the last row is {number}"
    return None if seen else f"no row has the hash {known}: the log was rewritten after that hash was published"


def _broken_text(row: Decision, note: Note | None, revision: Revision | None) -> str | None:
    """Check a row's digests against the note and the words, where they have not been erased."""
    if (note is not None) != bool(row.note_digest) or (note and not _fits(row.note_digest, note.salt, note.text)):
        return f"the note of row {row.number} was changed"
    said = (revision.name, revision.place, revision.words) if revision else ()
    if row.revision_id and not (revision and _fits(row.words_digest, revision.salt, *said)):
        return f"the words decided on in row {row.number} were changed"
    return None


def _fits(digest: str, salt: bytes | None, *said: str) -> bool:
    """Whether a text is the one that was digested; an erased one has lost its salt and is empty."""
    return salted(salt, *said) == digest if salt else not any(said)


def last_of(session: Session, tribute_id: int) -> Decision | None:
    """The newest step that was taken with a tribute; what was only remarked is none."""
    steps = select(Decision).where(Decision.tribute_id == tribute_id, Decision.action.not_in(tuple(Remark)))
    return session.scalars(steps.order_by(Decision.number.desc()).limit(1)).first()


def step_to(session: Session, tribute_id: int, version: int) -> Decision | None:
    """The row of the step that brought a tribute to a version; remarks on that version come after it."""
    query = select(Decision).where(Decision.tribute_id == tribute_id, Decision.version == version)
    return session.scalars(query.order_by(Decision.number).limit(1)).first()


def history(session: Session, tribute_id: int) -> Iterator[tuple[Decision, str]]:
    """Every row about a tribute, oldest first, each with its note's text."""
    query = select(Decision, Note.text).outerjoin(Note, Note.decision_number == Decision.number)
    found = session.execute(query.where(Decision.tribute_id == tribute_id).order_by(Decision.number))
    return ((row, note or "") for row, note in found)


def conflict_of(session: Session, tribute_id: int) -> Conflict:
    """What somebody else did first, for the one who comes second."""
    last = last_of(session, tribute_id)
    return Conflict(last.action, last.person_id, last.at) if last else Conflict()


def wait_lately(session: Session) -> timedelta | None:
    """The median time from sending to decision over the latest decisions; None while there are too few."""
    query = select(Decision.at, Decision.from_waiting).where(text(IS_JUDGEMENT))
    rows = session.execute(query.order_by(Decision.at.desc()).limit(LATELY))
    waits = [(at - ids.time_of(waiting)).total_seconds() for at, waiting in rows if waiting is not None]
    return timedelta(seconds=median(waits)) if len(waits) >= FEWEST else None


def today(session: Session, since: datetime) -> dict[str, int]:
    """How many were published, declined and marked as spam since a moment."""
    query = select(Decision.action, func.count()).where(Decision.at >= since, text(IS_JUDGEMENT))
    found: dict[str, int] = dict(session.execute(query.group_by(Decision.action)).all())
    return {str(action): found.get(action, 0) for action in JUDGED}
