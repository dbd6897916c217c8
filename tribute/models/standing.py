"""Which version of a tribute's words is its newest: one condition for every floor that asks."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func, or_

from tribute.domain.lifecycle import Action
from tribute.models.decision import Decision
from tribute.models.tribute import Revision


def stands() -> ColumnElement[bool]:
    """That a revision is not one whose redaction was taken back: after that step neither pointer led to it."""
    left = or_(Decision.from_public == Revision.id, Decision.from_waiting == Revision.id)
    kept = (func.coalesce(Decision.to_public, 0) != Revision.id, func.coalesce(Decision.to_waiting, 0) != Revision.id)
    undone = exists().where(
        Decision.tribute_id == Revision.tribute_id, Decision.action == Action.UNDO, and_(left, *kept)
    )
    return or_(Revision.made_by == "author", ~undone)
