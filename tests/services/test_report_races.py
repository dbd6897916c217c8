"""Reports, the rule and a moderator at the same moment: one after another, and none is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.cast import a_tribute
from tests.services.races import Act, queued, run, together
from tests.services.test_races import AT, LATER, ROUNDS, decides, rows_of, whole
from tribute.domain import ids
from tribute.domain.errors import Conflict, Gone, NotFound
from tribute.domain.lifecycle import Action, Status
from tribute.domain.reasons import Ground, ReportReason
from tribute.extensions import db
from tribute.models import Tribute
from tribute.services import decisions, hiding, reports, settings, tributes
from tribute.services.decisions import Actor

MODERATOR = Actor("moderator", 1)


def public(app: Flask, number: int = 1) -> list[int]:
    """Published tributes."""
    with app.app_context():
        return [ids.decode(a_tribute(app, Status.APPROVED, at=AT)) or 0 for _each in range(number)]


def hide_at(app: Flask, number: int) -> None:
    """What a keeper sets."""
    run(app, lambda session: settings.put(session, hiding.HIDE_AT, number, 3, AT))


def reporting(tribute_id: int, sender: str, key: bytes = b"") -> Act:
    """Somebody reports it, as the page does."""

    def act(session: Session) -> str:
        tribute = tributes.by_id(session, tribute_id)
        reports.report(session, tribute, ReportReason.HATRED, "", sender, LATER, key)
        return "hid" if hiding.hide_if_due(session, tribute, LATER) else "reported"

    return act


def keeping(tribute_id: int, upto: int = ids.MAXIMUM) -> Act:
    """A moderator keeps it, having seen it as it was published."""

    def act(session: Session) -> str:
        tribute = tributes.by_id(session, tribute_id)
        hiding.keep(session, tribute, MODERATOR, LATER + timedelta(minutes=1), 2, upto)
        return "kept"

    return act


def state(app: Flask, tribute_id: int) -> tuple[str, int]:
    """Its status, and how many reports are open."""
    with app.app_context():
        found = reports.of(db.session(), [tribute_id]).get(tribute_id)
        return db.session.get_one(Tribute, tribute_id).status, found.number if found else 0


def test_of_four_who_report_at_once_the_third_hides_and_the_fourth_finds_nothing(app: Flask) -> None:
    hide_at(app, 3)
    for _ in range(ROUNDS):
        [tribute_id] = public(app)
        came_to = together(app, *(reporting(tribute_id, f"sender {n}") for n in range(4)))
        assert sorted(str(one) for one in came_to if isinstance(one, str)) == ["hid", "reported", "reported"], came_to
        assert [type(one) for one in came_to if not isinstance(one, str)] == [NotFound]
        assert state(app, tribute_id) == ("hidden", 3)
        assert rows_of(app, tribute_id)[1:] == [(3, "hide by None")]
    whole(app)


def test_one_sender_and_one_form_at_once_are_one_report(app: Flask) -> None:
    hide_at(app, 2)
    first, second = public(app, 2)
    assert together(app, *(reporting(first, "one sender") for _each in range(4))) == ["reported"] * 4
    assert together(app, *(reporting(second, "", b"one form") for _each in range(4))) == ["reported"] * 4
    assert state(app, first) == state(app, second) == ("approved", 1)


def test_at_once_on_eight_tributes_no_more_than_five_are_hidden(app: Flask) -> None:
    hide_at(app, 1)
    came_to = together(app, *(reporting(tribute_id, "sender") for tribute_id in public(app, 8)))
    assert sorted(map(str, came_to)) == ["hid"] * 5 + ["reported"] * 3
    whole(app)


@pytest.mark.parametrize("first", ["report", "keep"])
def test_a_report_and_a_moderator_who_keeps_the_words(app: Flask, first: str) -> None:
    hide_at(app, 2)
    [tribute_id] = public(app)
    assert run(app, reporting(tribute_id, "earlier")) == "reported"
    acts = [reporting(tribute_id, "at once"), keeping(tribute_id)]
    came_to = queued(app, *(acts if first == "report" else reversed(acts)))
    if any(isinstance(one, Conflict) for one in came_to):  # the report came first and hid it: the moderator looks again
        assert state(app, tribute_id) == ("hidden", 2)
    else:  # read and kept: what came after it waits to be read, and hides nothing
        assert set(map(str, came_to)) == {"reported", "kept"}
        assert state(app, tribute_id) == ("approved", 1)
    whole(app)


def test_what_comes_while_a_moderator_reads_is_not_settled_unread(app: Flask) -> None:
    for _ in range(ROUNDS):
        [tribute_id] = public(app)
        run(app, reporting(tribute_id, "earlier"))
        with app.app_context():
            seen = ids.decode(reports.of(db.session(), [tribute_id])[tribute_id].seen)
        assert seen is not None
        came_to = together(app, keeping(tribute_id, seen), later(tribute_id))
        assert came_to == ["kept", "reported"]
        assert state(app, tribute_id) == ("approved", 1)
    whole(app)


def later(tribute_id: int) -> Act:
    """Somebody else's report, a minute after the first."""

    def act(session: Session) -> str:
        tribute, at = tributes.by_id(session, tribute_id), LATER + timedelta(minutes=1)
        reports.report(session, tribute, ReportReason.INSULT, "", "somebody else", at)
        return "reported"

    return act


def test_what_two_moderators_keep_at_once_is_kept_once(app: Flask) -> None:
    [tribute_id] = public(app)
    run(app, reporting(tribute_id, "sender"))
    assert together(app, keeping(tribute_id), keeping(tribute_id)) == ["kept", "kept"]
    with app.app_context():
        rows = [row.action for row, _ in decisions.history(db.session(), tribute_id)]
    assert rows == ["submit", "approve", "keep"]


@pytest.mark.parametrize(("action", "refusal"), [(Action.HIDE, NotFound), (Action.REMOVE, Gone)])
def test_a_report_while_it_is_taken_from_the_wall_is_settled_or_finds_nothing(
    app: Flask, action: Action, refusal: type[Exception]
) -> None:
    for _ in range(ROUNDS):
        [tribute_id] = public(app)
        step = decides(tribute_id, action, 2, Ground.FAMILY if action == Action.REMOVE else "", seen=2)
        _taken, came_to = together(app, step, reporting(tribute_id, "sender"))
        assert came_to == "reported" or isinstance(came_to, refusal)
        assert state(app, tribute_id)[1] == 0
    whole(app)
