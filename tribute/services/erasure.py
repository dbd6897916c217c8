"""What must go can go: the one place that empties words, names, notes and addresses. The log's chain still holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tribute.domain.lifecycle import Action, Status
from tribute.models import Decision, Note, Revision, Tribute
from tribute.services import tributes
from tribute.services.authors import RETURN_WITHIN
from tribute.services.decisions import RULE, Actor
from tribute.services.tributes import Reasoned


def remove(session: Session, tribute: Tribute, actor: Actor, at: datetime, version: int, ground: str) -> None:
    """Remove a tribute for good: final, its words erased at once."""
    tributes.transition(session, tribute, Action.REMOVE, actor, at, version, said=Reasoned(ground))
    _empty(session, tribute)


def erase_withdrawn(session: Session, at: datetime) -> int:
    """Erase what was withdrawn more than 30 days ago; returns how many."""
    query = select(Tribute).where(Tribute.withdrawn_at.is_not(None), Tribute.withdrawn_at < at - RETURN_WITHIN)
    due = session.scalars(query.where(Tribute.status == Status.WITHDRAWN)).all()
    for tribute in due:
        tributes.transition(session, tribute, Action.ERASE, RULE, at, tribute.version)
        _empty(session, tribute)
    return len(due)


def scrub(session: Session) -> None:
    """After the commit: take erased words out of SQLite's index segments and write-ahead log too."""
    if session.get_bind().dialect.name != "sqlite":
        return
    session.execute(text("INSERT INTO tribute_entry_fts(tribute_entry_fts) VALUES('optimize')"))
    session.commit()
    connection = session.connection().connection
    connection.rollback()
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    session.rollback()


def _empty(session: Session, tribute: Tribute) -> None:
    session.execute(
        update(Revision).where(Revision.tribute_id == tribute.id)
        .values(name="", place="", words="", html="", salt=None)
    )  # fmt: skip
    numbers = select(Decision.number).where(Decision.tribute_id == tribute.id)
    session.execute(update(Note).where(Note.decision_number.in_(numbers)).values(text="", salt=None))
    session.execute(
        update(Tribute).where(Tribute.id == tribute.id)
        .values(email_sealed=None, email_digest=None, form_key=None, form_digest=None)
    )  # fmt: skip
    session.expire_all()
