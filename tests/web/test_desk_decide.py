"""Deciding at the desk: each button, what it needs, and what happens when somebody else came first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests.cast import PASSWORD, WORDS, Cast
from tests.web.steps import amend, contents, decide, found, main_of, press
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.domain.reasons import Ground, Reason

NOTE = "Please leave the insult out, and send it again."
STEPS = [
    (Status.PENDING, "approve", Status.APPROVED),
    (Status.PENDING, "decline", Status.DECLINED),
    (Status.PENDING, "spam", Status.SPAM),
    (Status.APPROVED, "hide", Status.HIDDEN),
    (Status.HIDDEN, "restore", Status.APPROVED),
    (Status.DECLINED, "restore", Status.PENDING),
    (Status.SPAM, "restore", Status.PENDING),
]


def status(cast: Cast, public_id: str) -> str:
    """Where a tribute stands now."""
    return found(cast.app, public_id).status


@pytest.mark.parametrize(("before", "action", "after"), STEPS)
def test_a_button_does_what_it_says_and_leads_back(cast: Cast, before: Status, action: str, after: Status) -> None:
    public_id = cast.tribute(before)
    answer = decide(cast.moderator, public_id, action, reason="hatred", next="/desk/?language=en")
    assert (answer.status_code, answer.location) == (303, "/desk/?language=en")
    assert status(cast, public_id) == after
    assert cast.visitor.get(f"/en/20-january/tributes/{public_id}/").status_code == (
        200 if after == "approved" else 404
    )


@pytest.mark.parametrize(("before", "action"), [(Status.APPROVED, "approve"), (Status.APPROVED, "decline"),
                                                (Status.PENDING, "hide"), (Status.WITHDRAWN, "restore"),
                                                (Status.REMOVED, "approve"), (Status.SPAM, "approve")])  # fmt: skip
def test_what_the_status_does_not_allow_is_refused_and_changes_nothing(
    app: Flask, cast: Cast, before: Status, action: str
) -> None:
    public_id, moderator = cast.tribute(before), cast.moderator
    rows = contents(app)
    assert decide(moderator, public_id, action, reason="hatred").status_code == 409
    assert contents(app) == rows


@pytest.mark.parametrize("action", ["publish", "submit", "withdraw", "erase", "amend", "return"])
def test_only_the_desks_own_actions_can_be_taken_there(app: Flask, cast: Cast, action: str) -> None:
    public_id, keeper = cast.tribute(Status.PENDING), cast.keeper
    rows = contents(app)
    assert decide(keeper, public_id, action).status_code == 404
    assert contents(app) == rows


@pytest.mark.parametrize("fields", [{}, {"reason": ""}, {"reason": "law"}, {"reason": "other", "note": ""}])
def test_declining_without_a_reason_decides_nothing_and_keeps_the_note(
    app: Flask, cast: Cast, fields: dict[str, str]
) -> None:
    public_id, moderator = cast.tribute(Status.PENDING), cast.moderator
    rows = contents(app)
    answer = decide(moderator, public_id, "decline", **({"note": NOTE} | fields))
    assert answer.status_code == 422
    assert "Nothing was decided yet" in answer.text
    assert (NOTE in answer.text) is ("note" not in fields)
    assert contents(app) == rows


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_is_written_down_with_the_note(cast: Cast, reason: Reason) -> None:
    public_id = cast.tribute(Status.PENDING)
    assert decide(cast.moderator, public_id, "decline", reason=reason, note=NOTE).status_code == 303
    page = main_of(cast.keeper.get(f"/desk/tributes/{public_id}/"))
    assert NOTE in page
    assert "Declined Rəna" in page


def test_whoever_comes_second_is_told_who_decided_what(app: Flask, cast: Cast) -> None:
    public_id = cast.tribute(Status.PENDING)
    version = found(app, public_id).version
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=7), tick=False):
        decide(cast.keeper, public_id, "spam", version=version)
    moderator = cast.moderator
    rows = contents(app)
    answer = decide(moderator, public_id, "decline", version=version, reason="hatred", note=NOTE)
    assert answer.status_code == 409
    assert "Already marked as spam by Aytən, 7 minutes ago." in answer.text
    assert contents(app) == rows
    assert f'action="/desk/tributes/{public_id}/restore"' in answer.text
    assert f'name="next" value="/desk/tributes/{public_id}/"' in answer.text


@pytest.mark.parametrize(("seconds", "said"), [
    (0, "Already published by Aytən, just now."), (59, "Already published by Aytən, just now."),
    (61, "Already published by Aytən, 1 minute ago."),
])  # fmt: skip
def test_what_happened_within_the_minute_happened_just_now(cast: Cast, seconds: int, said: str) -> None:
    moderator, keeper = cast.moderator, cast.keeper
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        public_id = cast.tribute(Status.PENDING)
        decide(keeper, public_id, "approve", version=1)
        clock.shift(timedelta(seconds=seconds))
        assert said in main_of(decide(moderator, public_id, "decline", version=1, reason="hatred"))


@pytest.mark.parametrize(("language", "said"), [("az", "Artıq dərc edilib: Aytən, indicə."),
                                                ("ru", "Уже опубликовано: Aytən, только что."),
                                                ("tr", "Zaten yayımlandı: Aytən, az önce.")])  # fmt: skip
def test_just_now_is_said_in_every_language(cast: Cast, language: str, said: str) -> None:
    public_id = cast.tribute(Status.PENDING)
    press(cast.moderator, "/desk/language", language=language)
    decide(cast.keeper, public_id, "approve", version=1)
    assert said in main_of(decide(cast.moderator, public_id, "decline", version=1, reason="hatred"))


def test_a_note_is_not_lost_when_somebody_else_came_first(cast: Cast) -> None:
    public_id = cast.tribute(Status.PENDING)
    decide(cast.keeper, public_id, "hide", version=1)
    decide(cast.keeper, public_id, "approve", version=1)
    assert NOTE in decide(cast.moderator, public_id, "decline", version=1, reason="hatred", note=NOTE).text


def test_words_that_changed_meanwhile_are_not_published_unread(cast: Cast) -> None:
    author = cast.author()
    version = found(cast.app, author.public_id).version
    amend(author, "Words that nobody has read")
    answer = decide(cast.moderator, author.public_id, "approve", version=version)
    assert answer.status_code == 409
    assert "Please read it again." in answer.text
    assert "Words that nobody has read" in answer.text
    assert status(cast, author.public_id) == "pending"


def test_the_same_button_twice_decides_once(cast: Cast) -> None:
    public_id = cast.tribute(Status.PENDING)
    assert decide(cast.moderator, public_id, "approve", version=1).status_code == 303
    assert decide(cast.moderator, public_id, "approve", version=1).status_code == 409
    assert found(cast.app, public_id).version == 2


def test_one_can_take_back_ones_own_last_decision_within_ten_minutes(cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 1, 20, 8, tzinfo=UTC), tick=False) as clock:
        public_id = cast.author().public_id
        clock.shift(timedelta(minutes=1))
        decide(cast.moderator, public_id, "approve")
        assert f"/desk/tributes/{public_id}/undo" in cast.moderator.get("/desk/").text
        assert f"/desk/tributes/{public_id}/undo" not in cast.keeper.get("/desk/").text
        clock.shift(timedelta(minutes=10))
        assert decide(cast.moderator, public_id, "undo").status_code == 303
        assert status(cast, public_id) == "pending"
        decide(cast.moderator, public_id, "spam")
        clock.shift(timedelta(minutes=10, seconds=1))
        assert decide(cast.moderator, public_id, "undo").status_code == 409
        assert f"/desk/tributes/{public_id}/undo" not in cast.moderator.get("/desk/").text
        assert status(cast, public_id) == "spam"


def test_nobody_takes_back_what_another_decided(cast: Cast) -> None:
    public_id = cast.tribute(Status.PENDING)
    decide(cast.moderator, public_id, "approve")
    answer = decide(cast.keeper, public_id, "undo")
    assert answer.status_code == 409
    assert "Already published by Rəna" in answer.text
    assert status(cast, public_id) == "approved"


def test_removing_asks_for_a_ground_and_takes_no_wrong_password(app: Flask, cast: Cast) -> None:
    public_id, keeper = cast.tribute(), cast.keeper
    rows = contents(app)
    for fields in ({"ground": "family", "password": "another password"}, {}, {"ground": "hatred"},
                   {"password": PASSWORD}, {"ground": "hatred", "password": PASSWORD}):  # fmt: skip
        answer = decide(keeper, public_id, "remove", **fields)
        assert answer.status_code == 422
        assert PASSWORD not in answer.text
    assert contents(app) == rows


@pytest.mark.parametrize("ground", Ground)
def test_what_a_keeper_removed_is_gone_at_once_and_for_good(app: Flask, cast: Cast, ground: Ground) -> None:
    public_id = cast.tribute(name="Unrepeated Name")
    assert decide(cast.keeper, public_id, "remove", ground=ground, password=PASSWORD).status_code == 303
    assert cast.visitor.get(f"/en/20-january/tributes/{public_id}/").status_code == 410
    for action in ("undo", "restore", "approve"):
        assert decide(cast.keeper, public_id, action).status_code == 409
    assert not [rows for rows in contents(app).values() if WORDS in str(rows) or "Unrepeated" in str(rows)]


def test_the_password_is_the_same_from_every_keyboard(cast: Cast) -> None:
    keeper = cast.signed_in(Role.KEEPER, "Gövhər", "other@memorial.example", password="gözəl şəhər ö")
    typed_on_a_mac = "go\u0308zəl s\u0327əhər o\u0308"
    assert decide(keeper, cast.tribute(), "remove", ground="law", password=typed_on_a_mac).status_code == 303
