"""Leaving something out of a tribute: the version that waits, or the public one, gets a successor with omissions."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from tribute.domain import ids, redaction, text
from tribute.domain.lifecycle import Action, Status, next_status
from tribute.domain.redaction import Texts
from tribute.models import Revision, Tribute
from tribute.services import decisions


def successor(session: Session, tribute: Tribute, version: int, phrases: list[str], at: datetime) -> Revision:
    """The revision that REDACT brings. Reads only, cuts and cleans: it comes before the lock is taken.

    Raises Conflict, IllegalAction, and the refusals of `redaction.cut`.
    """
    if tribute.version != version:
        raise decisions.conflict_of(session, tribute.id)
    next_status(Status(tribute.status), Action.REDACT, waiting=tribute.waits)
    whole = session.get_one(Revision, tribute.waiting_revision_id or tribute.public_revision_id)
    left = redaction.cut(Texts(whole.name, whole.place, whole.words), phrases)
    return Revision(
        id=_key(session, tribute, at), tribute_id=tribute.id, made_by="moderator", name=left.name, place=left.place,
        words=left.words, html=str(text.render(left.words)), language=whole.language, policy=text.POLICY,
        salt=secrets.token_bytes(16),
    )  # fmt: skip


def _key(session: Session, tribute: Tribute, at: datetime) -> int:
    """What waits keeps its place in the queue: its successor's key follows at once. What is public gets one of now."""
    if tribute.waiting_revision_id is None:
        return ids.new_id(at)
    key = tribute.waiting_revision_id + 1
    while session.get(Revision, key) is not None:
        key += 1
    return key
