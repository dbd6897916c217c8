"""The desk at a glance: hours and days where the memorial is, waits, verdicts, and who did how much."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from math import ceil
from random import Random
from statistics import median
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from tests.services.acts import AT, EMAIL_KEYS, KEEPER, MODERATOR, decided, filled_in, memorial, sent
from tribute.domain.lifecycle import Action
from tribute.domain.permissions import Role
from tribute.domain.reasons import Reason
from tribute.domain.verdict import Verdict
from tribute.models import Person, Tribute
from tribute.services import authors, overview, people
from tribute.services.overview import Agreement, Overview
from tribute.triage.weighing import Weighed

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BAKU = "Asia/Baku"
LAST = date(2026, 1, 20)
MIDNIGHT = datetime(2026, 1, 19, 20, tzinfo=UTC)  # when that day begins in Baku


def shown(session: Session, days: int, last: date = LAST, zone: str = BAKU) -> Overview:
    """The overview of the memorial that ships."""
    return overview.overview(session, [memorial(session).id], zone, last, days)


def weighed(session: Session, verdict: Verdict, at: datetime = AT) -> Tribute:
    """A tribute that triage said this of."""
    key = f"{verdict} {at}".encode()
    return authors.submit(session, memorial(session), filled_in(), key, at, EMAIL_KEYS, Weighed(verdict))


def test_a_day_is_shown_by_its_hours_where_the_memorial_is(session: Session) -> None:
    for at in (MIDNIGHT - MINUTE, MIDNIGHT, MIDNIGHT + 59 * MINUTE, MIDNIGHT + DAY - MINUTE, MIDNIGHT + DAY):
        sent(session, at)
    slots = shown(session, 1).slots
    assert [slot.begins for slot in slots] == [MIDNIGHT + n * HOUR for n in range(24)]
    assert [slot.received for slot in slots] == [2, *[0] * 22, 1]
    assert shown(session, 1).done.received == 3


def test_several_days_are_shown_day_by_day_and_end_with_the_last(session: Session) -> None:
    for ago in (0, 0, 3, 6, 7, 30, 31):
        sent(session, MIDNIGHT - ago * DAY + HOUR)
    tribute = sent(session, MIDNIGHT - 2 * DAY)
    decided(session, tribute, Action.APPROVE, MIDNIGHT - DAY)
    week, month = shown(session, 7), shown(session, 31)
    assert [slot.begins for slot in week.slots] == [MIDNIGHT - ago * DAY for ago in range(6, -1, -1)]
    assert [slot.received for slot in week.slots] == [1, 0, 0, 1, 1, 0, 2]
    assert [slot.decided for slot in week.slots] == [0, 0, 0, 0, 0, 1, 0]
    assert (len(month.slots), month.done.received) == (31, 7)


@pytest.mark.parametrize(
    ("zone", "last", "hours"),
    [("Europe/Berlin", date(2026, 3, 29), 23), ("Europe/Berlin", date(2026, 10, 25), 25),
     ("Asia/Kolkata", LAST, 24), ("Asia/Kathmandu", LAST, 24)],
)  # fmt: skip
def test_odd_days_and_zones_count_every_hour_once(session: Session, zone: str, last: date, hours: int) -> None:
    since, until = overview.edges(zone, last, 1)
    for number in range(-2, hours + 2):
        sent(session, since.replace(minute=5) + number * HOUR)
    before, here, after = (shown(session, 1, last + n * DAY, zone) for n in (-1, 0, 1))
    assert (len(here.slots), (until - since) / HOUR) == (hours, hours)
    assert [slot.received for slot in here.slots] == [1] * hours
    assert sum(found.done.received for found in (before, here, after)) == hours + 4


def test_median_and_the_ninth_tenth_are_the_real_ones_within_a_tenth(session: Session) -> None:
    chance, waited = Random(7), []  # noqa: S311  waits that can be waited again
    for number in range(41):
        waited.append(chance.lognormvariate(7, 1.5))
        at = MIDNIGHT + number * MINUTE
        decided(session, sent(session, at), Action.APPROVE, at + timedelta(seconds=waited[-1]))
    done = shown(session, 31, LAST + 2 * DAY).done
    assert done.median is not None
    assert done.most is not None
    assert done.median.total_seconds() == pytest.approx(median(waited), rel=0.1)
    assert done.most.total_seconds() == pytest.approx(sorted(waited)[ceil(0.9 * 41) - 1], rel=0.1)


def test_reasons_languages_and_disagreements_are_told_most_first(session: Session) -> None:
    for number, reason in enumerate((Reason.ADVERTISING, Reason.INSULT, Reason.ADVERTISING)):
        decided(session, sent(session, AT + number * MINUTE), Action.DECLINE, AT + HOUR, reason=reason)
    sent(session, words="Вечная память погибшим.")
    for number in range(4):
        action = Action.APPROVE if number < 1 else Action.SPAM
        decided(session, weighed(session, Verdict.SPAM, AT + number * MINUTE), action, AT + HOUR)
    slip = weighed(session, Verdict.HELP)
    decided(session, slip, Action.SPAM, AT + HOUR)
    decided(session, slip, Action.UNDO, AT + HOUR + MINUTE)
    found = shown(session, 7)
    assert list(found.done.declined.items()) == [("advertising", 2), ("insult", 1)]
    assert list(found.languages.items()) == [("en", 8), ("ru", 1)]
    assert found.agreements == [Agreement(Verdict.ORDINARY, 3, 0), Agreement(Verdict.SPAM, 4, 1)]
    assert [one.refused for one in found.agreements] == [3, 3]
    assert (found.done.received, found.done.decided, found.done.spam) == (9, 7, 3)


def test_nothing_is_an_overview_too(session: Session) -> None:
    found = shown(session, 7)
    assert (found.done.received, found.done.decided, found.done.median, found.done.most) == (0, 0, None, None)
    assert (found.languages, found.agreements, len(found.slots)) == ({}, [], 7)


def someone(session: Session, name: str) -> Person:
    """Somebody with an account."""
    return people.add(session, f"{name}@memorial.example", name, Role.MODERATOR, "", "en", AT)


def test_who_did_how_much_counts_slips_too_and_authors_never(session: Session) -> None:
    rena, kamran = someone(session, "rena"), someone(session, "kamran")
    first, second, early = (sent(session, AT + n * MINUTE) for n in range(3))
    decided(session, early, Action.APPROVE, AT - DAY, rena)
    decided(session, first, Action.SPAM, AT + HOUR, rena)
    decided(session, first, Action.UNDO, AT + HOUR + MINUTE, rena)
    decided(session, first, Action.APPROVE, AT + HOUR + 2 * MINUTE, rena)
    decided(session, second, Action.DECLINE, AT + HOUR, kamran, Reason.INSULT)
    loads = overview.loads(session, AT, AT + DAY)
    assert [(load.name, load.judged, load.other) for load in loads] == [
        ("rena", {"approve": 1, "decline": 0, "spam": 1}, 1),
        ("kamran", {"approve": 0, "decline": 1, "spam": 0}, 0),
    ]
    assert overview.loads(session, AT + DAY, AT + 2 * DAY) == []


@contextmanager
def asked(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """What the database is asked meanwhile."""
    seen: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        seen.append((statement, values))

    event.listen(session.get_bind(), "before_cursor_execute", hear)
    yield seen
    event.remove(session.get_bind(), "before_cursor_execute", hear)


def test_who_did_how_much_is_read_from_the_index_of_persons(session: Session) -> None:
    decided(session, sent(session), Action.APPROVE, AT, someone(session, "rena"))
    if session.get_bind().dialect.name == "postgresql":
        for way in ("seqscan", "bitmapscan"):
            session.execute(text(f"SET LOCAL enable_{way} = off"))
    with asked(session) as seen:
        overview.loads(session, AT, AT + DAY)
    statement, values = next(pair for pair in seen if "FROM decision" in pair[0])
    explain = "EXPLAIN QUERY PLAN" if session.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    assert "ix_decision_person_id" in str(session.connection().exec_driver_sql(f"{explain} {statement}", values).all())


def test_the_same_number_of_questions_is_asked_however_much_was_done(session: Session) -> None:
    def number() -> int:
        session.flush()
        session.expunge_all()
        with asked(session) as seen:
            shown(session, 31)
            overview.loads(session, AT, AT + DAY)
        return len(seen)

    decided(session, sent(session), Action.APPROVE, AT, KEEPER)
    for_one = number()
    for hours in range(12):
        tribute = sent(session, AT + hours * HOUR)
        decided(session, tribute, Action.DECLINE, AT + hours * HOUR + MINUTE, MODERATOR, list(Reason)[hours % 9])
        someone(session, f"somebody {hours}".replace(" ", "."))
    assert number() == for_one
