"""What waits is weighed: the row beside the words, the place in the queue, and what goes with the words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import AT, EMAIL_KEYS, KEEPER, decided, filled_in, memorial, sent
from tribute.domain.lifecycle import Action
from tribute.domain.reasons import Ground
from tribute.domain.verdict import Verdict
from tribute.models import Sketch, Triage, Tribute
from tribute.services import authors, desk
from tribute.services.desk import Order
from tribute.services.tributes import Written
from tribute.triage.signals import Circumstances

HELP = "I don't want to live any more."
SPAM = "Online betting and casino: https://shop.example/win, call +994 50 000 00 00 now."


def taken(session: Session, words: str, circumstances: Circumstances | None = None) -> Tribute:
    """A tribute that was weighed as it came."""
    submission = filled_in(words=words)
    weighed = authors.weigh(session, submission.written, AT, None, circumstances or Circumstances(seconds=60))
    key = words.encode()
    return authors.submit(session, memorial(session), submission, key, AT, EMAIL_KEYS, weighed)


def row_of(session: Session, tribute: Tribute) -> Triage:
    """What is kept of the revision that waits."""
    return session.get_one(Triage, tribute.waiting_revision_id)


@pytest.mark.parametrize(
    ("words", "verdict"),
    [("Rest in peace. Amin.", Verdict.ORDINARY), (HELP, Verdict.HELP), (SPAM, Verdict.SPAM)],
)
def test_what_comes_is_weighed_and_taken_in(session: Session, words: str, verdict: Verdict) -> None:
    tribute = taken(session, words)
    assert row_of(session, tribute).verdict == verdict
    assert tribute.urgency == verdict.urgency
    assert tribute.status == "pending"


def test_why_is_kept_weightiest_first(session: Session) -> None:
    tribute = taken(session, SPAM, Circumstances(filled_trap=True, seconds=1))
    names = [signal[0] for signal in row_of(session, tribute).signals]
    assert {names[0], names[1]} == {"listed_spam", "trap"}
    assert {"links", "phone", "too_fast"} <= set(names)


def test_new_words_are_weighed_anew(session: Session) -> None:
    tribute = taken(session, "Rest in peace.")
    written = Written("Daniel", "", SPAM, "en")
    authors.amend(session, tribute, AT + timedelta(minutes=5), 1, written, authors.weigh(session, written, AT))
    assert tribute.urgency == Verdict.SPAM.urgency
    assert row_of(session, tribute).verdict == Verdict.SPAM


def test_what_is_put_back_waits_where_it_waited(session: Session) -> None:
    tribute = taken(session, SPAM)
    decided(session, tribute, Action.SPAM, AT + timedelta(minutes=5))
    assert tribute.urgency == Verdict.ORDINARY.urgency  # nothing waits
    decided(session, tribute, Action.UNDO, AT + timedelta(minutes=6))
    assert tribute.urgency == Verdict.SPAM.urgency


def test_what_nobody_weighed_is_ordinary(session: Session) -> None:
    assert sent(session).urgency == Verdict.ORDINARY.urgency


def test_what_was_said_of_words_goes_with_them(session: Session) -> None:
    tribute = taken(session, SPAM)
    decided(session, tribute, Action.SPAM, AT + timedelta(minutes=5))
    desk.decide(session, tribute, Order(Action.REMOVE, tribute.version, Ground.LAW), KEEPER, AT + timedelta(minutes=6))
    assert not session.scalars(select(Triage)).all()
    assert not session.scalars(select(Sketch)).all()
