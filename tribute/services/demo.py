"""Sample tributes of every status, taken through the same steps as real ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.lifecycle import Action, Status
from tribute.domain.permissions import Role
from tribute.models import Memorial, Person, Tribute
from tribute.services import authors, erasure, people, tributes
from tribute.services.authors import Submission
from tribute.services.decisions import Actor
from tribute.services.tributes import Reasoned

FILE = Path(__file__).parent.parent / "content" / "demo.yaml"
READ_AFTER = timedelta(minutes=47)
KEEPER = "keeper@memorial.example"


def load(session: Session, memorial: Memorial, rules_version: str, email_keys: Sequence[bytes]) -> int:
    """Add the samples to a memorial that has no tribute yet; returns how many were added."""
    if session.scalars(select(Tribute.id).limit(1)).first() is not None:
        return 0
    zone = ZoneInfo(memorial.time_zone)
    samples = sorted(yaml.safe_load(FILE.read_text("utf-8")), key=lambda sample: str(sample["at"]))
    for sample in samples:
        at = datetime.fromisoformat(str(sample["at"])).replace(tzinfo=zone)
        _add(session, memorial, sample, at, rules_version, email_keys)
    return len(samples)


def add_keeper(session: Session, password_hash: str, at: datetime) -> Person | None:
    """The keeper of the demo; None where there is one already."""
    return None if people.has_keeper(session) else people.add(
        session, KEEPER, "Aytən", Role.KEEPER, password_hash, "en", at
    )  # fmt: skip
