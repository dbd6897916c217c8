"""Whether a machine can serve, and what stands behind it: each thing with one word that tells nothing secret."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.orm import Session

from tribute.services import desk, last_done, outbox
from tribute.services.last_done import Chore
from tribute.services.newest import head

WORK_WITHIN = outbox.LEASE  # longer than one mail server can keep a worker that is well
BACKUP_WITHIN = timedelta(hours=36)  # one a night, and half a day to see that it is missing
QUEUE_WITHIN = timedelta(days=2)
DISK_FREE, DISK_SHARE = 1 << 30, 0.1  # bytes; on a small disk this part of it


class Check(StrEnum):
    """What is looked at."""

    DATABASE = "database"
    MIGRATIONS = "migrations"
    WORKER = "worker"
    DISK = "disk"
    QUEUE = "queue"
    BACKUP = "backup"


class Word(StrEnum):
    """What is said of it."""

    OK = "ok"
    SILENT = "silent"  # it does not answer
    BEHIND = "behind"  # older than this program needs
    AHEAD = "ahead"  # newer than this program knows: another machine was upgraded
    LATE = "late"
    NEVER = "never"
    LOW = "low"
    UNKNOWN = "unknown"  # it could not be looked at


WELL = (Word.OK, Word.AHEAD)
NEEDED = (Check.DATABASE, Check.MIGRATIONS)  # without these a machine cannot serve; the others want a person


def is_ready(found: Mapping[Check, Word]) -> bool:
    """Whether a machine can serve."""
    return all(found[check] in WELL for check in NEEDED)


def look(session: Session, folder: Path, at: datetime) -> dict[Check, Word]:
    """Each thing with its word; `folder` is the instance's. Raises nothing: what fails has a word for it."""
    found = dict.fromkeys(Check, Word.UNKNOWN) | {Check.DISK: disk(folder)}
    try:
        session.execute(select(1))
        found[Check.DATABASE], found[Check.MIGRATIONS] = Word.OK, _migrations(session)
        if found[Check.MIGRATIONS] != Word.BEHIND:
            found |= _done(session, at) | {Check.QUEUE: _queue(session, at)}
    except SQLAlchemyError:
        found[Check.DATABASE] = Word.SILENT
    return found


def disk(folder: Path) -> Word:
    """Whether there is room for what is written on this machine."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return Word.UNKNOWN
    return Word.LOW if usage.free < min(DISK_FREE, usage.total * DISK_SHARE) else Word.OK


def _migrations(session: Session) -> Word:
    try:
        present: str | None = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DatabaseError:  # no such table: nothing was ever migrated
        return Word.BEHIND
    if present == head():
        return Word.OK
    return Word.AHEAD if present and present > head() else Word.BEHIND


def _done(session: Session, at: datetime) -> dict[Check, Word]:
    there = last_done.when(session)
    within = {Check.WORKER: (Chore.WORK, WORK_WITHIN), Check.BACKUP: (Chore.BACKUP, BACKUP_WITHIN)}
    return {check: _since(there.get(chore), at, limit) for check, (chore, limit) in within.items()}


def _queue(session: Session, at: datetime) -> Word:
    oldest = desk.oldest_waiting(session)
    return Word.OK if oldest is None else _since(oldest, at, QUEUE_WITHIN)


def _since(then: datetime | None, at: datetime, limit: timedelta) -> Word:
    if then is None:
        return Word.NEVER
    return Word.OK if at - then <= limit else Word.LATE
