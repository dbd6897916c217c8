"""What keepers hear of by mail, at once and whether they chose it or not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain.mail import Mail
from tribute.domain.permissions import Role
from tribute.models import Case, Decision, Person
from tribute.services import outbox


def keepers(session: Session) -> list[Person]:
    """The keepers who may sign in."""
    return list(session.scalars(select(Person).where(Person.role == Role.KEEPER, Person.active).order_by(Person.id)))


def brake(session: Session, row: Decision) -> None:
    """The brake was used: told to every other keeper."""
    for keeper in keepers(session):
        if keeper.id != row.person_id:
            _tell(session, keeper, Mail.BRAKE, row.at, {"action": row.action}, row.number)


def new_case(session: Session, case: Case) -> None:
    """Somebody wrote over the contact page."""
    for keeper in keepers(session):
        _tell(session, keeper, Mail.CASE, case.at, {"case": case.number})


def _tell(
    session: Session, keeper: Person, kind: Mail, at: datetime, values: dict[str, Any], decision: int | None = None
) -> None:
    outbox.queue(session, kind, to=keeper, language=keeper.language, at=at, values=values, decision=decision)
