"""Who may do what."""

from __future__ import annotations

import pytest

from tribute.domain.lifecycle import Action
from tribute.domain.permissions import DESK_ACTIONS, Permission, Role, allows
from tribute.domain.reasons import NOTE_REQUIRED, Ground, Reason


@pytest.mark.parametrize(
    ("role", "permission", "may"),
    [
        (None, Permission.DECIDE, False),
        (None, Permission.REMOVE, False),
        (None, Permission.HANDLE_CASES, False),
        (None, Permission.SAFEGUARD, False),
        (Role.MODERATOR, Permission.DECIDE, True),
        (Role.MODERATOR, Permission.REMOVE, False),
        (Role.MODERATOR, Permission.HANDLE_CASES, False),
        (Role.MODERATOR, Permission.SAFEGUARD, False),
        (Role.KEEPER, Permission.DECIDE, True),
        (Role.KEEPER, Permission.REMOVE, True),
        (Role.KEEPER, Permission.HANDLE_CASES, True),
        (Role.KEEPER, Permission.SAFEGUARD, True),
    ],
)
def test_a_moderator_decides_a_keeper_may_do_all_and_a_stranger_nothing(
    role: Role | None, permission: Permission, may: bool
) -> None:
    assert allows(role, permission) is may


@pytest.mark.parametrize("action", ["approve", "decline", "spam", "hide", "restore", "undo"])
def test_these_are_decided_by_any_moderator(action: str) -> None:
    assert DESK_ACTIONS[Action(action)] is Permission.DECIDE


def test_only_a_keeper_removes_for_good() -> None:
    assert DESK_ACTIONS[Action.REMOVE] is Permission.REMOVE


@pytest.mark.parametrize("action", ["submit", "amend", "withdraw", "return", "erase"])
def test_what_authors_and_rules_do_is_not_done_at_the_desk(action: str) -> None:
    assert Action(action) not in DESK_ACTIONS


def test_the_reasons_are_the_ones_that_the_rules_name() -> None:
    assert [str(reason) for reason in Reason] == [
        "hatred", "insult", "threat", "private_person", "false_identity", "denial", "advertising", "off_topic",
        "unreadable", "other",
    ]  # fmt: skip
    assert {Reason.OTHER} == NOTE_REQUIRED


def test_a_keeper_removes_on_one_of_four_grounds() -> None:
    assert [str(ground) for ground in Ground] == ["law", "person", "family", "safety"]
