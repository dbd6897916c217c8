"""What must go can go: the one place that empties words, names, notes and addresses. The log's chain still holds."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from tribute.domain.lifecycle import Action, Status
from tribute.extensions import BUSY_TIMEOUT
from tribute.models import Case, Decision, Note, Report, Revision, Tribute
from tribute.services import kin, outbox, triage, tributes
from tribute.services.authors import RETURN_WITHIN
from tribute.services.decisions import RULE, Actor
from tribute.services.tributes import Reasoned

CASES_STAY = timedelta(days=90)  # after closing
SCRUB_WAITS = 2000  # milliseconds: a keeper waits for the answer
SCRUB_SECONDS = 2.0  # the same
MERGED_PAGES = 250  # of an index in one step: some tens of milliseconds


def remove(session: Session, tribute: Tribute, actor: Actor, at: datetime, version: int, ground: str) -> None:
    """Remove a tribute for good: final, its words erased at once."""
    tributes.transition(session, tribute, Action.REMOVE, actor, at, version, said=Reasoned(ground))
    _empty(session, tribute, at)


def erase_withdrawn(session: Session, at: datetime) -> int:
    """Erase what was withdrawn more than 30 days ago; returns how many."""
    due = session.scalars(select(Tribute).where(*_withdrawn_before(at - RETURN_WITHIN))).all()
    for tribute in due:
        erase(session, tribute, at)
    return len(due)


def erase(session: Session, tribute: Tribute, at: datetime) -> None:
    """Erase a withdrawn tribute."""
    tributes.transition(session, tribute, Action.ERASE, RULE, at, tribute.version)
    _empty(session, tribute, at)


def scrub(session: Session, seconds: float = SCRUB_SECONDS) -> bool:
    """After the commit: take erased words out of SQLite's index segments and write-ahead log too.

    Tells whether it could: a large index takes longer than anybody waits, and while somebody reads, the log cannot be
    emptied. What is left the next `flask tribute erase` does.
    """
    if session.get_bind().dialect.name != "sqlite":
        return True
    connection = session.connection().connection
    connection.rollback()
    cursor: Any = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout={SCRUB_WAITS}")
        ends = monotonic() + seconds
        merged = all(_merge(cursor, index, ends) for index in ("tribute_entry_fts", "desk_entry_fts"))
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError:
        merged, busy = False, 1
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
        session.rollback()
    return merged and not busy


def _merge(cursor: Any, index: str, ends: float) -> bool:
    """Merge an index's segments to one, some pages a step, so that no writer waits long; tells whether it got done.

    A step that changed fewer than two rows found nothing left to do (sqlite.org/fts5.html, section 6.8).
    """
    pages = -MERGED_PAGES  # below zero: every segment is to be merged, whatever its level
    while monotonic() < ends:
        before = cursor.connection.total_changes
        cursor.execute(f"INSERT INTO {index}({index}, rank) VALUES('merge', ?)", (pages,))
        if cursor.connection.total_changes - before < 2:
            return True
        pages = MERGED_PAGES
    return False


def empty_closed_cases(session: Session, at: datetime) -> int:
    """Erase who wrote and what, of cases closed more than 90 days ago; returns how many."""
    due = (Case.closed_at.is_not(None), Case.closed_at < at - CASES_STAY, (Case.message != "") | (Case.name != ""))
    emptied = session.execute(update(Case).where(*due).values(name="", message="", email_sealed=None))
    return int(emptied.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result is a CursorResult


def overdue(session: Session, at: datetime) -> int:
    """How many withdrawn tributes wait to be erased a day after they should have been."""
    late = _withdrawn_before(at - RETURN_WITHIN - timedelta(days=1))
    return session.execute(select(func.count()).select_from(Tribute).where(*late)).scalar_one()


def _withdrawn_before(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    at = Tribute.withdrawn_at
    return at.is_not(None), at < moment, Tribute.status == Status.WITHDRAWN


def _empty(session: Session, tribute: Tribute, at: datetime) -> None:
    kin.forget(session, tribute)
    outbox.forget(session, tribute, at)
    triage.forget(session, list(session.scalars(select(Revision).where(Revision.tribute_id == tribute.id))))
    session.execute(
        update(Revision).where(Revision.tribute_id == tribute.id)
        .values(name="", place="", words="", html="", salt=None)
    )  # fmt: skip
    numbers = select(Decision.number).where(Decision.tribute_id == tribute.id)
    session.execute(update(Note).where(Note.decision_number.in_(numbers)).values(text="", salt=None))
    session.execute(update(Report).where(Report.tribute_id == tribute.id).values(words="", sender=""))
    session.execute(
        update(Tribute).where(Tribute.id == tribute.id)
        .values(email_sealed=None, email_digest=None, email_confirmed_at=None, form_key=None, form_digest=None)
    )  # fmt: skip
    session.expire_all()
