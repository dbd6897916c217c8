"""What moderators hear of by mail, by their own choice; and what keepers hear of whether they chose it or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.services.acts import AT, EMAIL_KEYS, decided, sent
from tests.services.races import together
from tribute.domain.lifecycle import Action, Remark
from tribute.domain.mail import Failure, Mail, Notice, State
from tribute.domain.permissions import Role
from tribute.domain.reasons import CaseKind
from tribute.extensions import db
from tribute.models import Case, Message, Person
from tribute.services import batches, cases, desk, notices, outbox, people, remarks, reminders, safeguards

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RUSSIAN = "Светлая память всем погибшим."


def person(session: Session, role: Role = Role.MODERATOR, **fields: object) -> Person:
    """Somebody at the desk who has set this; what came before AT is not news to them."""
    number = len(people.every(session))
    added = people.add(session, f"{number}@memorial.example", f"Person {number}", role, "x", "az", AT)
    for name, value in ({"noticed_at": AT} | fields).items():
        setattr(added, name, value)
    session.flush()
    return added


def told(session: Session, at: datetime) -> list[tuple[str, int | None, int]]:
    """What is queued at a moment: each mail's kind, whom it goes to, and how many tributes it counts."""
    before = set(session.scalars(select(Message.id)))
    notices.queue_due(session, at)
    reminders.queue_due(session, at)
    session.expire_all()
    new = [row for row in session.scalars(select(Message).order_by(Message.id)) if row.id not in before]
    return sorted((row.kind, row.person_id, row.values.get("number", 0)) for row in new)


def test_nobody_hears_anything_unless_they_want_to(session: Session) -> None:
    moderator, keeper = person(session), person(session, Role.KEEPER)
    assert (moderator.notice, moderator.notice_alone, keeper.notice) == (Notice.NONE, False, Notice.NONE)
    sent(session, AT + MINUTE)
    assert told(session, AT + 3 * DAY) == []


def test_each_new_tribute_is_told_within_two_minutes_and_a_raid_as_a_list(session: Session) -> None:
    one = person(session, notice=Notice.EACH)
    assert told(session, AT + HOUR) == []
    sent(session, AT + HOUR)
    assert told(session, AT + HOUR + MINUTE) == []  # it may not be committed yet
    assert told(session, AT + HOUR + 2 * MINUTE) == [(Mail.NEW_TRIBUTES, one.id, 1)]
    sent(session, AT + HOUR + MINUTE + timedelta(seconds=1))  # committed late, behind the back of who looked
    assert told(session, AT + HOUR + 3 * MINUTE) == [(Mail.NEW_TRIBUTES, one.id, 1)]
    assert told(session, AT + HOUR + 9 * MINUTE) == []
    for number in range(15):
        sent(session, AT + 2 * HOUR + timedelta(seconds=number))
    assert told(session, AT + 2 * HOUR + 2 * MINUTE) == [(Mail.NEW_TRIBUTES, one.id, 15)]
    newest = session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert newest
    assert len(newest.values["tributes"]) == notices.LISTED


def test_hourly_and_daily_mails_gather_what_came(session: Session) -> None:
    hourly, daily = person(session, notice=Notice.HOURLY), person(session, notice=Notice.DAILY)
    for number in range(3):
        sent(session, AT + number * 20 * MINUTE)
    assert told(session, AT + 59 * MINUTE) == []
    assert told(session, AT + HOUR) == [(Mail.NEW_TRIBUTES, hourly.id, 3)]
    assert told(session, AT + 2 * HOUR) == []
    morning = datetime(2026, 1, 21, 4, tzinfo=UTC)  # eight o'clock in Baku
    assert told(session, morning - MINUTE) == []
    assert told(session, morning) == [(Mail.NEW_TRIBUTES, daily.id, 3)]
    assert told(session, morning + HOUR) == []


def test_only_once_something_has_waited_for_so_long_and_a_day_later_again(session: Session) -> None:
    one = person(session, notice=Notice.LATE, notice_hours=6, noticed_at=None)
    first = sent(session, AT)
    sent(session, AT + 3 * HOUR)
    assert told(session, AT + 6 * HOUR - MINUTE) == []
    assert told(session, AT + 6 * HOUR) == [(Mail.LATE, one.id, 2)]
    assert told(session, AT + 29 * HOUR) == []
    assert told(session, AT + 30 * HOUR) == [(Mail.LATE, one.id, 2)]
    decided(session, first, Action.APPROVE, AT + 31 * HOUR)
    assert told(session, AT + 54 * HOUR) == [(Mail.LATE, one.id, 1)]


@pytest.mark.parametrize("notice", [Notice.EACH, Notice.HOURLY, Notice.DAILY, Notice.LATE])
def test_who_was_told_by_a_clock_that_stood_ahead_is_told_again_once_it_is_right(
    session: Session, notice: Notice
) -> None:
    one = person(session, notice=notice, notice_hours=2, noticed_at=AT + 1000 * DAY)
    sent(session, AT + HOUR)
    kind = Mail.LATE if notice == Notice.LATE else Mail.NEW_TRIBUTES
    assert told(session, AT + DAY) == [(kind, one.id, 1)]
    assert told(session, AT + DAY + MINUTE) == []


def test_only_their_languages_count(session: Session) -> None:
    one = person(session, notice=Notice.EACH, reads=["az"])
    sent(session, AT + MINUTE, words=RUSSIAN)
    assert told(session, AT + HOUR) == []
    sent(session, AT + HOUR, words="Şəhidlərimizi heç vaxt unutmarıq.")
    assert told(session, AT + 2 * HOUR) == [(Mail.NEW_TRIBUTES, one.id, 1)]


def test_who_alone_reads_a_language_hears_at_once_that_it_waits(session: Session) -> None:
    one = person(session, notice_alone=True, reads=["ru", "az"])
    other = person(session, Role.KEEPER, reads=["az", "en"])
    sent(session, AT + MINUTE, words="Şəhidlərimizi heç vaxt unutmarıq.")
    assert told(session, AT + 2 * MINUTE) == []
    sent(session, AT + 3 * MINUTE, words=RUSSIAN)
    assert told(session, AT + 5 * MINUTE) == [(Mail.READER_NEEDED, one.id, 1)]
    assert told(session, AT + 7 * MINUTE) == []
    other.reads = []  # who names none reads everything
    sent(session, AT + HOUR, words=RUSSIAN)
    assert told(session, AT + 2 * HOUR) == []


def test_a_closed_account_hears_nothing(session: Session) -> None:
    person(session, notice=Notice.EACH, active=False)
    sent(session, AT + MINUTE)
    assert told(session, AT + HOUR) == []


def test_choosing_starts_from_now(session: Session) -> None:
    one = person(session, noticed_at=None)
    sent(session, AT)
    notices.choose(one, Notice.EACH, 24, AT + HOUR, alone=False)
    assert told(session, AT + 2 * HOUR) == []
    notices.choose(one, Notice.EACH, 48, AT + 2 * HOUR, alone=True)  # the same choice again forgets nothing
    assert (one.noticed_at, one.notice_hours, one.notice_alone) == (AT + HOUR, 48, True)
    sent(session, AT + 90 * MINUTE)
    assert told(session, AT + 2 * HOUR) == [(Mail.NEW_TRIBUTES, one.id, 1)]


def test_two_workers_tell_once(app: Flask) -> None:
    with app.app_context():
        key = person(db.session(), notice=Notice.EACH).id
        sent(db.session(), AT + MINUTE)
        db.session.commit()

    def tells(session: Session) -> None:
        notices.queue_due(session, AT + HOUR)

    together(app, tells, tells)
    with app.app_context():
        assert db.session.scalars(select(Message.person_id)).all() == [key]


def test_every_other_keeper_hears_of_the_brake_at_once(session: Session) -> None:
    keepers = [person(session, Role.KEEPER) for _ in range(3)]
    person(session)
    actor = desk.actor_of(keepers[0])
    safeguards.pause(session, "A pause.", AT + HOUR, actor, AT)
    remarks.about_site(session, Remark.HIDE_LATELY, actor, AT)
    batches.begin(session, desk.Order(Action.HIDE, 0), keepers[0], AT, 10)
    safeguards.resume(session, actor, AT + MINUTE)
    rows = session.execute(select(Message.kind, Message.person_id, Message.values)).all()
    assert {(kind, who) for kind, who, _values in rows} == {(Mail.BRAKE, keeper.id) for keeper in keepers[1:]}
    assert sorted({values["action"] for _kind, _who, values in rows}) == ["hide-lately", "pause", "resume"]


def a_case(session: Session, key: bytes = b"a form") -> Case:
    """Somebody writes to the keepers."""
    said = ("Leyla", "leyla@memorial.example", "About my family.")
    return cases.open_case(session, key, CaseKind.CORRECTION, "az", *said, AT, EMAIL_KEYS)


def test_keepers_hear_of_a_case_once_and_three_days_before_it_is_due(session: Session) -> None:
    keeper = person(session, Role.KEEPER)
    case = a_case(session)
    assert a_case(session) is case
    assert session.execute(select(Message.kind, Message.values)).all() == [(Mail.CASE, {"case": case.number})]
    due = cases.due(case)
    assert told(session, due - 3 * DAY - MINUTE) == []
    assert told(session, due - 3 * DAY) == [(Mail.CASE_DUE, keeper.id, 0)]
    assert told(session, due - DAY) == []
    cases.set_due(session, case, due + 10 * DAY)
    assert told(session, due + 7 * DAY) == [(Mail.CASE_DUE, keeper.id, 0)]
    cases.close(session, case, keeper, due)
    cases.set_due(session, a_case(session, b"another"), due + 30 * DAY)
    assert told(session, due + 9 * DAY) == []


def fail(session: Session, at: datetime) -> None:
    """Let a mail fail for good."""
    outbox.queue(session, Mail.CASE, to=people.every(session)[0], language="az", at=at, values={"case": 1})
    claimed = outbox.claim(session, at)
    assert claimed
    outbox.failed(session, claimed, Failure.REFUSED, 550, at, final=True)


def test_keepers_hear_of_failed_mail_once_a_day_and_not_of_that_notice_itself(session: Session) -> None:
    keeper = person(session, Role.KEEPER)
    for number in range(3):
        fail(session, AT + number * MINUTE)
    assert reminders.is_due(session, AT + HOUR)
    assert told(session, AT + HOUR) == [(Mail.MAIL_FAILED, keeper.id, 3)]
    session.execute(
        update(Message).where(Message.kind == Mail.MAIL_FAILED).values(state=State.FAILED, ended_at=AT + 2 * HOUR)
    )
    assert told(session, AT + 26 * HOUR) == []
    fail(session, AT + 27 * HOUR)
    assert told(session, AT + 28 * HOUR) == [(Mail.MAIL_FAILED, keeper.id, 1)]


@pytest.mark.parametrize("role", Role)
def test_only_moderators_decide_by_mail_and_only_while_their_account_is_open(session: Session, role: Role) -> None:
    one = person(session, role)
    assert people.may_decide_by_mail(one) == (role == Role.MODERATOR)
    one.active = False
    assert not people.may_decide_by_mail(one)


def test_nothing_to_tell_changes_nothing(session: Session) -> None:
    person(session, notice=Notice.EACH)
    person(session, Role.KEEPER)
    assert notices.due(session, AT + HOUR) == []
    assert not reminders.is_due(session, AT + HOUR)
