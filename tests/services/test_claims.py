"""Who reads what: ten at a time, for five minutes, and nobody twice."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from tests.services.acts import AT, COLLEAGUE, EMAIL_KEYS, MODERATOR, decided, filled_in, memorial, sent
from tribute.domain import ids
from tribute.domain.lifecycle import Action
from tribute.domain.permissions import Role
from tribute.domain.verdict import Verdict
from tribute.models import Claim, Person
from tribute.services import authors, claims, desk, people
from tribute.services.desk import Listed
from tribute.triage.weighing import Weighed

LATER = AT + timedelta(hours=1)


def of(session: Session, person: Person) -> list[int]:
    """What somebody reads, in order."""
    return sorted(session.scalars(Claim.__table__.select().with_only_columns(Claim.tribute_id).where(
        Claim.person_id == person.id)))  # fmt: skip


def reader(session: Session, name: str, *reads: str) -> Person:
    """Somebody who reads these languages."""
    added = people.add(session, f"{name}@memorial.example", name, Role.MODERATOR, "", "en", AT)
    added.reads = list(reads)
    session.flush()
    return added


def test_two_people_take_different_ones_in_the_order_of_the_queue(session: Session) -> None:
    made = [sent(session, AT + timedelta(minutes=number)).id for number in range(25)]
    assert desk.take_next(session, MODERATOR, LATER) == 10
    assert desk.take_next(session, COLLEAGUE, LATER) == 10
    assert (of(session, MODERATOR), of(session, COLLEAGUE)) == (made[:10], made[10:20])


def test_whoever_takes_again_lets_go_of_what_they_had(session: Session) -> None:
    made = [sent(session, AT + timedelta(minutes=number)) for number in range(12)]
    desk.take_next(session, MODERATOR, LATER)
    for tribute in made[:10]:
        decided(session, tribute, Action.APPROVE, LATER)
    assert of(session, MODERATOR) == []  # what is decided on is read by nobody
    assert desk.take_next(session, MODERATOR, LATER) == 2
    assert of(session, MODERATOR) == [tribute.id for tribute in made[10:]]


def test_a_claim_ends_by_itself(session: Session) -> None:
    one = sent(session)
    rena, kamran = reader(session, "rena"), reader(session, "kamran")
    desk.take_next(session, rena, LATER)
    almost = LATER + claims.LASTS - timedelta(microseconds=1)
    assert claims.held(session, almost) == {one.id: (rena.id, "rena")}
    assert desk.take_next(session, kamran, almost) == 0
    assert claims.held(session, LATER + claims.LASTS) == {}
    assert desk.take_next(session, kamran, LATER + claims.LASTS) == 1


def test_a_claim_is_a_hint_and_stops_nobody(session: Session) -> None:
    one = sent(session)
    desk.take_next(session, MODERATOR, LATER)
    decided(session, one, Action.APPROVE, LATER, COLLEAGUE)
    assert one.status == "approved"


def test_the_list_of_ones_own_claims_holds_just_these(session: Session) -> None:
    made = [sent(session, AT + timedelta(minutes=number)).public_id for number in range(12)]
    desk.take_next(session, MODERATOR, LATER)
    mine = desk.queue(session, MODERATOR, Listed(mine=True))
    assert [item.public_id for item in mine.items] == made[:10]


def test_the_languages_that_somebody_reads_come_first_and_the_rest_is_counted(session: Session) -> None:
    english = sent(session).id
    azerbaijani = sent(session, LATER, words="Şəhidlərimizi heç vaxt unutmarıq.").id
    rena = reader(session, "rena", "az")
    assert [ids.decode(item.public_id) for item in desk.queue(session, rena, Listed()).items] == [azerbaijani]
    assert desk.needs_readers(session, rena) == {"en": 1}
    assert desk.verdict_counts(session, person=rena) == {Verdict.ORDINARY: 1}
    assert [ids.decode(item.public_id) for item in desk.queue(session, rena, Listed(language="en")).items] == [english]
    desk.take_next(session, rena, LATER)
    assert of(session, rena) == [azerbaijani]
    everything = reader(session, "kamran")
    assert len(desk.queue(session, everything, Listed()).items) == 2
    assert desk.needs_readers(session, everything) == {}


def test_a_likely_cry_for_help_is_shown_to_everybody(session: Session) -> None:
    plea = authors.submit(
        session, memorial(session), filled_in(), b"a plea", AT, EMAIL_KEYS, Weighed(Verdict.HELP)
    )  # fmt: skip
    rena = reader(session, "rena", "az")
    assert [item.public_id for item in desk.queue(session, rena, Listed()).items] == [plea.public_id]
    assert desk.needs_readers(session, rena) == {}
