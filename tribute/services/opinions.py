"""What takes two people: the first one's opinion is kept, and parks the tribute until another decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain.errors import IllegalAction
from tribute.domain.lifecycle import Action, Remark
from tribute.domain.verdict import Verdict
from tribute.models import Decision, Note, Opinion, Person, Triage, Tribute
from tribute.services import decisions, remarks, settings
from tribute.services.decisions import Actor

TWO_FOR_DECLINES = "two_for_declines"  # a keepers' setting
ASK = "ask"
REMARKS = {Action.APPROVE: Remark.WOULD_APPROVE, Action.DECLINE: Remark.WOULD_DECLINE, ASK: Remark.ASK}


@dataclass(frozen=True)
class Said:
    """An opinion as colleagues read it."""

    who: str
    person_id: int
    wish: str
    reason: str
    note: str
    at: datetime


def needs_two(session: Session, tribute: Tribute, action: Action) -> bool:
    """Whether a decision takes two people: publishing what is likely hateful, and declining where keepers say so.

    Where only one person may sign in, one is enough: a rule that nobody can meet would hold words for ever.
    """
    if action == Action.APPROVE:
        weighed = session.get(Triage, tribute.waiting_revision_id) if tribute.waiting_revision_id else None
        asked = weighed is not None and weighed.verdict == Verdict.HATEFUL
    else:
        return action == Action.DECLINE and declining_takes_two(session)
    return asked and _several(session)


def declining_takes_two(session: Session) -> bool:
    """Whether every decline takes two people."""
    return bool(settings.get(session, TWO_FOR_DECLINES, False)) and _several(session)


def _several(session: Session) -> bool:
    return session.execute(select(func.count()).select_from(Person).where(Person.active)).scalar_one() > 1


def is_shared(session: Session, tribute: Tribute, action: Action, person: Person) -> bool:
    """Whether somebody else would do the same with the words that wait."""
    same = select(Opinion.person_id).where(
        Opinion.revision_id == tribute.waiting_revision_id, Opinion.wish == action, Opinion.person_id != person.id
    )
    return session.execute(same.limit(1)).first() is not None


def say(
    session: Session, tribute: Tribute, wish: Action | str, actor: Actor, at: datetime, version: int,
    reason: str = "", note: str = "",
) -> None:  # fmt: skip
    """Keep what one person would do, or that they ask; the log has its row. Raises Conflict, or IllegalAction."""
    decisions.lock_head(session)
    session.refresh(tribute)
    if tribute.version != version:
        raise decisions.conflict_of(session, tribute.id)
    if not tribute.waits or tribute.waiting_revision_id is None or actor.person_id is None:
        raise IllegalAction(str(wish), tribute.status)
    row = remarks.remark(session, tribute, REMARKS[wish], actor, at, reason, note)
    session.merge(
        Opinion(revision_id=tribute.waiting_revision_id, person_id=actor.person_id, wish=str(wish), reason=reason,
                decision_number=row.number, at=at)
    )  # fmt: skip
    session.flush()


def own(session: Session, tribute: Tribute, person_id: int) -> Decision | None:
    """The row of this person's opinion on the words that wait."""
    key = (tribute.waiting_revision_id, person_id)
    found = session.get(Opinion, key) if tribute.waits else None
    return session.get(Decision, found.decision_number) if found else None


def take_back(session: Session, tribute: Tribute, actor: Actor, at: datetime) -> None:
    """Forget an opinion; the log keeps that it was said, and that it was taken back."""
    found = session.get(Opinion, (tribute.waiting_revision_id, actor.person_id))
    if found is not None:
        session.delete(found)
        remarks.remark(session, tribute, Remark.TAKE_BACK, actor, at)


def of(session: Session, revisions: Iterable[int | None]) -> dict[int, list[Said]]:
    """What was said of each of these revisions, oldest first."""
    query = (
        select(Opinion, Person.name, Note.text)
        .outerjoin(Person, Person.id == Opinion.person_id)
        .outerjoin(Note, Note.decision_number == Opinion.decision_number)
        .where(Opinion.revision_id.in_([key for key in revisions if key]))
        .order_by(Opinion.at)
    )
    found: dict[int, list[Said]] = {}
    for row, name, note in session.execute(query):
        said = Said(name or "", row.person_id, row.wish, row.reason, note or "", row.at)
        found.setdefault(row.revision_id, []).append(said)
    return found
