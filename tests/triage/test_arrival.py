"""How a tribute came: the trap, the time, the address, the work, and what became of earlier ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.services.acts import AT, EMAIL_KEYS, standing
from tribute.domain import emails
from tribute.domain.lifecycle import Status
from tribute.triage import arrival
from tribute.triage.signals import Circumstances, Sent, Signal

EMAIL = "daniel@memorial.example"


def sent(circumstances: Circumstances = Circumstances(), email: str = "") -> Sent:  # noqa: B008  it is frozen
    """Ordinary words that came so."""
    digest = emails.digest(EMAIL_KEYS, email) if email else None
    return Sent("Daniel", "Leeds", "Rest in peace.", "en", AT, digest, circumstances)


@pytest.mark.parametrize(
    ("find", "circumstances", "signals"),
    [
        (arrival.trap, Circumstances(filled_trap=True), [Signal("trap", "spam", 1.0)]),
        (arrival.trap, Circumstances(), []),
        (arrival.time, Circumstances(seconds=0.2), [Signal("too_fast", "spam", 0.5, ("1",))]),
        (arrival.time, Circumstances(seconds=3.6), [Signal("too_fast", "spam", 0.5, ("4",))]),
        (arrival.time, Circumstances(seconds=4), []),
        (arrival.time, Circumstances(seconds=24 * 3600), []),
        (arrival.time, Circumstances(seconds=50 * 3600), [Signal("too_old", "closer", 0.2, ("50",))]),
        (arrival.time, Circumstances(seconds=None), []),
        (arrival.address, Circumstances(), []),
        (arrival.address, Circumstances(from_address=6), [Signal("many_from_address", "closer", 0.5, ("6",))]),
        (arrival.work, Circumstances(is_worked=None), []),
        (arrival.work, Circumstances(is_worked=True), []),
        (arrival.work, Circumstances(is_worked=False), [Signal("unworked", "closer", 0.5)]),
    ],
)  # fmt: skip
def test_how_it_came(session: Session, find: object, circumstances: Circumstances, signals: list[Signal]) -> None:
    assert callable(find)
    assert list(find(session, sent(circumstances))) == signals


def earlier(session: Session, status: Status, number: int, *, confirmed: bool = True) -> None:
    """Earlier tributes of the same email that came to a status."""
    for _ in range(number):
        tribute = standing(session, status, email=EMAIL)
        tribute.email_confirmed_at = AT + timedelta(hours=1) if confirmed else None
    session.flush()


def test_a_confirmed_email_has_a_history(session: Session) -> None:
    assert list(arrival.history(session, sent(email=EMAIL))) == []
    earlier(session, Status.APPROVED, 1)
    assert list(arrival.history(session, sent(email=EMAIL))) == [Signal("email_history", "closer", -0.3, ("0", "1"))]
    earlier(session, Status.SPAM, 1)
    assert list(arrival.history(session, sent(email=EMAIL))) == [Signal("email_history", "spam", 0.3, ("1", "1"))]
    earlier(session, Status.SPAM, 1)
    assert list(arrival.history(session, sent(email=EMAIL))) == [Signal("email_history", "spam", 0.6, ("2", "1"))]
    assert list(arrival.history(session, sent())) == []


def test_an_email_that_nobody_confirmed_has_none(session: Session) -> None:
    earlier(session, Status.SPAM, 2, confirmed=False)
    assert list(arrival.history(session, sent(email=EMAIL))) == []
