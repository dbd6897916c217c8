"""What becomes of a reported tribute: the rule hides it until somebody has read it, and who has read it may keep it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.errors import IllegalAction
from tribute.domain.lifecycle import Action, Remark, Status
from tribute.models import Decision, Tribute
from tribute.services import decisions, reports, settings, tributes
from tribute.services.decisions import RULE, Actor
from tribute.services.remarks import remark

HIDE_AT = "hide_at"  # the setting: at so many reports; 0: never
MOST_HIDDEN, WITHIN = 5, timedelta(hours=1)  # so that a crowd empties no wall before a moderator comes


def hide_if_due(session: Session, tribute: Tribute, at: datetime) -> bool:
    """After a report, under the lock that it took: hide what so many have reported; tells whether it did.

    What a moderator has read and kept stays, whatever is reported of the same words afterwards.
    """
    enough = int(settings.get(session, HIDE_AT, 0))
    if not enough or tribute.status != Status.APPROVED or reports.senders(session, tribute.id) < enough:
        return False
    if _is_read(session, tribute) or _hidden_lately(session, at) >= MOST_HIDDEN:
        return False
    tributes.transition(session, tribute, Action.HIDE, RULE, at, tribute.version)
    return True


def keep(session: Session, tribute: Tribute, actor: Actor, at: datetime, version: int, upto: int = ids.MAXIMUM) -> None:
    """Settle what was reported up to the newest report that the moderator read, and show again what the rule hid.

    Kept once is kept: where nothing is open any more, nothing is done. Raises Conflict for a stale version.
    """
    decisions.lock_head(session)
    session.refresh(tribute)
    if tribute.version != version:
        raise decisions.conflict_of(session, tribute.id)
    if not reports.is_open(session, tribute.id, upto):
        return
    if tribute.status == Status.HIDDEN:
        tributes.transition(session, tribute, Action.RESTORE, actor, at, version)
    elif tribute.status == Status.APPROVED:
        reports.settle(session, tribute.id, actor.person_id, at, upto)
    else:
        raise IllegalAction(Remark.KEEP, tribute.status)
    remark(session, tribute, Remark.KEEP, actor, at)


def _is_read(session: Session, tribute: Tribute) -> bool:
    """Whether a moderator has kept these very words, or has shown them again after they were hidden."""
    kept = (Decision.action == Remark.KEEP) & (Decision.revision_id == tribute.public_revision_id)
    shown = (Decision.action == Action.RESTORE) & (Decision.to_public == tribute.public_revision_id)
    query = select(Decision.number).where(Decision.tribute_id == tribute.id, kept | shown)
    return session.execute(query.limit(1)).first() is not None


def _hidden_lately(session: Session, at: datetime) -> int:
    """How many the rule hid within the last hour."""
    by_rule = Decision.actor == RULE.kind, Decision.person_id.is_(None)  # what the log's index of rules is for
    query = select(func.count()).where(*by_rule, Decision.at > at - WITHIN, Decision.action == Action.HIDE)
    return session.execute(query).scalar_one()
