"""Many decisions taken as one and taken back as one; each tribute keeps a row of its own in the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.errors import Conflict, IllegalAction, NotFound
from tribute.domain.lifecycle import UNDO_WITHIN, Action, Status
from tribute.models import Batch, BatchRow, Decision, Memorial, Person, Tribute
from tribute.services import decisions, desk, tributes
from tribute.services.desk import Order
from tribute.services.tributes import Standing

MOST = 200  # tributes of one batch that were chosen: a page that somebody can look over, a lock of about a second
STEP = 100  # tributes of one transaction of the brake
ALLOWED = (Action.APPROVE, Action.DECLINE, Action.SPAM, Action.RESTORE)
BRAKES_LISTED = 20


@dataclass(frozen=True)
class Chosen:
    """A tribute as somebody saw it when they chose it."""

    tribute_id: int
    version: int


@dataclass
class Outcome:
    """What became of a batch: how many were done, and how many others had changed or could not be."""

    done: int = 0
    left: int = 0


def begin(session: Session, order: Order, person: Person, at: datetime, minutes: int = 0) -> Batch:
    """A batch that has no decision yet."""
    batch = Batch(id=ids.new_id(at), person_id=person.id, action=order.action, reason=order.reason, minutes=minutes)
    session.add(batch)
    session.flush()
    return batch


def carry_out(
    session: Session, batch: Batch, chosen: Iterable[Chosen], order: Order, person: Person, at: datetime
) -> Outcome:
    """Decide on each as a single decision would; what changed since it was seen is left as it is."""
    outcome = Outcome()
    for each in chosen:
        found = session.get(Tribute, each.tribute_id)
        try:
            if found is None:
                raise NotFound
            single = Order(order.action, each.version, order.reason, order.note)
            desk.decide(session, found, single, person, at)
        except (Conflict, IllegalAction, NotFound):
            outcome.left += 1
            continue
        session.add(BatchRow(batch_id=batch.id, decision_number=decisions.lock_head(session).number))
        outcome.done += 1
    session.flush()
    return outcome


def by_id(session: Session, batch_id: int | None) -> Batch:
    """A batch, or NotFound."""
    found = session.get(Batch, batch_id) if batch_id is not None else None
    if found is None:
        raise NotFound
    return found


def size(session: Session, batch: Batch) -> int:
    """How many decisions it has."""
    return len(_rows(session, batch))


def undoable(session: Session, batch_id: int | None, person: Person, at: datetime) -> Batch | None:
    """A batch of this person's that may still be taken back: within 10 minutes, as any decision."""
    batch = session.get(Batch, batch_id) if batch_id is not None else None
    if batch is None or batch.person_id != person.id or batch.undone_at is not None:
        return None
    return batch if at <= ids.time_of(batch.id) + UNDO_WITHIN else None


def undo(session: Session, batch: Batch, person: Person, at: datetime) -> Outcome:
    """Take back every decision of a batch that still stands as it was taken. Raises IllegalAction when it is late."""
    decisions.lock_head(session)
    session.refresh(batch)
    if undoable(session, batch.id, person, at) is None:
        raise IllegalAction(Action.UNDO, batch.action)
    batch.undone_at = at
    outcome = Outcome()
    for row in _rows(session, batch):
        back = Standing(Status(row.from_status), row.from_public, row.from_waiting)
        _step(session, row, outcome, Action.UNDO, person, at, back)
    session.flush()
    return outcome


def show_again(session: Session, batch: Batch, person: Person, at: datetime) -> Outcome:
    """Let go of the brake: what it hid, and nobody has touched since, is public again."""
    decisions.lock_head(session)
    session.refresh(batch)
    if batch.undone_at is not None or not batch.minutes:
        raise IllegalAction(Action.RESTORE, batch.action)
    batch.undone_at = at
    outcome = Outcome()
    for row in _rows(session, batch):
        _step(session, row, outcome, Action.RESTORE, person, at, None)
    session.flush()
    return outcome


def _step(
    session: Session, row: Decision, outcome: Outcome, action: Action, person: Person, at: datetime,
    back: Standing | None,
) -> None:  # fmt: skip
    tribute = session.get(Tribute, row.tribute_id)
    try:
        if tribute is None or row.action not in tuple(Action):
            raise NotFound
        actor = desk.actor_of(person)
        tributes.transition(session, tribute, action, actor, at, row.version, back_to=back)
    except (Conflict, IllegalAction, NotFound):
        outcome.left += 1
    else:
        outcome.done += 1


def _rows(session: Session, batch: Batch) -> Sequence[Decision]:
    query = select(Decision).join(BatchRow, BatchRow.decision_number == Decision.number)
    return session.scalars(query.where(BatchRow.batch_id == batch.id).order_by(Decision.number)).all()


def published_since(session: Session, moment: datetime) -> list[Chosen]:
    """What became public since a moment and still is."""
    query = select(Tribute.id, Tribute.version).where(
        Tribute.memorial_id.in_(select(Memorial.id)), Tribute.published_at >= moment, Tribute.status == Status.APPROVED
    )
    return [Chosen(key, version) for key, version in session.execute(query.order_by(Tribute.id))]


def brakes(session: Session) -> list[tuple[Batch, int]]:
    """The newest uses of the brake, each with how many tributes it hid."""
    used = select(Batch).where(Batch.minutes > 0).order_by(Batch.id.desc()).limit(BRAKES_LISTED)
    return [(batch, size(session, batch)) for batch in session.scalars(used)]


def back(minutes: int, at: datetime) -> datetime:
    """The moment so many minutes ago."""
    return at - timedelta(minutes=minutes)
