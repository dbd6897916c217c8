"""Messages to the keepers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import AT, COLLEAGUE, EMAIL_KEYS, KEEPER, places_of
from tribute.domain import emails
from tribute.domain.errors import NotFound
from tribute.domain.reasons import CaseKind
from tribute.models import Case
from tribute.services import cases, erasure
from tribute.services.rooms import rooms

LATER = AT + timedelta(hours=1)


def opened(session: Session, key: bytes = b"one form", message: str = "Please take my uncle's name out.") -> Case:
    """A message from the contact page."""
    said = (CaseKind.CORRECTION, "en", "Leyla", "leyla@memorial.example", message)
    return cases.open_case(session, key, *said, AT, EMAIL_KEYS)


def test_a_message_becomes_an_open_case_with_a_sealed_email(session: Session) -> None:
    case = opened(session)
    assert (case.kind, case.language, case.name, case.status, case.at) == ("correction", "en", "Leyla", "open", AT)
    assert case.message == "Please take my uncle's name out."
    assert case.email_sealed is not None
    assert emails.unseal(EMAIL_KEYS, case.email_sealed) == "leyla@memorial.example"
    assert places_of(session, b"leyla@") == set()
    assert rooms(session).open_cases == 1


def test_a_message_may_come_without_an_address(session: Session) -> None:
    case = cases.open_case(session, b"k", CaseKind.OTHER, "az", "Leyla", "", "Sağ olun.", AT, EMAIL_KEYS)
    assert case.email_sealed is None


def test_the_same_form_sent_twice_is_one_case_and_other_words_are_another(session: Session) -> None:
    first = opened(session)
    assert opened(session).number == first.number
    assert opened(session, message="And thank you.").number != first.number
    assert opened(session, key=b"another form").number != first.number
    assert rooms(session).open_cases == 3


def test_closing_says_who_and_when_and_closing_again_changes_nothing(session: Session) -> None:
    case = opened(session)
    cases.close(session, case, KEEPER, LATER)
    cases.close(session, case, COLLEAGUE, LATER + timedelta(hours=1))
    assert (case.status, case.closed_by, case.closed_at) == ("closed", KEEPER.id, LATER)
    assert rooms(session).open_cases == 0


def test_open_cases_stand_first_oldest_first_then_the_closed_newest_first(session: Session) -> None:
    made = [opened(session, b"form %d" % n) for n in range(5)]
    for case in (made[1], made[3]):
        cases.close(session, case, KEEPER, LATER)
    assert cases.listed(session) == [made[0], made[2], made[4], made[3], made[1]]


def test_a_case_is_found_by_its_number(session: Session) -> None:
    case = opened(session)
    assert cases.by_number(session, case.number) is case
    for number in (0, case.number + 1, 2**63, 2**80):
        with pytest.raises(NotFound):
            cases.by_number(session, number)
    assert len(session.scalars(select(Case)).all()) == 1


def test_who_wrote_and_what_goes_90_days_after_closing(session: Session) -> None:
    closed, later, still_open = (opened(session, b"form %d" % n) for n in range(3))
    cases.close(session, closed, KEEPER, LATER)
    cases.close(session, later, KEEPER, LATER + timedelta(days=1))
    last_moment = LATER + timedelta(days=90)
    assert erasure.empty_closed_cases(session, last_moment) == 0
    assert erasure.empty_closed_cases(session, last_moment + timedelta(seconds=1)) == 1
    session.expire_all()
    assert (closed.name, closed.message, closed.email_sealed, closed.status) == ("", "", None, "closed")
    assert later.name == still_open.name == "Leyla"
    assert erasure.empty_closed_cases(session, last_moment + timedelta(seconds=1)) == 0
