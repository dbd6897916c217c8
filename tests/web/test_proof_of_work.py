"""The puzzle that a browser solves while a keeper asks for it: once, for one form, and never a reason to refuse."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha
import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.cast import FORM, WORDS, Cast, hidden, token
from tests.page import PageClient
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.models import Triage
from tribute.services import safeguards
from tribute.services.safeguards import PROOF_OF_WORK
from tribute.web import proof_of_work

NOON = datetime(2026, 1, 20, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A puzzle that takes no time; its meaning is the same."""
    monkeypatch.setattr(proof_of_work, "COST", 1)
    monkeypatch.setattr(proof_of_work, "FEWEST", 1)
    monkeypatch.setattr(proof_of_work, "MOST", 4)


@pytest.fixture
def asked(app: Flask, cast: Cast) -> Cast:
    """A site in a raid: a keeper has turned the proof of work on, a minute ago."""
    keeper = cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
    with app.app_context():
        safeguards.turn_on(db.session(), PROOF_OF_WORK, keeper, now() - timedelta(minutes=1))
        db.session.commit()
    return cast


class Opened:
    """A form that somebody has open."""

    def __init__(self, client: PageClient) -> None:
        self.client, page = client, client.get(FORM)
        self.key, self.token = hidden(page, "key"), token(page)
        found = re.search(r'data-challenge="([^"]*)"', page.text)
        self.challenge = json.loads(html.unescape(found[1])) if found else None

    def solution(self) -> str:
        """What the browser finds, as it sends it."""
        assert self.challenge is not None
        challenge = altcha.Challenge.from_dict(self.challenge)
        solution = altcha.solve_challenge(challenge)
        assert solution is not None
        return altcha.Payload(challenge, solution).to_base64()

    def send(self, work: str | None) -> int:
        """Send it; returns the answer's status."""
        data = {"name": "Daniel M.", "message": WORDS, "gesture": "carnation", "consent": "y", "key": self.key,
                "csrf_token": self.token} | ({"work": work} if work is not None else {})  # fmt: skip
        return self.client.post(FORM, data=data).status_code


def unworked(app: Flask) -> list[bool]:
    """Of each tribute, the first the first: whether a moderator is told that the puzzle was not solved."""
    with app.app_context():
        found = db.session.scalars(select(Triage).order_by(Triage.revision_id))
        return ["unworked" in [told[0] for told in each.signals] for each in found]


def test_nobody_is_asked_until_a_keeper_turns_it_on(app: Flask, cast: Cast) -> None:
    opened = Opened(cast.client())
    assert opened.challenge is None
    assert opened.send(None) == 303
    assert unworked(app) == [False]


def test_who_has_solved_it_is_not_marked(app: Flask, asked: Cast) -> None:
    opened = Opened(asked.client())
    assert opened.send(opened.solution()) == 303
    assert unworked(app) == [False]


BROKEN: dict[str, Callable[[str], str | None]] = {
    "none, as without JavaScript": lambda _work: None,
    "an empty one": lambda _work: "",
    "no base64": lambda _work: "ə",
    "cut short": lambda work: work[:-40],
    "another answer": lambda work: _with(work, lambda said: said["solution"].update(derivedKey="00" * 32)),
    "an easier puzzle": lambda work: _with(work, lambda said: said["challenge"]["parameters"].update(keyPrefix="")),
    "an unsigned puzzle": lambda work: _with(work, lambda said: said["challenge"].pop("signature")),
}


def _with(work: str, change: Callable[[dict[str, dict[str, Any]]], object]) -> str:
    payload = altcha.Payload.from_base64(work).to_dict()
    change(payload)
    return altcha.Payload.from_dict(payload).to_base64()


@pytest.mark.parametrize("broken", BROKEN)
def test_without_a_solution_it_is_taken_and_looked_at_more_closely(app: Flask, asked: Cast, broken: str) -> None:
    opened = Opened(asked.client())
    assert opened.send(BROKEN[broken](opened.solution())) == 303
    assert unworked(app) == [True]


def test_a_solution_counts_for_its_own_form_only(app: Flask, asked: Cast) -> None:
    first, second = Opened(asked.client()), Opened(asked.client())
    solution = first.solution()
    assert first.send(solution) == 303
    assert second.send(solution) == 303
    assert unworked(app) == [False, True]


def test_a_solution_makes_one_tribute(app: Flask, asked: Cast) -> None:
    opened = Opened(asked.client())
    solution = opened.solution()
    assert [opened.send(solution), opened.send(solution)] == [303, 303]
    assert len(unworked(app)) == 1


def test_a_form_that_was_open_before_is_not_marked(app: Flask, cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        opened = Opened(cast.client())
        keeper = cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
        clock.shift(timedelta(minutes=5))
        with app.app_context():
            safeguards.turn_on(db.session(), PROOF_OF_WORK, keeper, now())
            db.session.commit()
        clock.shift(timedelta(minutes=5))
        assert opened.send(None) == 303
    assert unworked(app) == [False]


def test_a_refused_form_has_a_puzzle_again(asked: Cast) -> None:
    opened = Opened(asked.client())
    page = opened.client.post(FORM, data={"message": WORDS, "key": opened.key, "csrf_token": opened.token})
    assert page.status_code == 422
    assert "data-challenge" in page.text


NAMES = (
    "challenge", "solution", "parameters", "signature", "counter", "derivedKey", "algorithm", "cost", "nonce", "salt",
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.sampled_from(NAMES), some, max_size=6),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=ANYTHING)
def test_whatever_is_sent_for_a_solution_is_no_error(asked: Cast, said: object) -> None:
    work = b64encode(json.dumps(said).encode()).decode()
    assert Opened(asked.client()).send(work) == 303
