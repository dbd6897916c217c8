"""What stands in the database, in numbers: the queue, the outbox, triage, the indexes, and what was last done."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests.services.acts import AT, standing
from tests.services.test_desk_urgency import weighed
from tribute.domain.lifecycle import Status
from tribute.domain.mail import Failure, State
from tribute.domain.verdict import Verdict
from tribute.models import ArticleEntry, DeskEntry, TributeEntry
from tribute.services import last_done, outbox
from tribute.services.gauges import LATELY, gauges
from tribute.services.last_done import Chore

MINUTE = timedelta(minutes=1)


def test_a_bare_site_is_told_in_noughts(session: Session) -> None:
    found = gauges(session, AT)
    assert found.queue == found.verdicts == dict.fromkeys(Verdict, 0)
    assert found.outbox == {State.WAITING: 0, State.SENDING: 0, State.FAILED: 0}
    assert found.index_missing == {"public": 0, "desk": 0, "articles": 0}
    assert (found.queue_ages, found.outbox_overdue, found.chore_ages) == ({}, 0.0, {})


def test_what_waits_is_counted_by_verdict_with_the_age_of_the_oldest(session: Session) -> None:
    for minute, verdict in enumerate([Verdict.SPAM, Verdict.HELP, Verdict.SPAM]):
        weighed(session, verdict, minute)
    standing(session, Status.APPROVED)
    found = gauges(session, AT + 10 * MINUTE)
    assert found.queue == dict.fromkeys(Verdict, 0) | {Verdict.SPAM: 2, Verdict.HELP: 1}
    assert found.queue_ages == {Verdict.SPAM: 600.0, Verdict.HELP: 540.0}


def test_verdicts_are_those_of_the_last_hour(session: Session) -> None:
    weighed(session, Verdict.SPAM, 0)
    weighed(session, Verdict.HATEFUL, 1)
    assert gauges(session, AT + LATELY).verdicts == dict.fromkeys(Verdict, 0) | {Verdict.SPAM: 1, Verdict.HATEFUL: 1}
    assert gauges(session, AT + LATELY + MINUTE).verdicts == dict.fromkeys(Verdict, 0) | {Verdict.HATEFUL: 1}


def test_mail_is_counted_until_it_is_over_and_what_is_due_grows_old(session: Session) -> None:
    for minute in range(3):
        standing(session, Status.PENDING, AT + minute * MINUTE, email=f"{minute}@memorial.example")
    assert gauges(session, AT).outbox == {State.WAITING: 3, State.SENDING: 0, State.FAILED: 0}
    assert gauges(session, AT + 10 * MINUTE).outbox_overdue == 600.0
    first = outbox.claim(session, AT + 2 * MINUTE)
    assert first
    outbox.failed(session, first, Failure.REFUSED, 550, AT + 2 * MINUTE, final=True)
    second = outbox.claim(session, AT + 2 * MINUTE)
    assert second
    found = gauges(session, AT + 10 * MINUTE)
    assert found.outbox == {State.WAITING: 1, State.SENDING: 1, State.FAILED: 1}
    assert found.outbox_overdue == 480.0  # of the third: the second is being sent


def test_an_index_that_lacks_what_it_should_hold_is_told_by_how_much(session: Session) -> None:
    for status in Status:
        standing(session, status)
    assert set(gauges(session, AT).index_missing.values()) == {0}
    for entry in (TributeEntry, DeskEntry, ArticleEntry):
        session.execute(delete(entry))
    found = gauges(session, AT).index_missing
    assert (found["public"], found["desk"]) == (1, len(Status) - 1)
    assert found["articles"] > 0


def test_what_was_last_done_is_told_by_its_age(session: Session) -> None:
    last_done.mark(session, Chore.BACKUP, AT)
    assert gauges(session, AT + MINUTE).chore_ages == {Chore.BACKUP: 60.0}
