"""What was done, counted by local month and by UTC hour as it is done: no page counts the log.

A row says how often something was done (`what`, `kind`) in a period of a memorial. `what` is the step of the lifecycle
and `kind` its reason. Beside the steps stand `language` (of what came in), `wait` (of what was judged: a step of
domain/waits.py, from the author's sending to the judgement) and `judged` (triage's verdict and what a moderator did).
A decision that is taken back is taken out of the period that it was counted in: the numbers say what stood.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from tribute.domain import ids, waits
from tribute.domain.lifecycle import JUDGED, Action
from tribute.models import Decision, Memorial, Revision, Tally, Triage, Tribute, count_in

LANGUAGE, WAIT, VERDICT = "language", "wait", "judged"

Key = tuple[int, str, str, str]  # memorial, period, what, kind


class Fact(NamedTuple):
    """What is counted of a step: of which memorial, when, and what is known of the words it was about."""

    memorial_id: int
    at: datetime
    action: str
    reason: str
    language: str | None
    sent: int | None  # what the author sent that was judged: a revision's key, and so its moment
    verdict: str | None


def add(session: Session, row: Decision) -> None:
    """Count a row of the log that was just written; one that takes another back takes it out again."""
    is_undo = row.action == Action.UNDO
    before = {"tribute_id": row.tribute_id, "version": row.version - 1}
    asked = session.execute(_OF_UNDONE, before) if is_undo else session.execute(_OF_ROW, {"number": row.number})
    if (found := asked.first()) is not None:
        count(session, Fact(*found), -1 if is_undo else 1)


def count(session: Session, fact: Fact, step: int = 1) -> None:
    """Count a step of which all is known in (`step` 1) or out (-1)."""
    zone = session.get_one(Memorial, fact.memorial_id).time_zone
    count_in(session, Tally, dict.fromkeys(keys(fact, zone), step))


def keys(fact: Fact, time_zone: str) -> Iterator[Key]:
    """Where a step is counted."""
    for period in periods(fact.at, time_zone):
        for what, kind in _kinds(fact):
            yield fact.memorial_id, period, what, kind


def periods(at: datetime, time_zone: str) -> tuple[str, str]:
    """The month where the memorial is, and the hour in UTC."""
    return month_of(at, time_zone), hour_of(at)


def month_of(at: datetime, time_zone: str) -> str:
    """The month of a moment where the memorial is, as a period."""
    return f"m{at.astimezone(ZoneInfo(time_zone)):%Y-%m}"


def hour_of(at: datetime) -> str:
    """The hour of a moment in UTC, as a period."""
    return f"h{at.astimezone(UTC):%Y-%m-%dT%H}"


def _kinds(fact: Fact) -> Iterator[tuple[str, str]]:
    yield fact.action, fact.reason
    if fact.action == Action.SUBMIT:
        yield LANGUAGE, fact.language or ""
    if fact.action in JUDGED and fact.sent is not None:
        yield WAIT, f"{waits.step_of(fact.at - ids.time_of(fact.sent)):03}"
        if fact.verdict:
            yield VERDICT, f"{fact.verdict}:{fact.action}"


def _facts() -> Select[Any]:
    """Rows of the log as facts. Words that a moderator redacted were sent when their author's own were."""
    own = aliased(Revision)
    sent = (
        select(func.max(own.id))
        .where(own.tribute_id == Decision.tribute_id, own.made_by == "author", own.id <= Decision.from_waiting)
        .correlate(Decision).scalar_subquery()
    )  # fmt: skip
    return (
        select(Tribute.memorial_id, Decision.at, Decision.action, Decision.reason, Revision.language, sent,
               Triage.verdict)
        .join(Tribute, Tribute.id == Decision.tribute_id)
        .outerjoin(Revision, Revision.id == Decision.revision_id)
        .outerjoin(Triage, Triage.revision_id == sent)
    )  # fmt: skip


# Put together once, for that takes longer than to ask them. A row that takes another back stands for the step before,
# whatever was remarked in between.
_OF_ROW = _facts().where(Decision.number == bindparam("number"))
_OF_UNDONE = (
    _facts()
    .where(Decision.tribute_id == bindparam("tribute_id"), Decision.version == bindparam("version"))
    .where(Decision.action.in_(list(Action)))
    .order_by(Decision.number.desc())
    .limit(1)
)


def each(
    session: Session, memorials: Iterable[int], first: str, last: str, whats: Iterable[str] = ()
) -> Iterator[tuple[str, str, str, int]]:
    """What was done in each period from `first` to `last`, both of one kind and within: what, why and how often.

    `whats` are the things to tell of, where it is not all.
    """
    number = func.sum(Tally.number)
    query = select(Tally.period, Tally.what, Tally.kind, number).where(*_within(memorials, first, last))
    if names := list(whats):
        query = query.where(Tally.what.in_(names))
    grouped = query.group_by(Tally.period, Tally.what, Tally.kind).having(number != 0).order_by(Tally.period)
    return ((period, what, kind, int(total)) for period, what, kind, total in session.execute(grouped))


def together(session: Session, memorials: Iterable[int], first: str, last: str) -> dict[str, dict[str, int]]:
    """What was done in all those periods: each thing with how often for each of its kinds, most first."""
    number = func.sum(Tally.number)
    query = select(Tally.what, Tally.kind, number).where(*_within(memorials, first, last))
    query = query.group_by(Tally.what, Tally.kind).having(number != 0).order_by(number.desc(), Tally.kind)
    found: dict[str, dict[str, int]] = {}
    for what, kind, total in session.execute(query):
        found.setdefault(what, {})[kind] = int(total)
    return found


def _within(memorials: Iterable[int], first: str, last: str) -> tuple[ColumnElement[bool], ...]:
    return Tally.memorial_id.in_(list(memorials)), Tally.period >= first, Tally.period <= last


def recount(session: Session) -> dict[Key, int]:
    """Count the log row by row: what the table should say; of verdicts only those that are still known."""
    undone = _taken_back(session)
    zones = {memorial.id: memorial.time_zone for memorial in session.scalars(select(Memorial))}
    known = _facts().add_columns(Decision.tribute_id, Decision.version)
    query = known.where(Decision.action.in_(list(Action)), Decision.action != Action.UNDO)
    right = Counter[Key]()
    for *told, tribute_id, version in session.execute(query).yield_per(1000):
        if (tribute_id, version) not in undone:
            fact = Fact(*told)
            right.update(keys(fact, zones[fact.memorial_id]))
    return right


def _taken_back(session: Session) -> set[tuple[int, int]]:
    """Each decision that was taken back, by its tribute and version."""
    query = select(Decision.tribute_id, Decision.version - 1).where(Decision.action == Action.UNDO)
    return {(tribute_id, version) for tribute_id, version in session.execute(query)}


def kept(session: Session) -> dict[Key, int]:
    """What the table says, without its zeros."""
    query = select(Tally).where(Tally.number != 0).execution_options(populate_existing=True)
    return {(t.memorial_id, t.period, t.what, t.kind): t.number for t in session.scalars(query)}


def missing(session: Session) -> dict[Key, int]:
    """What must be added to the table's numbers to make them right. Both are read in one snapshot.

    A verdict is erased with its words: where the table knows of more than can be counted still, it is believed.
    """
    right, said = recount(session), kept(session)
    steps = {key: right.get(key, 0) - said.get(key, 0) for key in right.keys() | said.keys()}
    return {key: step for key, step in steps.items() if step > 0 or (step < 0 and key[2] != VERDICT)}


def is_unfilled(session: Session) -> bool:
    """Whether there is a log and nothing was ever counted of it, as after an upgrade."""
    is_empty = session.execute(select(Tally.number).limit(1)).first() is None
    return is_empty and session.execute(select(Decision.number).limit(1)).first() is not None
