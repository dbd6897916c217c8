"""The page cache when many come at once: one renders, the others wait, and a page may be a second late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Event, Thread
from typing import Any

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import WALL, Cast
from tests.web.public_pages import CHANGES, HOME, PUBLIC, cache_of
from tribute.extensions import now
from tribute.web import page_cache


def test_of_many_who_come_at_once_one_renders(
    app: Flask, cast: Cast, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    go, answers = Barrier(8), list[TestResponse]()
    slow = Event()
    cache = cache_of(app)
    ask = cache._ask

    def slowly(*args: Any) -> Any:
        slow.wait(0.3)
        return ask(*args)

    monkeypatch.setattr(cache, "_ask", slowly)
    monkeypatch.setattr(page_cache, "PATIENCE", 30)

    def come() -> None:
        go.wait()
        answers.append(app.test_client().get(WALL))

    crowd = [Thread(target=come) for _ in range(8)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert rendered == [WALL]


def test_who_has_waited_long_enough_is_given_the_last_page_or_renders_it(
    app: Flask, cast: Cast, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_cache, "PATIENCE", 0.01)
    before = cast.visitor.get(WALL)
    cast.tribute()
    cache = cache_of(app)
    for turn in cache._turns:
        turn.acquire()
    assert cast.visitor.get(WALL).data == before.data
    rendered.clear()
    assert cast.visitor.get(HOME).status_code == 200
    assert rendered == [HOME]
    for turn in cache._turns:
        turn.release()
    assert "Leeds" in cast.visitor.get(WALL).text


@pytest.fixture
def busy(cast: Cast) -> Iterator[None]:
    """A thread that renders another page all the while."""
    go_on, cache = Event(), cache_of(cast.app)
    begun, inner = Event(), cache.inner

    def rendering(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["QUERY_STRING"] == "q=busy":
            begun.set()
            go_on.wait(60)
        return inner(environ, start_response)

    cache.inner = rendering
    reader = Thread(target=lambda: cast.app.test_client().get("/en/search?q=busy"))
    reader.start()
    assert begun.wait(60)
    yield
    go_on.set()
    reader.join()


def test_while_others_are_rendered_a_page_may_lack_for_a_second_what_was_added(
    cast: Cast, request: pytest.FixtureRequest
) -> None:
    before = cast.visitor.get(WALL)
    cast.tribute()
    assert "Leeds" in cast.visitor.get(WALL).text
    cast.tribute()
    with time_machine.travel(now(), tick=False) as clock:
        cast.visitor.get(WALL)
        request.getfixturevalue("busy")
        cast.tribute(words="Newly published")
        assert "Newly" not in cast.visitor.get(WALL).text
        clock.shift(timedelta(seconds=0.9))
        assert "Newly" not in cast.visitor.get(WALL).text
        clock.shift(timedelta(seconds=0.2))
        after = cast.visitor.get(WALL)
    assert "Newly" in after.text
    assert before.data != after.data


@pytest.mark.parametrize("change", [name for name in CHANGES if name != "published"])
def test_whatever_is_taken_away_or_changed_is_seen_at_once_even_then(
    cast: Cast, uncached: Flask, request: pytest.FixtureRequest, change: str
) -> None:
    for _each in range(2):
        cast.tribute()
    before = {path: cast.visitor.get(path).data for path in PUBLIC}
    request.getfixturevalue("busy")
    cast.tribute(words="Newly published")
    assert cast.visitor.get(WALL).data == before[WALL]
    CHANGES[change](cast)
    true = {path: uncached.test_client().get(path).data for path in PUBLIC}
    assert {path: cast.visitor.get(path).data for path in PUBLIC} == true
