"""Sample tributes of every status, taken through the same steps as real ones."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain.lifecycle import Action, Status
from tribute.domain.reasons import Ground
from tribute.models import Memorial, Tribute
from tribute.services import authors, erasure, tributes
from tribute.services.authors import Submission
from tribute.services.decisions import Actor
from tribute.services.tributes import Reasoned

FILE = Path(__file__).parent.parent / "content" / "demo.yaml"
READ_AFTER = timedelta(minutes=47)
MODERATOR, KEEPER = Actor("moderator"), Actor("keeper")

# What leads from a submission to each status.
APPROVED = (Action.APPROVE, Reasoned())
STEPS: dict[str, tuple[tuple[Action, Reasoned], ...]] = {
    Status.PENDING: (),
    Status.APPROVED: (APPROVED,),
    Status.DECLINED: ((Action.DECLINE, Reasoned()),),
    Status.SPAM: ((Action.SPAM, Reasoned()),),
    Status.HIDDEN: (APPROVED, (Action.HIDE, Reasoned())),
    Status.WITHDRAWN: (APPROVED, (Action.WITHDRAW, Reasoned())),
    Status.REMOVED: (APPROVED, (Action.REMOVE, Reasoned(Ground.FAMILY))),
}


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


def _add(
    session: Session, memorial: Memorial, sample: dict[str, Any], at: datetime, rules_version: str,
    email_keys: Sequence[bytes],
) -> None:  # fmt: skip
    submission = Submission(
        sample["name"], sample["place"], sample["words"], sample["gesture"], "", sample["page_language"], rules_version
    )
    tribute = authors.submit(session, memorial, submission, secrets.token_bytes(16), at, email_keys)
    for hours, (action, said) in enumerate(STEPS[sample["status"]], start=1):
        moment = at + READ_AFTER * hours
        reasoned = Reasoned(sample.get("reason") or "", sample.get("note") or "") if action == Action.DECLINE else said
        _step(session, tribute, action, moment, reasoned)
    if amended := sample.get("amended"):
        authors.amend(
            session, tribute, at + timedelta(days=1), tribute.version, sample["name"], sample["place"], amended
        )  # fmt: skip


def _step(session: Session, tribute: Tribute, action: Action, at: datetime, said: Reasoned) -> None:
    if action == Action.WITHDRAW:
        authors.withdraw(session, tribute, at, tribute.version)
    elif action == Action.REMOVE:
        erasure.remove(session, tribute, KEEPER, at, tribute.version, said.reason)
    else:
        tributes.transition(session, tribute, action, MODERATOR, at, tribute.version, said=said)
