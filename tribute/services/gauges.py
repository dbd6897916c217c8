"""What stands in the database at a moment, for whoever watches from outside: each number by an index, and bounded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.mail import State
from tribute.domain.verdict import Verdict
from tribute.models import IS_UNDER_WAY, Message, Revision, Triage
from tribute.search.index import ARTICLES, DESK, PUBLIC
from tribute.services import counts, desk, last_done, reindexing
from tribute.services.last_done import Chore

MOST = 20_000  # what waits is counted no further
LATELY = timedelta(hours=1)
INDEXES = {"public": PUBLIC, "desk": DESK, "articles": ARTICLES}


@dataclass(frozen=True)
class Gauges:
    """Numbers of one moment; ages in seconds."""

    queue: dict[Verdict, int]  # what waits, to MOST of each verdict
    queue_ages: dict[Verdict, float]  # of the oldest of each that there is
    verdicts: dict[Verdict, int]  # of what came in within the last hour
    outbox: dict[State, int]  # to MOST of each
    outbox_overdue: float  # of the mail that has been due for longest
    index_missing: dict[str, int]  # of the newest texts that an index should hold
    chore_ages: dict[Chore, float]  # since each was last done; what never was is not in it


def gauges(session: Session, at: datetime) -> Gauges:
    """Everything that is told."""
    waiting = desk.verdict_counts(session, most=MOST)
    oldest, done = desk.oldest_of_each(session), last_done.when(session)
    return Gauges(
        queue={verdict: waiting.get(verdict, 0) for verdict in Verdict},
        queue_ages={verdict: _age(since, at) for verdict, since in oldest.items()},
        verdicts=_verdicts(session, at),
        outbox=_outbox(session), outbox_overdue=_overdue(session, at),
        index_missing={name: reindexing.lag(session, index) for name, index in INDEXES.items()},
        chore_ages={chore: _age(then, at) for chore, then in done.items()},
    )  # fmt: skip


def _age(then: datetime, at: datetime) -> float:
    return max(0.0, (at - then).total_seconds())


def _verdicts(session: Session, at: datetime) -> dict[Verdict, int]:
    """What triage found of the words that authors sent lately, by the revisions' keys, which are ordered by time."""
    lately = (
        select(Triage.verdict).join(Revision, Revision.id == Triage.revision_id)
        .where(Triage.revision_id >= ids.first_id_at(at - LATELY), Revision.made_by == "author")
        .limit(MOST).subquery()
    )  # fmt: skip
    query = select(lately.c.verdict, func.count()).group_by(lately.c.verdict)
    found: dict[str, int] = dict(session.execute(query).all())
    return {verdict: found.get(verdict, 0) for verdict in Verdict}


def _outbox(session: Session) -> dict[State, int]:
    states = (State.WAITING, State.SENDING, State.FAILED)  # what is over is not counted: it stays for months
    each = [counts.bounded(select(Message.id).where(Message.state == state), MOST) for state in states]
    numbers = session.execute(select(*(one.scalar_subquery() for one in each))).one()
    return dict(zip(states, numbers, strict=True))


def _overdue(session: Session, at: datetime) -> float:
    first = session.scalars(
        select(Message.due_at).where(text(IS_UNDER_WAY)).order_by(Message.due_at, Message.id).limit(1)
    ).first()
    return _age(first, at) if first else 0.0
