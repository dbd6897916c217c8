"""Cases: messages to the keepers, such as "remove or correct something about me or my family"."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain import emails, ids
from tribute.domain.errors import NotFound
from tribute.domain.reasons import CaseKind
from tribute.models import Case, Person, insert

LISTED = 200  # the newest cases that the desk lists


def open_case(
    session: Session, key: bytes, kind: CaseKind, language: str, name: str, email: str, message: str,
    at: datetime, email_keys: Sequence[bytes],
) -> Case:  # fmt: skip
    """Open a case; the same form sent twice is one case."""
    digest = hashlib.sha256(key + message.encode()).digest()
    values = {
        "at": at, "kind": kind, "language": language, "name": name, "message": message, "form_key": digest,
        "status": "open", "email_sealed": emails.seal(email_keys, email) if email else None,
    }  # fmt: skip
    session.execute(insert(session, Case).values(values).on_conflict_do_nothing(index_elements=["form_key"]))
    return session.scalars(select(Case).where(Case.form_key == digest)).one()


def listed(session: Session) -> list[Case]:
    """The open cases, oldest first, then the closed ones, newest first."""
    open_ones = session.scalars(select(Case).where(Case.status == "open").order_by(Case.number)).all()
    closed = select(Case).where(Case.status == "closed").order_by(Case.number.desc()).limit(LISTED)
    return [*open_ones, *session.scalars(closed)]


def open_count(session: Session) -> int:
    """How many cases are open."""
    return session.execute(select(func.count()).select_from(Case).where(Case.status == "open")).scalar_one()


def by_number(session: Session, number: int) -> Case:
    """A case, or NotFound."""
    found = session.get(Case, number) if number <= ids.MAXIMUM else None
    if found is None:
        raise NotFound
    return found


def close(session: Session, case: Case, person: Person, at: datetime) -> None:
    """Close a case; closing a closed one changes nothing."""
    if case.status == "open":
        case.status, case.closed_by, case.closed_at = "closed", person.id, at
        session.flush()
