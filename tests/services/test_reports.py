"""What visitors report: kept once, together with the tribute, until a moderator has read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import AT, KEEPER, MODERATOR, decided, standing, step
from tribute.domain import ids
from tribute.domain.errors import Conflict, Gone, NotFound
from tribute.domain.lifecycle import Action, Remark, Status
from tribute.domain.reasons import Ground, ReportReason
from tribute.models import Decision, Report, Tribute
from tribute.services import decisions, desk, hiding, reports
from tribute.services.remarks import remark
from tribute.services.rooms import REPORTED, rooms

LATER = AT + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
WHO = desk.actor_of(MODERATOR)


def reported(
    session: Session, tribute: Tribute, sender: str = "", words: str = "", at: int = 0, key: bytes = b"",
    reason: ReportReason = ReportReason.INSULT,
) -> Report:  # fmt: skip
    """A report, some minutes later."""
    return reports.report(session, tribute, reason, words, sender, LATER + at * MINUTE, key)


def open_ones(session: Session, tribute: Tribute) -> list[str]:
    """The words of what is open, the newest first."""
    found = reports.of(session, [tribute.id]).get(tribute.id)
    return [one.words for one in found.newest] if found else []


def test_a_report_is_about_the_words_that_are_public(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    step(session, tribute, Action.AMEND, AT + 30 * MINUTE)
    found = reported(session, tribute, "a", "Not of the dead.")
    assert (found.revision_id, found.reason, found.words) == (tribute.public_revision_id, "insult", "Not of the dead.")
    assert (found.settled_at, ids.time_of(found.id)) == (None, LATER)
    assert tribute.version == 3  # a report is no step


@pytest.mark.parametrize("status", [status for status in Status if status != Status.APPROVED])
def test_what_is_not_public_cannot_be_reported(session: Session, status: Status) -> None:
    tribute = standing(session, status)
    with pytest.raises(Gone if status in (Status.WITHDRAWN, Status.REMOVED) else NotFound):
        reported(session, tribute)
    assert rooms(session).counts[REPORTED] == 0


def test_a_sender_has_one_open_report_that_says_what_they_said_last(session: Session) -> None:
    tribute, other = standing(session, Status.APPROVED), standing(session, Status.APPROVED)
    reported(session, tribute, "a", "first", 0)
    reported(session, tribute, "b", "of another", 1)
    reported(session, other, "a", "elsewhere", 2)
    again = reported(session, tribute, "a", "second", 3, reason=ReportReason.OTHER)
    assert open_ones(session, tribute) == ["second", "of another"]
    assert (again.reason, ids.time_of(again.id)) == ("other", LATER + 3 * MINUTE)
    assert open_ones(session, other) == ["elsewhere"]


def test_who_is_not_known_adds_a_report_and_counts_as_one(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    for number in range(3):
        reported(session, tribute, at=number)
    assert (len(open_ones(session, tribute)), reports.senders(session, tribute.id)) == (3, 1)
    reported(session, tribute, "a")
    assert reports.senders(session, tribute.id) == 2


def test_the_same_form_sent_twice_is_one_report_even_once_it_was_settled(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    first = reported(session, tribute, words="same", key=b"one form").id
    assert reported(session, tribute, words="same", at=1, key=b"one form").id == first
    hiding.keep(session, tribute, WHO, LATER + 2 * MINUTE, tribute.version)
    assert reported(session, tribute, words="same", at=3, key=b"one form").id == first
    assert open_ones(session, tribute) == []
    reported(session, tribute, words="others", at=4, key=b"one form")
    reported(session, tribute, words="same", at=5, key=b"another form")
    assert open_ones(session, tribute) == ["same", "others"]


def test_what_the_same_form_says_of_two_tributes_in_one_moment_is_two_reports(session: Session) -> None:
    made = [standing(session, Status.APPROVED) for _each in range(2)]
    keys = [reported(session, one, words="same", key=b"one form").id for one in made]
    assert keys[1] == keys[0] + 1
    assert rooms(session).counts[REPORTED] == 2


def test_a_tribute_is_one_card_and_the_newest_reports_come_first(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "SIZE", 2)
    monkeypatch.setattr(reports, "SHOWN", 2)
    made = [standing(session, Status.APPROVED) for _each in range(3)]
    for at, which in enumerate((0, 1, 2, 0, 0)):
        reported(session, made[which], words=f"report {at}", at=at)
    first = reports.page(session)
    assert [key for key, _ in first.rows] == [made[0].id, made[2].id]
    assert (first.newer, rooms(session).counts[REPORTED]) == (None, 3)
    second = reports.page(session, before=ids.decode(first.older or ""))
    assert [key for key, _ in second.rows] == [made[1].id]
    assert [key for key, _ in reports.page(session, after=ids.decode(second.newer or "")).rows] == [
        made[0].id, made[2].id,
    ]  # fmt: skip
    of = reports.of(session, [one.id for one in made])
    assert ([one.words for one in of[made[0].id].newest], of[made[0].id].number) == (["report 4", "report 3"], 3)
    assert of[made[1].id].seen == ids.encode(of[made[1].id].newest[0].id)


def test_keeping_settles_what_was_read_and_is_in_the_log(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    seen = reported(session, tribute, "a", "read").id
    reported(session, tribute, "b", "came meanwhile", 1)
    hiding.keep(session, tribute, WHO, LATER + 2 * MINUTE, tribute.version, seen)
    assert open_ones(session, tribute) == ["came meanwhile"]
    settled = session.get_one(Report, seen)
    assert (settled.settled_at, settled.settled_by) == (LATER + 2 * MINUTE, MODERATOR.id)
    row = session.scalars(select(Decision).order_by(Decision.number.desc())).first()
    assert row is not None
    assert (row.action, row.actor, row.person_id) == (Remark.KEEP, "moderator", MODERATOR.id)
    assert (row.from_status, row.to_status, row.version) == ("approved", "approved", 2)
    assert row.from_public == row.to_public == row.revision_id == tribute.public_revision_id
    assert (tribute.status, tribute.version) == (Status.APPROVED, 2)
    assert decisions.broken_row(session) is None


def test_keeping_twice_is_once_and_a_stale_version_is_told(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    reported(session, tribute)
    for _each in range(2):
        hiding.keep(session, tribute, WHO, LATER + MINUTE, 2)
    assert [row.action for row, _ in decisions.history(session, tribute.id)].count(Remark.KEEP) == 1
    step(session, tribute, Action.HIDE, LATER + 2 * MINUTE)
    with pytest.raises(Conflict) as told:
        hiding.keep(session, tribute, WHO, LATER + 3 * MINUTE, 2)
    assert told.value.action == Action.HIDE


@pytest.mark.parametrize("action", [Action.HIDE, Action.REMOVE, Action.WITHDRAW])
def test_what_leaves_the_wall_has_no_open_report(session: Session, action: Action) -> None:
    tribute, other = standing(session, Status.APPROVED), standing(session, Status.APPROVED)
    for one in (tribute, other):
        reported(session, one)
    step(session, tribute, action, LATER + MINUTE)
    assert open_ones(session, tribute) == []
    assert open_ones(session, other) == [""]


def test_new_public_words_settle_and_words_that_wait_or_are_refused_do_not(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    reported(session, tribute, words="of the first words")
    step(session, tribute, Action.AMEND, LATER + MINUTE)
    step(session, tribute, Action.DECLINE, LATER + 2 * MINUTE)
    step(session, tribute, Action.AMEND, LATER + 3 * MINUTE)
    assert open_ones(session, tribute) == ["of the first words"]
    decided(session, tribute, Action.APPROVE, LATER + 4 * MINUTE)
    assert open_ones(session, tribute) == []


@pytest.mark.parametrize(("action", "back"), [(Action.HIDE, Action.UNDO), (Action.WITHDRAW, Action.RETURN)])
def test_what_is_taken_back_leaves_its_reports_open_as_they_were(
    session: Session, action: Action, back: Action
) -> None:
    tribute = standing(session, Status.APPROVED)
    reported(session, tribute, words="settled long ago")
    hiding.keep(session, tribute, WHO, LATER + MINUTE, tribute.version)
    reported(session, tribute, words="open", at=2)
    step(session, tribute, action, LATER + 3 * MINUTE)
    step(session, tribute, back, LATER + 4 * MINUTE)
    assert (tribute.status, open_ones(session, tribute)) == (Status.APPROVED, ["open"])


def test_a_remark_is_no_step(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    last = decisions.last_of(session, tribute.id)
    assert last is not None
    row = remark(session, tribute, Remark.NOTE, desk.actor_of(KEEPER), AT + 6 * MINUTE, "off_topic", "To a colleague.")
    assert decisions.last_of(session, tribute.id) is last
    assert (row.reason, row.revision_id) == ("off_topic", tribute.public_revision_id)
    assert [note for _, note in decisions.history(session, tribute.id)][-1] == "To a colleague."
    assert decisions.conflict_of(session, tribute.id).action == Action.APPROVE
    assert decisions.broken_row(session) is None


def test_a_remark_does_not_stand_in_the_way_of_undo(session: Session) -> None:
    tribute = standing(session, Status.PENDING)
    decided(session, tribute, Action.APPROVE, LATER, MODERATOR)
    reported(session, tribute, at=1)
    hiding.keep(session, tribute, desk.actor_of(KEEPER), LATER + 2 * MINUTE, tribute.version)
    decided(session, tribute, Action.UNDO, LATER + 3 * MINUTE, MODERATOR)
    assert tribute.status == Status.PENDING


def test_an_author_who_withdrew_comes_back_whatever_was_remarked_since(session: Session) -> None:
    tribute = standing(session, Status.WITHDRAWN)
    remark(session, tribute, Remark.NOTE, WHO, LATER, note="A note.")
    step(session, tribute, Action.RETURN, LATER + MINUTE)
    assert tribute.status == Status.APPROVED


def test_removing_empties_the_words_of_every_report(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    reported(session, tribute, "a", "settled")
    hiding.keep(session, tribute, WHO, LATER + MINUTE, tribute.version)
    reported(session, tribute, "b", "open", 2)
    decided(session, tribute, Action.REMOVE, LATER + 3 * MINUTE, KEEPER, Ground.PERSON)
    found = session.scalars(select(Report).order_by(Report.id)).all()
    assert [(one.words, one.sender, one.reason) for one in found] == [("", "", "insult")] * 2
    assert None not in [one.settled_at for one in found]
