"""Sample tributes of every status, taken through the same steps as real ones."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
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
from tribute.services.tributes import Reasoned, Written

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


@dataclass(frozen=True)
class Stage:
    """Where the samples are set up, and when."""

    session: Session
    memorial: Memorial
    rules_version: str
    email_keys: Sequence[bytes]
    now: datetime


def load(stage: Stage) -> int:
    """Add the samples to a database that holds no tribute yet; returns how many were added."""
    if stage.session.scalars(select(Tribute.id).limit(1)).first() is not None:
        return 0
    zone = ZoneInfo(stage.memorial.time_zone)
    samples = sorted(yaml.safe_load(FILE.read_text("utf-8")), key=lambda sample: str(sample["at"]))
    for sample in samples:
        _add(stage, sample, datetime.fromisoformat(str(sample["at"])).replace(tzinfo=zone))
    return len(samples)


def _add(stage: Stage, sample: dict[str, Any], at: datetime) -> None:
    name, place, words = sample["name"], sample["place"], sample["words"]
    submission = Submission(name, place, words, sample["gesture"], "", sample["page_language"], stage.rules_version)
    key = secrets.token_bytes(16)
    weighed = authors.weigh(stage.session, submission.written, at)
    tribute = authors.submit(stage.session, stage.memorial, submission, key, at, stage.email_keys, weighed)
    for hours, (action, said) in enumerate(STEPS[sample["status"]], start=1):
        # Withdrawn words are erased after 30 days: the samples withdraw today, so that they can be seen.
        moment = stage.now if action == Action.WITHDRAW else at + READ_AFTER * hours
        reasoned = Reasoned(sample.get("reason") or "", sample.get("note") or "") if action == Action.DECLINE else said
        _step(stage.session, tribute, action, moment, reasoned)
    if amended := sample.get("amended"):
        written, moment = Written(name, place, amended, tribute.page_language), at + timedelta(days=1)
        weighed = authors.weigh(stage.session, written, moment)
        authors.amend(stage.session, tribute, moment, tribute.version, written, weighed)


def _step(session: Session, tribute: Tribute, action: Action, at: datetime, said: Reasoned) -> None:
    if action == Action.WITHDRAW:
        authors.withdraw(session, tribute, at, tribute.version)
    elif action == Action.REMOVE:
        erasure.remove(session, tribute, KEEPER, at, tribute.version, said.reason)
    else:
        tributes.transition(session, tribute, action, MODERATOR, at, tribute.version, said=said)
