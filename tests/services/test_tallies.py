"""What was done, counted as it is done: the numbers say what stood, and are what the log says."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, event, text, update
from sqlalchemy.orm import Session

from tests.services.acts import (
    AT,
    EMAIL_KEYS,
    KEEPER,
    MODERATOR,
    decided,
    filled_in,
    memorial,
    sent,
    standing,
    step,
)  # fmt: skip
from tribute.domain import waits
from tribute.domain.lifecycle import FIXED, JUDGED, Action, Remark, Status, possible
from tribute.domain.permissions import DESK_ACTIONS
from tribute.domain.reasons import Reason
from tribute.domain.verdict import Verdict
from tribute.models import Decision, Memorial, Revision, Tally, Tribute, count_in
from tribute.services import authors, decisions, erasure, tallies, tributes
from tribute.triage.weighing import Weighed

BESIDE = (tallies.LANGUAGE, tallies.WAIT, tallies.VERDICT)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def told(session: Session, period: str = "m2026-01") -> dict[tuple[str, str], int]:
    """What the table says of a period, by what and kind."""
    return {(what, kind): number for (_m, when, what, kind), number in tallies.kept(session).items() if when == period}


def wait(length: timedelta) -> tuple[str, str]:
    """Where a wait of that length is counted."""
    return tallies.WAIT, f"{waits.step_of(length):03}"


def weighed(session: Session, verdict: Verdict, at: datetime = AT) -> Tribute:
    """A tribute that triage said this of."""
    key = f"{verdict} {at}".encode()
    return authors.submit(session, memorial(session), filled_in(), key, at, EMAIL_KEYS, Weighed(verdict))


def test_each_step_is_counted_by_its_reason_with_its_language_wait_and_verdict(session: Session) -> None:
    spam, other = weighed(session, Verdict.SPAM), sent(session, words="Вечная память погибшим.")
    decided(session, spam, Action.APPROVE, AT + 20 * MINUTE)
    decided(session, other, Action.DECLINE, AT + 3 * HOUR, reason=Reason.ADVERTISING)
    arrived = {("submit", ""): 2, ("language", "en"): 1, ("language", "ru"): 1}
    published = {("approve", ""): 1, wait(20 * MINUTE): 1, ("judged", "spam:approve"): 1}
    declined = {("decline", "advertising"): 1, wait(3 * HOUR): 1, ("judged", "ordinary:decline"): 1}
    assert told(session) == arrived | published | declined
    assert told(session, "h2026-01-20T09") == arrived | published
    assert told(session, "h2026-01-20T12") == declined


def test_a_month_ends_where_the_memorial_is_and_an_hour_in_utc(session: Session) -> None:
    before_midnight_in_baku = datetime(2026, 1, 31, 19, 59, 59, tzinfo=UTC)
    for at in (before_midnight_in_baku, before_midnight_in_baku + timedelta(seconds=1)):
        sent(session, at)
    for period in ("m2026-01", "m2026-02", "h2026-01-31T19", "h2026-01-31T20"):
        assert told(session, period) == {("submit", ""): 1, ("language", "en"): 1}, period


@pytest.mark.parametrize("action", [*JUDGED, Action.HIDE, Action.RESTORE])
def test_what_is_taken_back_is_taken_out_of_the_hour_and_month_it_was_done_in(session: Session, action: Action) -> None:
    late = datetime(2026, 1, 31, 19, 58, tzinfo=UTC)  # two minutes before February in Baku
    before = {Action.HIDE: Status.APPROVED, Action.RESTORE: Status.HIDDEN}.get(action, Status.PENDING)
    tribute = standing(session, before, AT)
    stood = tallies.kept(session)
    decided(session, tribute, action, late, reason=Reason.THREAT if action == Action.DECLINE else "")
    assert tallies.kept(session) != stood
    decided(session, tribute, Action.UNDO, late + 5 * MINUTE)
    assert tallies.kept(session) == stood == tallies.recount(session)
    decided(session, tribute, action, late + 6 * MINUTE, reason=Reason.INSULT if action == Action.DECLINE else "")
    assert sum(number for (what, _kind), number in told(session, "m2026-02").items() if what == action) == 1


def test_a_remark_in_between_hides_no_decision_from_the_undo(session: Session) -> None:
    tribute = sent(session)
    stood = tallies.kept(session)
    decided(session, tribute, Action.APPROVE, AT + MINUTE)
    back = tributes.Standing(Status.PENDING, None, tribute.public_revision_id)
    remark = Decision(
        at=AT + 2 * MINUTE, actor="moderator", person_id=2, action=Remark.NOTE, tribute_id=tribute.id,
        version=tribute.version, from_status=tribute.status, to_status=tribute.status, reason="", words_digest="",
    )  # fmt: skip
    decisions.append(session, decisions.lock_head(session), remark, "A word.")
    actor = decisions.Actor("moderator", MODERATOR.id)
    tributes.transition(session, tribute, Action.UNDO, actor, AT + 3 * MINUTE, tribute.version, back_to=back)
    assert tallies.kept(session) == stood == tallies.recount(session)


WALK = [Action.AMEND, Action.APPROVE, Action.DECLINE, Action.SPAM, Action.HIDE, Action.RESTORE, Action.WITHDRAW,
        Action.RETURN]  # fmt: skip


@pytest.mark.parametrize("seed", [1990, 20, 2026])
def test_after_any_walk_of_steps_and_slips_the_tallies_say_what_stood(session: Session, seed: int) -> None:
    chance, stood = Random(seed), Counter[str]()  # noqa: S311  a walk that can be walked again
    made = [sent(session, AT + timedelta(hours=n), page_language="az") for n in range(5)]
    stood["submit"] += len(made)
    at, undone = AT + DAY, 0
    for _number in range(60):
        tribute, at = chance.choice(made), at + chance.randint(1, 20) * HOUR  # through the end of a month and of hours
        action = chance.choice([one for one in WALK if is_allowed(tribute, one)])
        step(session, tribute, action, at)
        stood[action] += 1
        if action in DESK_ACTIONS and chance.random() < 0.5:
            decided(session, tribute, Action.UNDO, at + chance.randint(1, 9) * MINUTE, KEEPER)
            stood[action] -= 1
            undone += 1
    assert undone > 5
    kept = tallies.kept(session)
    for kind in ("m", "h"):
        counted = Counter[str]()
        for (_memorial, period, what, _kind), number in kept.items():
            counted[what] += number if period.startswith(kind) and what not in (*BESIDE, Action.UNDO) else 0
        assert +counted == +stood
    assert min(kept.values()) > 0
    assert tallies.missing(session) == {}
    erasure.erase_withdrawn(session, at + 40 * DAY)
    assert tallies.missing(session) == {}


def is_allowed(tribute: Tribute, action: Action) -> bool:
    """Whether the lifecycle lets anybody take this step now."""
    status = Status(tribute.status)
    is_back = action == Action.RETURN and status == Status.WITHDRAWN
    is_amending = action == Action.AMEND and (status, action) in FIXED
    return is_back or is_amending or action in possible(status, waiting=tribute.waiting_revision_id is not None)


def test_words_that_a_moderator_redacted_waited_since_their_author_sent_them(session: Session) -> None:
    tribute = weighed(session, Verdict.HATEFUL)
    redacted = Revision(
        id=(tribute.waiting_revision_id or 0) + (1 << 32), tribute_id=tribute.id, made_by="moderator", name="",
        place="", words="Words […]", html="<p>Words […]</p>", language="en", policy=1,
    )  # fmt: skip
    session.add(redacted)
    session.flush()
    tribute.waiting_revision_id = redacted.id
    session.flush()
    decided(session, tribute, Action.APPROVE, AT + 5 * HOUR)
    found = told(session)
    assert found[wait(5 * HOUR)] == found["judged", "hateful:approve"] == 1
    assert tallies.missing(session) == {}


def test_an_erased_verdict_stays_counted_and_nothing_is_found_wrong(session: Session) -> None:
    tribute = weighed(session, Verdict.SPAM)
    decided(session, tribute, Action.APPROVE, AT + MINUTE)
    decided(session, tribute, Action.REMOVE, AT + HOUR, KEEPER, "family")
    assert ("judged", "spam:approve") in told(session)
    assert not any(what == tallies.VERDICT for _m, _p, what, _k in tallies.recount(session))
    assert tallies.missing(session) == {}


def test_mending_makes_wrong_tallies_right_and_fills_those_of_an_older_database(session: Session) -> None:
    for number, status in enumerate(Status):
        standing(session, status, AT + number * HOUR)
    right = tallies.kept(session)
    assert not tallies.is_unfilled(session)
    for damage in (update(Tally).values(number=Tally.number + 2).where(Tally.what != tallies.VERDICT), delete(Tally)):
        session.execute(damage)
        assert tallies.missing(session)
        assert tallies.is_unfilled(session) == (not tallies.kept(session))
        count_in(session, Tally, tallies.missing(session))
        known = {key: number for key, number in right.items() if key[2] != tallies.VERDICT}
        assert {key: number for key, number in tallies.kept(session).items() if key[2] != tallies.VERDICT} == known
        assert tallies.missing(session) == {}


def test_an_empty_log_has_nothing_to_be_filled_from(session: Session) -> None:
    assert not tallies.is_unfilled(session)


def test_numbers_are_read_as_ranges_of_the_key_alone(session: Session) -> None:
    standing(session, Status.APPROVED)
    asked: list[tuple[str, Any]] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
    list(tallies.each(session, [memorial(session).id], "m2026-01", "m2026-12"))
    tallies.together(session, [memorial(session).id], "h2026-01-20T00", "h2026-01-20T23")
    reading = [(statement, values) for statement, values in asked if "tally" in statement]
    assert len(reading) == 2
    for statement, values in reading:
        if session.get_bind().dialect.name == "sqlite":
            said = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            assert "memorial_id=? AND period>? AND period<?" in str(said)
        else:
            session.execute(text("SET LOCAL enable_seqscan = off"))
            said = session.connection().exec_driver_sql(f"EXPLAIN {statement}", values).all()
            assert "pk_tally" in str(said)
            assert "period" in str(said).split("Cond")[1]


def test_another_memorials_numbers_are_its_own(session: Session) -> None:
    shipped = memorial(session)
    other = Memorial(
        id=7, slug="another", event_date=shipped.event_date, time_zone="America/New_York", names={"en": "Another"},
        places={}, closing="", closing_language="",
    )  # fmt: skip
    session.add(other)
    session.flush()
    new_year_in_baku = datetime(2025, 12, 31, 21, tzinfo=UTC)
    sent(session, new_year_in_baku)
    authors.submit(session, other, filled_in(), b"another", new_year_in_baku, EMAIL_KEYS)
    here, there = (
        {(period, what) for m, period, what, _ in tallies.kept(session) if m == one} for one in (shipped.id, 7)
    )
    assert ("m2026-01", "submit") in here
    assert ("m2025-12", "submit") in there
    both = list(tallies.each(session, [shipped.id, 7], "h2025-12-31T00", "h2025-12-31T23", ["submit"]))
    assert both == [("h2025-12-31T21", "submit", "", 2)]
    assert tallies.together(session, [7], "m2025-01", "m2025-12") == {"submit": {"": 1}, "language": {"en": 1}}
    assert tallies.missing(session) == {}
