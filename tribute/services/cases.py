"""Cases: messages to the keepers, such as "remove or correct something about me or my family", and what came of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tribute.domain import emails, ids
from tribute.domain.errors import NotFound
from tribute.domain.lifecycle import Action, Status
from tribute.domain.reasons import CaseKind, CaseOutcome
from tribute.models import Case, Person, Tribute, insert
from tribute.services import alerts, decisions, tributes
from tribute.services.decisions import Actor

LISTED = 200  # the newest of the closed cases that the desk lists
ANSWERED_WITHIN = timedelta(days=30)  # GDPR, article 12(3): within one month


def open_case(
    session: Session, key: bytes, kind: CaseKind, language: str, name: str, email: str, message: str,
    at: datetime, email_keys: Sequence[bytes],
) -> Case:  # fmt: skip
    """Open a case, and tell the keepers; the same form sent twice is one case."""
    digest = hashlib.sha256(key + message.encode()).digest()
    values = {
        "at": at, "kind": kind, "language": language, "name": name, "message": message, "form_key": digest,
        "status": "open", "due_at": at + ANSWERED_WITHIN,
        "email_sealed": emails.seal(email_keys, email) if email else None,
    }  # fmt: skip
    opened = insert(session, Case).values(values).on_conflict_do_nothing(index_elements=["form_key"])
    is_new = session.execute(opened.returning(Case.number)).first() is not None
    case = session.scalars(select(Case).where(Case.form_key == digest)).one()
    if is_new:
        alerts.new_case(session, case)
    return case


def due(case: Case) -> datetime:
    """When a case should be answered."""
    return case.due_at or case.at + ANSWERED_WITHIN


def is_overdue(case: Case, at: datetime) -> bool:
    """Whether a case is open although it should have been answered."""
    return case.status == "open" and due(case) < at


def listed(session: Session) -> list[Case]:
    """The open cases, those that are due first before the others, then the closed ones, newest first."""
    open_ones = session.scalars(select(Case).where(Case.status == "open").order_by(Case.number))
    closed = select(Case).where(Case.status == "closed").order_by(Case.number.desc()).limit(LISTED)
    return [*sorted(open_ones, key=due), *session.scalars(closed)]


def counted() -> Select[int]:
    """What counts the open cases."""
    return select(func.count()).select_from(Case).where(Case.status == "open")


def by_number(session: Session, number: int) -> Case:
    """A case, or NotFound."""
    found = session.get(Case, number) if number <= ids.MAXIMUM else None
    if found is None:
        raise NotFound
    return found


def close(session: Session, case: Case, person: Person, at: datetime, outcome: CaseOutcome | None = None) -> None:
    """Close a case with what came of it; closing a closed one changes nothing."""
    if case.status == "open":
        case.status, case.closed_by, case.closed_at = "closed", person.id, at
        case.outcome = outcome or case.outcome
        session.flush()


def set_due(session: Session, case: Case, due_at: datetime) -> None:
    """Set another due date; that of a closed case stays."""
    if case.status == "open":
        case.due_at = due_at
        session.flush()


def find(session: Session, case: Case, typed: str) -> bool:
    """Note the tribute that a case is about, by its link or its public id; tells whether there is one."""
    keys = (ids.decode(part.lower()) for part in re.split(r"[^0-9A-Za-z]+", typed))
    found = next((key for key in keys if key is not None and session.get(Tribute, key) is not None), None)
    if found is not None and case.status == "open":
        case.tribute_id = found
        session.flush()
    return found is not None


def keep(session: Session, case: Case, actor: Actor, at: datetime, version: int) -> None:
    """Keep the tribute that a case is about: it is shown again where it was hidden. Raises Conflict, NotFound."""
    tribute = tributes.by_id(session, case.tribute_id)
    if tribute.version != version:
        raise decisions.conflict_of(session, tribute.id)
    if tribute.status == Status.HIDDEN:
        tributes.transition(session, tribute, Action.RESTORE, actor, at, version)
    if case.status == "open":
        case.outcome = CaseOutcome.KEPT
        session.flush()
