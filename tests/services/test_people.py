"""Who may sign in, and the single-use links that let them in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import AT, places_of
from tribute.domain.errors import BadSetup, NotFound
from tribute.domain.permissions import Role
from tribute.models import Invitation, Person
from tribute.services import invitations, people

DAY = timedelta(hours=24)
MOMENT = timedelta(microseconds=1)
HASH = "a password's hash"


def accepted(session: Session, token: str, email: str = "leyla@memorial.example") -> Person:
    """Use an invitation up."""
    return invitations.accept(session, token, email, "Leyla", HASH, "az", AT)


def test_an_invitation_makes_the_person_it_is_for(session: Session) -> None:
    for role in Role:
        person = accepted(session, invitations.print_link(session, role, AT), f"{role}@memorial.example")
        assert (person.role, person.held, person.name, person.password, person.language) == (
            role,
            role,
            "Leyla",
            HASH,
            "az",
        )
        assert (person.active, person.created_at, [held.name for held in person.roles]) == (True, AT, [role])


def test_an_invitation_works_once(session: Session) -> None:
    token = invitations.print_link(session, Role.KEEPER, AT)
    accepted(session, token)
    for _ in range(2):
        with pytest.raises(NotFound):
            accepted(session, token, "second@memorial.example")
        with pytest.raises(NotFound):
            invitations.by_token(session, token, AT)
    assert len(people.every(session)) == 1


def test_an_invitation_ends_after_24_hours(session: Session) -> None:
    token = invitations.print_link(session, Role.KEEPER, AT)
    assert invitations.by_token(session, token, AT + DAY).role == Role.KEEPER
    with pytest.raises(NotFound):
        invitations.by_token(session, token, AT + DAY + MOMENT)
    with pytest.raises(NotFound):
        invitations.accept(session, token, "leyla@memorial.example", "Leyla", HASH, "az", AT + DAY + MOMENT)


def test_a_new_invitation_ends_the_earlier_ones_of_its_role(session: Session) -> None:
    first = invitations.print_link(session, Role.KEEPER, AT)
    moderators = invitations.print_link(session, Role.MODERATOR, AT)
    second = invitations.print_link(session, Role.KEEPER, AT + MOMENT)
    with pytest.raises(NotFound):
        accepted(session, first)
    assert invitations.by_token(session, moderators, AT).role == Role.MODERATOR
    assert invitations.by_token(session, second, AT).role == Role.KEEPER


def test_an_ended_invitation_is_cleared_away_with_the_next(session: Session) -> None:
    invitations.print_link(session, Role.MODERATOR, AT)
    invitations.print_link(session, Role.KEEPER, AT + DAY + MOMENT)
    assert session.scalars(select(Invitation.role)).all() == [Role.KEEPER]


def test_a_link_cannot_be_read_from_the_database(session: Session) -> None:
    token = invitations.print_link(session, Role.KEEPER, AT)
    session.flush()
    assert places_of(session, token.encode()) == set()


@pytest.mark.parametrize("token", ["", "x", "ə" * 43, "A" * 43])
def test_a_link_that_nobody_made_opens_nothing(session: Session, token: str) -> None:
    invitations.print_link(session, Role.KEEPER, AT)
    with pytest.raises(NotFound):
        invitations.by_token(session, token, AT)


def test_an_address_that_is_taken_leaves_the_invitation_to_try_again(session: Session) -> None:
    people.add(session, "leyla@memorial.example", "", Role.MODERATOR, HASH, "en", AT)
    token = invitations.print_link(session, Role.KEEPER, AT)
    session.commit()
    with pytest.raises(BadSetup, match="already has an account"):
        accepted(session, token, "LEYLA@memorial.example")
    session.rollback()
    assert accepted(session, token, "other@memorial.example").role == Role.KEEPER


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Leyla@Memorial.Example", "leyla@memorial.example"),
        ("leyla+desk@memorial.example", "leyla+desk@memorial.example"),
        ("əli@xatirə.example", "əli@xatirə.example"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert people.normal_email(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "leyla", "leyla@", "@memorial.example", "a b@memorial.example", "a@b@c.example", "x" * 300]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(BadSetup, match="is not an email address"):
        people.normal_email(typed)


def test_a_person_without_a_name_has_the_addresss_first_part(session: Session) -> None:
    assert people.add(session, "leyla@memorial.example", "", Role.MODERATOR, HASH, "en", AT).name == "leyla"


def test_a_site_has_a_keeper_once_an_active_one_is_there(session: Session) -> None:
    assert not people.has_keeper(session)
    people.add(session, "m@memorial.example", "", Role.MODERATOR, HASH, "en", AT)
    assert not people.has_keeper(session)
    keeper = people.add(session, "k@memorial.example", "Aytən", Role.KEEPER, HASH, "en", AT)
    assert people.has_keeper(session)
    assert people.names(session)[keeper.id] == "Aytən"
    keeper.active = False
    session.flush()
    assert not people.has_keeper(session)
