"""The rule that hides what many report: at the number that keepers set, and never what a moderator has kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.services.acts import AT, KEEPER, MODERATOR, decided, standing, step
from tests.services.test_reports import LATER, MINUTE, WHO, open_ones, reported
from tribute.domain.lifecycle import Action, Remark, Status
from tribute.models import Setting, Tribute
from tribute.services import decisions, hiding, settings
from tribute.services.hiding import HIDE_AT
from tribute.services.rooms import REPORTED, rooms

HOUR = timedelta(hours=1)


def hide_at(session: Session, number: int) -> None:
    """What a keeper sets."""
    settings.put(session, HIDE_AT, number, KEEPER.id, AT)


def many(session: Session, tribute: Tribute, number: int = 3, at: int = 0) -> list[bool]:
    """Reports of so many people, one a minute; whether the rule hid it at each."""
    hidden = []
    for turn in range(at, at + number):
        reported(session, tribute, f"sender {turn}", f"report {turn}", turn)
        hidden.append(hiding.hide_if_due(session, tribute, LATER + turn * MINUTE))
    return hidden


def actions(session: Session, tribute: Tribute) -> list[str]:
    """What the log says of a tribute."""
    return [row.action for row, _ in decisions.history(session, tribute.id)]


def test_what_is_set_is_what_was_set_last_and_who_set_it_is_known(session: Session) -> None:
    assert settings.get(session, HIDE_AT, 0) == 0
    hide_at(session, 3)
    settings.put(session, HIDE_AT, 5, MODERATOR.id, LATER)
    found = session.get_one(Setting, HIDE_AT)
    assert (settings.get(session, HIDE_AT, 0), found.at, found.person_id) == (5, LATER, MODERATOR.id)


def test_as_it_comes_nothing_is_hidden(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    assert many(session, tribute, 30) == [False] * 30
    assert tribute.status == Status.APPROVED


def test_at_the_number_that_was_set_it_is_hidden_and_stays_reported(session: Session) -> None:
    hide_at(session, 3)
    tribute = standing(session, Status.APPROVED)
    assert many(session, tribute) == [False, False, True]
    assert tribute.status == Status.HIDDEN
    assert open_ones(session, tribute) == ["report 2", "report 1", "report 0"]
    row = decisions.last_of(session, tribute.id)
    assert row is not None
    assert (row.action, row.actor, row.person_id) == (Action.HIDE, "rule", None)


def test_one_person_who_reports_many_times_hides_nothing(session: Session) -> None:
    hide_at(session, 2)
    tribute = standing(session, Status.APPROVED)
    for sender in ("one address", ""):
        for at in range(4):
            reported(session, tribute, sender, f"{sender} {at}", at)
            if sender:
                assert not hiding.hide_if_due(session, tribute, LATER)
    assert hiding.hide_if_due(session, tribute, LATER)  # one known and one unknown are two


def test_at_most_five_are_hidden_in_an_hour_whoever_else_hides(session: Session) -> None:
    hide_at(session, 1)
    step(session, standing(session, Status.APPROVED), Action.HIDE, LATER)
    made = [standing(session, Status.APPROVED) for _each in range(7)]
    assert [many(session, tribute, 1)[0] for tribute in made] == [True] * 5 + [False] * 2
    reported(session, made[6], "somebody else", at=1)
    assert not hiding.hide_if_due(session, made[6], LATER + HOUR - MINUTE)
    assert hiding.hide_if_due(session, made[6], LATER + HOUR + MINUTE)


def test_what_was_read_and_kept_is_not_hidden_again(session: Session) -> None:
    hide_at(session, 3)
    tribute = standing(session, Status.APPROVED)
    many(session, tribute, 2)
    hiding.keep(session, tribute, WHO, LATER + 5 * MINUTE, tribute.version)
    assert many(session, tribute, 9, at=10) == [False] * 9
    assert (tribute.status, len(open_ones(session, tribute))) == (Status.APPROVED, 9)


def test_what_the_rule_hid_is_shown_again_by_keeping_it(session: Session) -> None:
    hide_at(session, 3)
    tribute = standing(session, Status.APPROVED)
    many(session, tribute)
    hiding.keep(session, tribute, WHO, LATER + 5 * MINUTE, tribute.version)
    assert (tribute.status, open_ones(session, tribute)) == (Status.APPROVED, [])
    assert actions(session, tribute)[-3:] == [Action.HIDE, Action.RESTORE, Remark.KEEP]
    assert many(session, tribute, 4, at=10) == [False] * 4


def test_what_a_moderator_showed_again_is_not_hidden_again(session: Session) -> None:
    hide_at(session, 3)
    tribute = standing(session, Status.APPROVED)
    many(session, tribute)
    decided(session, tribute, Action.RESTORE, LATER + 5 * MINUTE)
    assert open_ones(session, tribute) == []
    assert many(session, tribute, 4, at=10) == [False] * 4


def test_other_words_can_be_hidden_though_the_first_were_kept(session: Session) -> None:
    hide_at(session, 3)
    tribute = standing(session, Status.APPROVED)
    many(session, tribute, 1)
    hiding.keep(session, tribute, WHO, LATER + 2 * MINUTE, tribute.version)
    step(session, tribute, Action.AMEND, LATER + 3 * MINUTE)
    decided(session, tribute, Action.APPROVE, LATER + 4 * MINUTE)
    assert many(session, tribute, 3, at=10) == [False, False, True]


def test_taking_back_that_it_was_shown_again_leaves_it_hidden_and_reported(session: Session) -> None:
    hide_at(session, 3)
    tribute = standing(session, Status.APPROVED)
    many(session, tribute)
    decided(session, tribute, Action.RESTORE, LATER + 5 * MINUTE)
    decided(session, tribute, Action.UNDO, LATER + 6 * MINUTE)
    assert (tribute.status, len(open_ones(session, tribute))) == (Status.HIDDEN, 3)


@pytest.mark.parametrize("action", [Action.WITHDRAW, Action.REMOVE])
def test_what_the_rule_hid_and_somebody_took_away_is_no_longer_reported(session: Session, action: Action) -> None:
    hide_at(session, 3)
    tribute = standing(session, Status.APPROVED)
    many(session, tribute)
    step(session, tribute, action, LATER + 5 * MINUTE)
    assert (open_ones(session, tribute), rooms(session).counts[REPORTED]) == ([], 0)


def test_what_its_author_withdraws_and_brings_back_is_still_to_be_read(session: Session) -> None:
    hide_at(session, 3)
    tribute = standing(session, Status.APPROVED)
    many(session, tribute)
    step(session, tribute, Action.WITHDRAW, LATER + 5 * MINUTE)
    step(session, tribute, Action.RETURN, LATER + 6 * MINUTE)
    assert (tribute.status, len(open_ones(session, tribute))) == (Status.HIDDEN, 3)
