"""What takes two people, and what a colleague is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.services.acts import AT, EMAIL_KEYS, decided, filled_in, memorial, sent
from tribute.domain.errors import Conflict, IllegalAction
from tribute.domain.lifecycle import Action, Remark, Status
from tribute.domain.permissions import Role
from tribute.domain.verdict import Verdict
from tribute.models import Opinion, Person, Tribute
from tribute.services import authors, decisions, desk, opinions, people, remarks, settings
from tribute.services.desk import SECOND, WAITING, Listed
from tribute.services.tributes import Written
from tribute.triage.weighing import Weighed

LATER = AT + timedelta(hours=1)


@pytest.fixture
def two(session: Session) -> tuple[Person, Person]:
    """Rəna and Kamran, who have accounts."""
    return person(session, "Rəna"), person(session, "Kamran")


def person(session: Session, name: str) -> Person:
    """Somebody who may decide."""
    return people.add(session, f"{name.encode().hex()}@memorial.example", name, Role.MODERATOR, "", "en", AT)


def hateful(session: Session, minute: int = 0) -> Tribute:
    """What triage takes for likely hateful."""
    at, key = AT + timedelta(minutes=minute), f"hateful {minute}".encode()
    return authors.submit(session, memorial(session), filled_in(), key, at, EMAIL_KEYS, Weighed(Verdict.HATEFUL))


def rows(session: Session, tribute: Tribute) -> list[str]:
    """What the log says of a tribute."""
    return [row.action for row, _note in decisions.history(session, tribute.id)]


def listed(session: Session, who: Person, status: str) -> list[str]:
    """The tributes of a room."""
    return [item.public_id for item in desk.queue(session, who, Listed(status)).items]


def test_publishing_what_is_likely_hateful_takes_two_people(session: Session, two: tuple[Person, Person]) -> None:
    rena, kamran = two
    tribute = hateful(session)
    decided(session, tribute, Action.APPROVE, LATER, rena)
    assert (tribute.status, tribute.version) == (Status.PENDING, 1)
    assert listed(session, kamran, WAITING) == []
    (card,) = desk.queue(session, kamran, Listed(SECOND)).items
    assert [(said.who, said.wish) for said in card.opinions] == [("Rəna", "approve")]
    decided(session, tribute, Action.APPROVE, LATER, rena)  # the same person twice is one person
    assert tribute.status == Status.PENDING
    decided(session, tribute, Action.APPROVE, LATER, kamran)
    assert tribute.status == Status.APPROVED
    assert rows(session, tribute) == ["submit", "would-approve", "would-approve", "approve"]
    assert decisions.broken_row(session) is None


def test_a_second_person_may_decide_otherwise_alone(session: Session, two: tuple[Person, Person]) -> None:
    rena, kamran = two
    tribute = hateful(session)
    decided(session, tribute, Action.APPROVE, LATER, rena)
    decided(session, tribute, Action.DECLINE, LATER, kamran, "hatred")
    assert tribute.status == Status.DECLINED


def test_where_one_person_decides_alone_one_is_enough(session: Session) -> None:
    rena, tribute = person(session, "Rəna"), hateful(session)
    decided(session, tribute, Action.APPROVE, LATER, rena)
    assert tribute.status == Status.APPROVED


def test_other_words_need_one_person_and_a_decline_one_unless_keepers_say_two(
    session: Session, two: tuple[Person, Person]
) -> None:
    rena, kamran = two
    one, other = sent(session), sent(session)
    decided(session, one, Action.DECLINE, LATER, rena, "off_topic")
    assert one.status == Status.DECLINED
    settings.put(session, opinions.TWO_FOR_DECLINES, value=True, person_id=rena.id, at=LATER)
    decided(session, other, Action.DECLINE, LATER, rena, "off_topic", "a note")
    assert other.status == Status.PENDING
    decided(session, other, Action.DECLINE, LATER, kamran, "insult")
    assert other.status == Status.DECLINED
    assert decisions.last_of(session, other.id).reason == "insult"  # type: ignore[union-attr]


def test_an_opinion_can_be_taken_back_for_ten_minutes(session: Session, two: tuple[Person, Person]) -> None:
    rena, kamran = two
    tribute = hateful(session)
    decided(session, tribute, Action.APPROVE, LATER, rena)
    with pytest.raises((Conflict, IllegalAction)):
        decided(session, tribute, Action.UNDO, LATER, kamran)
    decided(session, tribute, Action.UNDO, LATER + timedelta(minutes=10), rena)
    assert listed(session, kamran, WAITING) == [tribute.public_id]
    assert rows(session, tribute)[-1] == Remark.TAKE_BACK
    decided(session, tribute, Action.APPROVE, LATER, kamran)
    assert tribute.status == Status.PENDING  # now it is the first


def test_taking_back_the_second_ones_decision_leaves_the_first_opinion(
    session: Session, two: tuple[Person, Person]
) -> None:
    rena, kamran = two
    tribute = hateful(session)
    decided(session, tribute, Action.APPROVE, LATER, rena)
    decided(session, tribute, Action.APPROVE, LATER, kamran)
    decided(session, tribute, Action.UNDO, LATER, kamran)
    assert tribute.status == Status.PENDING
    assert listed(session, kamran, SECOND) == [tribute.public_id]


def test_new_words_need_new_opinions(session: Session, two: tuple[Person, Person]) -> None:
    rena, kamran = two
    tribute = hateful(session)
    decided(session, tribute, Action.APPROVE, LATER, rena)
    authors.amend(session, tribute, LATER, tribute.version, Written("D", "", "Others.", "en"), Weighed(Verdict.HATEFUL))
    assert listed(session, rena, WAITING) == [tribute.public_id]
    decided(session, tribute, Action.APPROVE, LATER, kamran)
    assert tribute.status == Status.PENDING


def test_asking_a_colleague_parks_a_tribute_with_a_note(session: Session, two: tuple[Person, Person]) -> None:
    rena, kamran = two
    tribute = sent(session)
    desk.ask(session, tribute, tribute.version, "Is this his name?", rena, LATER)
    assert (listed(session, kamran, WAITING), listed(session, kamran, SECOND)) == ([], [tribute.public_id])
    (card,) = desk.queue(session, kamran, Listed(SECOND)).items
    assert [(said.wish, said.note) for said in card.opinions] == [("ask", "Is this his name?")]
    decided(session, tribute, Action.APPROVE, LATER, kamran)
    assert tribute.status == Status.APPROVED
    assert session.get(Opinion, (card_revision(tribute), rena.id)) is not None  # what was said stays said


def card_revision(tribute: Tribute) -> int:
    """The revision that was asked about: it is public now."""
    assert tribute.public_revision_id is not None
    return tribute.public_revision_id


def test_nobody_asks_about_what_waits_no_more_or_has_changed(session: Session, two: tuple[Person, Person]) -> None:
    rena, _kamran = two
    tribute = sent(session)
    with pytest.raises(Conflict):
        desk.ask(session, tribute, 7, "Why?", rena, LATER)
    decided(session, tribute, Action.SPAM, LATER, rena)
    with pytest.raises(IllegalAction):
        desk.ask(session, tribute, tribute.version, "Why?", rena, LATER)


def test_a_note_changes_nothing_and_stops_no_undo(session: Session, two: tuple[Person, Person]) -> None:
    rena, kamran = two
    tribute = sent(session)
    decided(session, tribute, Action.APPROVE, LATER, rena)
    desk.note(session, tribute, "I know the family.", kamran, LATER)
    assert tribute.version == 2
    last = decisions.last_of(session, tribute.id)
    assert last is not None
    assert last.action == Action.APPROVE
    decided(session, tribute, Action.UNDO, LATER, rena)
    assert tribute.status == Status.PENDING
    assert decisions.broken_row(session) is None


def test_a_remark_about_the_site_is_about_no_tribute(session: Session) -> None:
    row = remarks.about_site(session, Remark.PAUSE, decisions.Actor("moderator", 1), LATER, "Soon again.")
    assert (row.tribute_id, row.version) == (remarks.SITE, 0)
    assert decisions.broken_row(session) is None
