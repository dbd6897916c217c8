"""What visitors report: kept until a moderator has read it. Several reports of one tribute are one card."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session, aliased

from tribute.domain import ids
from tribute.domain.lifecycle import Action, Status
from tribute.domain.reasons import ReportReason
from tribute.models import Memorial, Report, Tribute
from tribute.services import counts, decisions, keyset, wall
from tribute.services.decisions import RULE, Actor
from tribute.services.keyset import Page

SIZE = 25  # cards a page, as in the queue
SHOWN = 10  # reports on a card; the rest are counted
OPEN = Report.settled_at.is_(None)
CHANCE = (1 << ids.RANDOM_BITS) - 1


@dataclass(frozen=True)
class Reported:
    """What is open on one tribute: the newest reports, and how many there are."""

    newest: list[Report]
    number: int

    @property
    def seen(self) -> str:
        """The newest report that whoever reads the card has seen."""
        return ids.encode(self.newest[0].id)


def report(
    session: Session, tribute: Tribute, reason: ReportReason, words: str, sender: str, at: datetime, key: bytes = b""
) -> Report:
    """Keep a report of what is public. Raises NotFound or Gone where nothing is.

    The same form sent twice is one report, and so is whatever one sender says while their first is open. `sender` is
    the hash of an address, or empty where none is known.
    """
    decisions.lock_head(session)  # what is public stays so until this is kept
    session.refresh(tribute)
    wall.public_card(session, session.get_one(Memorial, tribute.memorial_id), tribute.id)
    chance = _chance(key, reason, words)
    if key and (known := _sent_before(session, tribute, chance, reason, words)) is not None:
        return known
    found = _of_sender(session, tribute.id, sender) or Report(tribute_id=tribute.id, sender=sender)
    found.id = _free(session, ids.first_id_at(at) | chance if key else ids.new_id(at))  # as new as its words
    found.revision_id, found.reason, found.words = tribute.public_revision_id or 0, reason, words
    session.add(found)
    session.flush()
    return found


def _chance(key: bytes, *said: str) -> int:
    """A key's bits of chance, drawn from the form and its words: what was sent before is known by them."""
    digest = hashlib.sha256(key + "\x1f".join(said).encode()).digest()
    return int.from_bytes(digest[:8], "big") & CHANCE


def _sent_before(session: Session, tribute: Tribute, chance: int, reason: str, words: str) -> Report | None:
    same = Report.id.bitwise_and(CHANCE) == chance, Report.reason == reason, Report.words == words
    return session.scalars(select(Report).where(Report.tribute_id == tribute.id, *same).limit(1)).first()


def _of_sender(session: Session, tribute_id: int, sender: str) -> Report | None:
    if not sender:
        return None
    query = select(Report).where(OPEN, Report.tribute_id == tribute_id, Report.sender == sender)
    return session.scalars(query.limit(1)).first()


def _free(session: Session, key: int) -> int:
    """The key, or the next one that nobody has."""
    while session.get(Report, key) is not None:
        key += 1
    return key


def senders(session: Session, tribute_id: int) -> int:
    """How many different people's reports are open; those who are not known count as one."""
    query = select(func.count(Report.sender.distinct())).where(OPEN, Report.tribute_id == tribute_id)
    return session.execute(query).scalar_one()


def is_open(session: Session, tribute_id: int, upto: int = ids.MAXIMUM) -> bool:
    """Whether somebody has reported a tribute, and nobody has settled it yet."""
    query = select(Report.id).where(OPEN, Report.tribute_id == tribute_id, Report.id <= upto)
    return session.execute(query.limit(1)).first() is not None


def settle(session: Session, tribute_id: int, person_id: int | None, at: datetime, upto: int = ids.MAXIMUM) -> None:
    """Settle what is open on a tribute, up to the newest report that was read."""
    _set(session, (OPEN, Report.tribute_id == tribute_id, Report.id <= upto), at, person_id)


def follow(session: Session, tribute: Tribute, action: Action, actor: Actor, at: datetime) -> None:
    """After a change of what is public: its reports are settled, and open again where that is taken back.

    What the rule hides stays reported until somebody has read it.
    """
    if (action, actor) == (Action.HIDE, RULE):
        return
    undone = decisions.last_of(session, tribute.id) if action in (Action.UNDO, Action.RETURN) else None
    if undone is None or tribute.status != Status.HIDDEN:
        settle(session, tribute.id, actor.person_id, at)
    if undone is not None:
        by_it = Report.settled_at == undone.at, Report.settled_by == undone.person_id
        _set(session, (Report.tribute_id == tribute.id, *by_it), None, None)


def _set(session: Session, which: Iterable[ColumnElement[bool]], at: datetime | None, person_id: int | None) -> None:
    session.execute(update(Report).where(*which).values(settled_at=at, settled_by=person_id))


def counted() -> Select[int]:
    """What counts the reported tributes, to 1,001 at the most."""
    return counts.bounded(select(Report.tribute_id).where(OPEN).distinct())


def page(session: Session, before: int | None = None, after: int | None = None) -> Page[int]:
    """The reported tributes, by the newest report of each, the newest first."""
    newest = func.max(Report.id).label("newest")
    each = select(Report.tribute_id, newest).where(OPEN).group_by(Report.tribute_id).subquery()
    query = select(each.c.tribute_id, each.c.newest)
    return keyset.page(session, query, each.c.newest, SIZE, before, after)  # type: ignore[arg-type]  # a column too


def of(session: Session, tribute_ids: list[int]) -> dict[int, Reported]:
    """What is open on each of some tributes, in one statement."""
    turn = func.row_number().over(partition_by=Report.tribute_id, order_by=Report.id.desc()).label("turn")
    number = func.count().over(partition_by=Report.tribute_id).label("number")
    each = select(Report, turn, number).where(OPEN, Report.tribute_id.in_(tribute_ids)).subquery()
    row = aliased(Report, each)
    found: dict[int, Reported] = {}
    query = select(row, each.c.number).where(each.c.turn <= SHOWN).order_by(each.c.id.desc())
    for one, among in session.execute(query):
        found.setdefault(one.tribute_id, Reported([], among)).newest.append(one)
    return found
