"""Who may sign in, and the single-use links that let them in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services import races
from tests.services.acts import AT, places_of
from tribute.domain.errors import BadSetup, LastKeeper, NotFound
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.models import Decision, Invitation, Message, Passkey, Person
from tribute.services import decisions, factors, invitations, people
from tribute.services.decisions import Actor
from tribute.services.desk import actor_of
from tribute.services.invitations import Guest

DAY = timedelta(hours=24)
MOMENT = timedelta(microseconds=1)
HASH = "a password's hash"
KEYS = [b"a key for the tests alone, and long enough"]


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


@pytest.fixture
def keeper(session: Session) -> Person:
    """The only keeper there is."""
    return people.add(session, "k@memorial.example", "Aytən", Role.KEEPER, HASH, "en", AT)


def rows(session: Session) -> list[tuple[str, str, int | None, int, str, str]]:
    """What the log says of people; it is whole."""
    assert decisions.broken_row(session) is None
    found = session.scalars(select(Decision).order_by(Decision.number))
    return [(r.action, r.actor, r.person_id, r.version, r.from_status, r.to_status) for r in found]


def test_what_is_done_to_people_is_in_the_log_by_ids_and_roles_alone(session: Session, keeper: Person) -> None:
    by, other = actor_of(keeper), people.add(session, "m@memorial.example", "Leyla", Role.MODERATOR, HASH, "az", AT)
    people.change_role(session, other, Role.KEEPER, by, AT)
    people.change_role(session, other, Role.KEEPER, by, AT)
    people.end_sessions(session, other, by, AT)
    people.reset_factors(session, other, by, AT)
    people.close(session, other, by, AT)
    people.close(session, other, by, AT)
    people.reopen(session, other, by, AT)
    people.recover(session, other, AT)
    about = ("keeper", keeper.id, other.id)
    assert rows(session) == [
        ("change-role", *about, "moderator", "keeper"), ("end-sessions", *about, "", ""),
        ("reset-factors", *about, "", ""), ("close", *about, "", ""), ("reopen", *about, "", ""),
        ("recover", "operator", None, other.id, "", ""),
    ]  # fmt: skip
    assert {place.partition(".")[0] for place in places_of(session, b"Leyla")} == {"person"}
    assert {place.partition(".")[0] for place in places_of(session, b"m@memorial.example")} == {"person"}


def test_the_last_keeper_can_neither_go_nor_become_a_moderator(session: Session, keeper: Person) -> None:
    by = actor_of(keeper)
    closed = people.add(session, "c@memorial.example", "", Role.KEEPER, HASH, "en", AT)
    people.close(session, closed, by, AT)
    with pytest.raises(LastKeeper):
        people.close(session, keeper, by, AT)
    with pytest.raises(LastKeeper):
        people.change_role(session, keeper, Role.MODERATOR, by, AT)
    people.change_role(session, keeper, Role.KEEPER, by, AT)
    assert (keeper.active, keeper.held) == (True, Role.KEEPER)
    people.reopen(session, closed, by, AT)
    people.change_role(session, keeper, Role.MODERATOR, by, AT)
    assert keeper.held == Role.MODERATOR


@pytest.mark.parametrize("act", [people.close, people.end_sessions, people.reset_factors])
def test_each_of_these_ends_the_sessions(session: Session, keeper: Person, act: Any) -> None:
    other = people.add(session, "m@memorial.example", "", Role.MODERATOR, HASH, "az", AT)
    before = other.fs_uniquifier
    act(session, other, actor_of(keeper), AT)
    assert other.fs_uniquifier != before


def test_resetting_takes_every_second_factor_away(session: Session, keeper: Person) -> None:
    other = people.add(session, "m@memorial.example", "", Role.MODERATOR, HASH, "az", AT)
    other.tf_primary_method, other.tf_totp_secret, other.mf_recovery_codes = "authenticator", "sealed", ["sealed"]
    other.webauthn.append(Passkey(
        credential_id=b"id", public_key=b"key", sign_count=0, backup_state=False, device_type="single_device",
        lastuse_datetime=AT, name="Phone", usage="first",
    ))  # fmt: skip
    session.flush()
    assert factors.has_any(other)
    people.reset_factors(session, other, actor_of(keeper), AT)
    session.flush()
    found = people.by_number(session, other.id)
    assert not factors.has_any(found)
    assert (found.tf_totp_secret, found.mf_recovery_codes, found.webauthn) == (None, None, [])
    assert session.scalars(select(Passkey)).all() == []


def test_people_are_told_of_what_touches_how_they_sign_in(session: Session, keeper: Person) -> None:
    other, by = people.add(session, "m@memorial.example", "", Role.MODERATOR, HASH, "az", AT), actor_of(keeper)
    people.end_sessions(session, other, by, AT)
    people.change_role(session, other, Role.KEEPER, by, AT)
    people.reset_factors(session, other, by, AT)
    sent = session.scalars(select(Message).order_by(Message.id)).all()
    assert sorted((m.kind, m.person_id, m.language, m.values["deed"]) for m in sent) == [
        ("account", other.id, "az", "end-sessions"), ("account", other.id, "az", "reset-factors"),
    ]  # fmt: skip


def test_who_was_last_seen_when(session: Session, keeper: Person) -> None:
    assert people.last_seen(session) == {}
    keeper.signed_in_at = AT
    session.flush()
    assert people.last_seen(session) == {keeper.id: AT}
    people.end_sessions(session, keeper, actor_of(keeper), AT + DAY)
    assert people.last_seen(session) == {keeper.id: AT + DAY}


def test_an_invitation_by_mail_is_for_one_address_and_carries_what_the_keeper_chose(
    session: Session, keeper: Person
) -> None:
    guest = Guest("Leyla@Memorial.Example", Role.MODERATOR, "az", ["az", "ru"])
    earlier = invitations.invite(session, guest, keeper, AT, KEYS)
    token = invitations.invite(session, guest, keeper, AT, KEYS)
    with pytest.raises(NotFound):
        invitations.by_token(session, earlier, AT)
    assert places_of(session, token.encode()) == set()
    person = invitations.accept(session, token, "another@memorial.example", "Leyla", HASH, "en", AT + 7 * DAY)
    assert (person.email, person.language, person.reads) == ("leyla@memorial.example", "az", ["az", "ru"])
    assert person.invited_by == keeper.id
    assert [row[0] for row in rows(session)] == ["invite", "invite", "join"]
    with pytest.raises(BadSetup, match="already has an account"):
        invitations.invite(session, guest, keeper, AT, KEYS)


def test_an_invitation_that_is_called_off_opens_nothing(session: Session, keeper: Person) -> None:
    token = invitations.invite(session, Guest("l@memorial.example", Role.KEEPER, "en"), keeper, AT, KEYS)
    assert len(invitations.open_ones(session, AT)) == 1
    invitations.call_off(session, invitations.digest(token), keeper, AT)
    with pytest.raises(NotFound):
        invitations.by_token(session, token, AT)
    with pytest.raises(NotFound):
        invitations.call_off(session, invitations.digest(token), keeper, AT)
    assert invitations.open_ones(session, AT) == []


def test_two_keepers_who_demote_each_other_at_once_leave_one(app: Flask) -> None:
    with app.app_context():
        first, second = (people.add(db.session(), f"{n}@memorial.example", "", Role.KEEPER, HASH, "en", AT).id
                         for n in "ab")  # fmt: skip
        db.session.commit()

    def demote(by: int, whom: int) -> races.Act:
        return lambda session: people.change_role(
            session, people.by_number(session, whom), Role.MODERATOR, Actor("keeper", by), AT
        )

    def close(by: int, whom: int) -> races.Act:
        return lambda session: people.close(session, people.by_number(session, whom), Actor("keeper", by), AT)

    acts = (demote(first, second), demote(second, first), close(first, second), close(second, first))
    came_to = races.together(app, *acts)
    assert [type(result) for result in came_to].count(LastKeeper) >= 1
    with app.app_context():
        keepers = [p for p in people.every(db.session()) if p.active and p.held == Role.KEEPER]
        assert len(keepers) == 1
