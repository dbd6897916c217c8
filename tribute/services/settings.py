"""What the keepers have set for everybody; what they have not is as it comes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tribute.models import Setting


def get(session: Session, name: str, default: Any) -> Any:
    """What is set under a name, or what holds without it."""
    found = session.get(Setting, name)
    return default if found is None else found.value


def put(session: Session, name: str, value: Any, person_id: int, at: datetime) -> None:
    """Set something for everybody."""
    session.merge(Setting(name=name, value=value, at=at, person_id=person_id))
    session.flush()
