"""What the log holds beside the lifecycle's steps: notes, questions, first votes; and what concerns the whole site."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tribute.domain.lifecycle import Remark
from tribute.models import Decision, Revision, Tribute
from tribute.services import alerts, decisions
from tribute.services.decisions import Actor

BRAKE = (Remark.PAUSE, Remark.RESUME, Remark.HIDE_LATELY)  # of which the other keepers are told
SITE = 0  # in place of a tribute's id: no tribute has it


def remark(
    session: Session, tribute: Tribute, remark: Remark, actor: Actor, at: datetime, reason: str = "", note: str = ""
) -> Decision:
    """Write a row about a tribute that changes neither its status nor its version."""
    head = decisions.lock_head(session)
    session.refresh(tribute)
    public, waiting = tribute.public_revision_id, tribute.waiting_revision_id
    about = session.get(Revision, public if remark == Remark.KEEP else waiting or public) if public or waiting else None
    row = Decision(
        at=at, actor=actor.kind, person_id=actor.person_id, action=remark, tribute_id=tribute.id,
        version=tribute.version, from_status=tribute.status, to_status=tribute.status, from_public=public,
        to_public=public, from_waiting=waiting, to_waiting=waiting, reason=reason,
        revision_id=about.id if about else None, words_digest=decisions.words_digest(about),
    )  # fmt: skip
    return decisions.append(session, head, row, note)


def about_site(
    session: Session, remark: Remark, actor: Actor, at: datetime, note: str = "", version: int = 0
) -> Decision:
    """Write a row that is about no single tribute; `version` is the number of what it is about."""
    row = Decision(
        at=at, actor=actor.kind, person_id=actor.person_id, action=remark, tribute_id=SITE, version=version,
        from_status="", to_status="", from_public=None, to_public=None, from_waiting=None, to_waiting=None, reason="",
        revision_id=None, words_digest="",
    )  # fmt: skip
    decisions.append(session, decisions.lock_head(session), row, note)
    if remark in BRAKE:
        alerts.brake(session, row)
    return row
