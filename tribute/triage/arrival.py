"""Signals of how a tribute came, beside what it says."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain.lifecycle import Status
from tribute.models import Tribute
from tribute.triage.signals import Sent, Signal

FASTEST = 4  # seconds: to choose a carnation, type a name and agree takes a person longer
SLOWEST = 24 * 3600  # seconds: a form is rarely open for a day


def trap(_session: Session, sent: Sent) -> Iterator[Signal]:
    """A field was filled in that people do not see."""
    if sent.circumstances.filled_trap:
        yield Signal("trap", "spam", 1.0)


def time(_session: Session, sent: Sent) -> Iterator[Signal]:
    """The form was sent faster than anybody writes, or after a day."""
    seconds = sent.circumstances.seconds
    if seconds is not None and seconds < FASTEST:
        yield Signal("too_fast", "spam", 0.5, (str(max(1, round(seconds))),))
    elif seconds is not None and seconds > SLOWEST:
        yield Signal("too_old", "closer", 0.2, (str(round(seconds / 3600)),))


def address(_session: Session, sent: Sent) -> Iterator[Signal]:
    """Many came from one address within ten minutes."""
    if sent.circumstances.from_address:
        yield Signal("many_from_address", "closer", 0.5, (str(sent.circumstances.from_address),))


def work(_session: Session, sent: Sent) -> Iterator[Signal]:
    """The browser was asked for a proof of work and sent none."""
    if sent.circumstances.is_worked is False:
        yield Signal("unworked", "closer", 0.5)


def history(session: Session, sent: Sent) -> Iterator[Signal]:
    """What became of earlier tributes of the same confirmed email; one that nobody confirmed may be anybody's."""
    if sent.email_digest is None:
        return
    known = Tribute.email_digest == sent.email_digest, Tribute.email_confirmed_at.is_not(None)
    query = select(Tribute.status, func.count()).where(*known).group_by(Tribute.status)
    counted = dict(session.execute(query).all())
    spam, published = counted.get(Status.SPAM, 0), counted.get(Status.APPROVED, 0)
    if spam:
        yield Signal("email_history", "spam", 0.6 if spam > published else 0.3, (str(spam), str(published)))
    elif published:
        yield Signal("email_history", "closer", -0.3, (str(spam), str(published)))
