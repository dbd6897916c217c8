"""The desk: what waits, most urgent first; deciding on it; and taking one's own last decision back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.errors import Conflict, Forbidden, IllegalAction
from tribute.domain.lifecycle import UNDO_WITHIN, Action, Remark, Status
from tribute.domain.permissions import may_take
from tribute.domain.reasons import NOTE_REQUIRED
from tribute.domain.verdict import Verdict
from tribute.models import Claim, Decision, Opinion, Person, Revision, Tribute
from tribute.services import claims, counts, decisions, desk_cards, erasure, keyset, opinions, remarks, triage, tributes
from tribute.services.counts import MOST_COUNTED
from tribute.services.decisions import Actor
from tribute.services.desk_cards import DeskCard
from tribute.services.keyset import Lead
from tribute.services.tributes import Reasoned, Standing

QUEUE_SIZE = 25  # cards a page: what a person decides in a sitting of a few minutes
WAITING = "waiting"
SECOND = "second"  # what waits for a second person: one asked, or one was not enough


@dataclass(frozen=True)
class Queue:
    """One page of the desk's list, with cursors to its neighbours."""

    items: list[DeskCard]
    older: str | None
    newer: str | None


@dataclass(frozen=True)
class Order:
    """What a moderator asks for: the action, the version they saw, why, a note to the author; and what is redacted."""

    action: Action
    version: int
    reason: str = ""
    note: str = ""
    revision: Revision | None = None  # from services/redaction.py


def actor_of(person: Person) -> Actor:
    """The person as the log names them."""
    return Actor(person.role, person.id)


def decide(session: Session, tribute: Tribute, order: Order, person: Person, at: datetime) -> None:
    """Carry out a decision, or keep it as an opinion where it takes two people.

    Raises Forbidden, IllegalAction, or Conflict where another came first.
    """
    if not may_take(person.held, order.action):
        raise Forbidden
    if order.action == Action.REDACT and order.revision is None:
        raise IllegalAction(order.action, tribute.status)
    if order.action == Action.UNDO:
        undo(session, tribute, order.version, person, at)
    elif order.action == Action.REMOVE:
        erasure.remove(session, tribute, actor_of(person), at, order.version, order.reason)
    elif is_half(session, tribute, order.action, person):
        half = (order.version, order.reason, order.note)
        opinions.say(session, tribute, order.action, actor_of(person), at, *half)
    else:
        said = Reasoned(order.reason, order.note)
        tributes.transition(
            session, tribute, order.action, actor_of(person), at, order.version, said=said, revision=order.revision
        )
    claims.release(session, tribute.id)


def is_half(session: Session, tribute: Tribute, action: Action, person: Person) -> bool:
    """Whether a decision takes two people and this person is the first."""
    if action not in (Action.APPROVE, Action.DECLINE):
        return False
    decisions.lock_head(session)  # two who decide at once: the second sees the first one's opinion
    session.refresh(tribute)
    is_enough = opinions.is_shared(session, tribute, action, person)
    return not is_enough and opinions.needs_two(session, tribute, action)


def ask(session: Session, tribute: Tribute, version: int, note: str, person: Person, at: datetime) -> None:
    """Park a tribute for a colleague, with a note to them. Raises Conflict or IllegalAction."""
    opinions.say(session, tribute, opinions.ASK, actor_of(person), at, version, note=note)
    claims.release(session, tribute.id)


def note(session: Session, tribute: Tribute, words: str, person: Person, at: datetime) -> None:
    """Write something down for colleagues; nothing of the tribute changes."""
    remarks.remark(session, tribute, Remark.NOTE, actor_of(person), at, note=words)


def take_next(session: Session, person: Person, at: datetime) -> int:
    """Claim the next ten of this person's queue that nobody else reads; returns how many."""
    decisions.lock_head(session)  # what somebody claims at this moment is theirs before it is looked for
    others = select(Claim.tribute_id).where(Claim.until > at, Claim.person_id != person.id)
    query = select(Tribute.id).where(*_listed(WAITING), *_read_by(person), Tribute.id.not_in(others))
    ordered = query.order_by(Tribute.urgency, Tribute.waiting_revision_id)
    return claims.take(session, session.scalars(ordered.limit(claims.AT_ONCE)).all(), person, at)


def needs_note(reason: str) -> bool:
    """Whether a reason says too little without a note."""
    return reason in NOTE_REQUIRED


def undo(session: Session, tribute: Tribute, version: int, person: Person, at: datetime) -> None:
    """Take back one's own last decision within 10 minutes: the status and revisions before it."""
    last = undoable(session, tribute, person, at)
    if last is None or last.version != version:
        raise _why_not_undone(session, tribute, person)
    if last.action in tuple(Remark):
        opinions.take_back(session, tribute, actor_of(person), at)
        return
    back = Standing(Status(last.from_status), last.from_public, last.from_waiting)
    tributes.transition(session, tribute, Action.UNDO, actor_of(person), at, version, back_to=back)


def undoable(session: Session, tribute: Tribute, person: Person, at: datetime) -> Decision | None:
    """This person's decision that may still be taken back: theirs, the last, not final, at most 10 minutes old."""
    last = opinions.own(session, tribute, person.id) or decisions.last_of(session, tribute.id)
    if last is None or last.person_id != person.id or last.version != tribute.version:
        return None
    is_final = last.action in (Action.UNDO, Action.REMOVE)
    return None if is_final or at > last.at + UNDO_WITHIN else last


def _why_not_undone(session: Session, tribute: Tribute, person: Person) -> Conflict | IllegalAction:
    conflict = decisions.conflict_of(session, tribute.id)
    return conflict if conflict.person_id != person.id else IllegalAction(Action.UNDO, tribute.status)


@dataclass(frozen=True)
class Listed:
    """Which list of the desk is read: a status or what waits, of one language and one verdict where they are named."""

    status: str = WAITING
    language: str = ""
    verdict: str = ""
    mine: bool = False  # what this person has claimed

    @property
    def waits(self) -> bool:
        """Whether its tributes wait to be decided on."""
        return self.status in (WAITING, SECOND)


def queue(
    session: Session, person: Person, wanted: Listed, before: int | None = None, after: int | None = None,
    *, at: datetime | None = None,
) -> Queue:  # fmt: skip
    """A page of what waits (the most urgent first, and of these the oldest) or of a status (newest first).

    `at`: where it is given, each card tells how many others came from the same sender.
    """
    query, key, lead = _ordered(session, person, wanted)
    page: keyset.Page[Any] = keyset.page(session, query, key, QUEUE_SIZE, before, after, upward=wanted.waits, lead=lead)
    return Queue(desk_cards.cards(session, [row for row, _ in page.rows], person, at), page.older, page.newer)


def some(session: Session, person: Person, wanted: Listed, most: int) -> list[DeskCard]:
    """The first of a list, more than a page has: for a decision on all of it."""
    query, key, lead = _ordered(session, person, wanted)
    page: keyset.Page[Any] = keyset.page(session, query, key, most, None, None, upward=wanted.waits, lead=lead)
    return desk_cards.cards(session, [row for row, _ in page.rows], person)


def _ordered(session: Session, person: Person, wanted: Listed) -> tuple[Any, Any, Lead | None]:
    """A list's rows, the column that orders them, and what leads that order."""
    waits = wanted.waits
    key = Tribute.waiting_revision_id if waits else Tribute.id
    query: Any = select(Tribute, key).where(*_listed(wanted.status))
    if wanted.language:
        query = query.where(Tribute.language == wanted.language)
    elif wanted.status == WAITING and not wanted.mine:
        query = query.where(*_read_by(person))
    if wanted.mine:
        query = query.where(Tribute.id.in_(select(Claim.tribute_id).where(Claim.person_id == person.id)))
    lead = Lead(Tribute.urgency, lambda revision_id: triage.urgency(session, revision_id)) if waits else None
    if waits and wanted.verdict:
        query, lead = query.where(Tribute.urgency == Verdict(wanted.verdict).urgency), None
    return query, key, lead


def _listed(status: str) -> tuple[ColumnElement[bool], ...]:
    if status in (WAITING, SECOND):
        # coalesce: SQLite would walk the index of statuses, and with it everything published
        status_ = func.coalesce(Tribute.status, "")
        is_parked = exists().where(Opinion.revision_id == Tribute.waiting_revision_id)
        there = (Tribute.waiting_revision_id.is_not(None), status_.in_((Status.PENDING, Status.APPROVED)))
        return *there, is_parked if status == SECOND else ~is_parked
    return (Tribute.status == status,)


def _read_by(person: Person) -> tuple[ColumnElement[bool], ...]:
    """What a person reads: the languages they named, or all; a cry for help is for everybody."""
    if not person.reads:
        return ()
    return (Tribute.language.in_(person.reads) | (Tribute.urgency == Verdict.HELP.urgency),)


def in_queue_of(person: Person) -> tuple[ColumnElement[bool], ...]:
    """What waits for a person."""
    return *_listed(WAITING), *_read_by(person)


def needs_readers(session: Session, person: Person) -> dict[str, int]:
    """What waits in languages that this person does not read, by language; the first 1,001 are counted."""
    if not person.reads:
        return {}
    others = (Tribute.language.not_in(person.reads), Tribute.urgency != Verdict.HELP.urgency)
    some = select(Tribute.language).where(*_listed(WAITING), *others).limit(MOST_COUNTED + 1).subquery()
    counted = select(some.c.language, func.count()).group_by(some.c.language).order_by(some.c.language)
    return dict(session.execute(counted).all())


def card(session: Session, tribute: Tribute, person: Person, at: datetime) -> DeskCard:
    """One tribute's card, with the undo that this person may still take."""
    made = desk_cards.cards(session, [tribute], person)[0]
    if undoable(session, tribute, person, at):
        made.actions.append(Action.UNDO)
    return made


def counted(status: str = WAITING) -> Select[int]:
    """What counts those that wait, or wait for a second person, to 1,001 at the most."""
    return counts.bounded(select(Tribute.id).where(*_listed(status)))


def waiting_of(session: Session, keys: set[int], person: Person) -> int:
    """How many of some tributes wait in this person's queue."""
    there = select(func.count()).select_from(Tribute).where(Tribute.id.in_(keys), *_listed(WAITING), *_read_by(person))
    return session.execute(there).scalar_one() if keys else 0


def verdict_counts(
    session: Session, language: str = "", person: Person | None = None, most: int = MOST_COUNTED
) -> dict[Verdict, int]:
    """How many wait of each verdict that there is, in one language or what a person reads; each counted so far."""
    read = _read_by(person) if person is not None and not language else ()
    each = [counts.bounded(_urgent(verdict, language).where(*read), most).scalar_subquery() for verdict in Verdict]
    numbers = session.execute(select(*each)).one()
    return {verdict: number for verdict, number in zip(Verdict, numbers, strict=True) if number}


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the oldest one waits."""
    return min(oldest_of_each(session).values(), default=None)


def oldest_of_each(session: Session) -> dict[Verdict, datetime]:
    """Since when the oldest one waits of each verdict that there is."""
    # The queue's index begins with the urgency: the oldest of each is found without reading the others.
    firsts = [_urgent(verdict).order_by(Tribute.waiting_revision_id).limit(1).scalar_subquery() for verdict in Verdict]
    found = zip(Verdict, session.execute(select(*firsts)).one(), strict=True)
    return {verdict: ids.time_of(first) for verdict, first in found if first}


def _urgent(verdict: Verdict, language: str = "") -> Select[int | None]:
    """What waits of one verdict, by the revisions."""
    query = select(Tribute.waiting_revision_id).where(*_listed(WAITING), Tribute.urgency == verdict.urgency)
    return query.where(Tribute.language == language) if language else query
