"""When the worker last went round, and when a backup was last made: kept in the database, for every machine to see."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.models import LastDone, insert

DAY = timedelta(days=1)


class Chore(StrEnum):
    """What is done again and again."""

    WORK = "work"
    BACKUP = "backup"


def mark(session: Session, what: Chore, at: datetime) -> None:
    """Note that something was done."""
    statement = insert(session, LastDone).values(what=what, at=at)
    statement = statement.on_conflict_do_update(index_elements=["what"], set_={"at": statement.excluded.at})
    session.execute(statement)


def when(session: Session) -> dict[Chore, datetime]:
    """When each was last done; what never was is not in it."""
    return {Chore(what): at for what, at in session.execute(select(LastDone.what, LastDone.at))}


def past(told: datetime, at: datetime) -> datetime:
    """When somebody was last told something; a day ago where only a clock that stood ahead can have written it."""
    return told if told <= at else at - DAY
