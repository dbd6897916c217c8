"""Places: so many pages at once, and nobody waits for long; so many writers, and their words are never lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Lock
from typing import Any

import pytest

from tests.cast import FORM, WORDS, Cast, send
from tests.web.steps import LANGUAGES, main_of
from tribute.web import places
from tribute.web.places import CROWDED, Places


class Slow:
    """An application whose answers end when they are let; it knows how many are under way, and who has come."""

    def __init__(self) -> None:
        self.come, self.under_way, self.most = 0, 0, 0
        self.may_end, self._lock = Event(), Lock()

    def __call__(self, environ: dict[str, Any], _start: Any) -> list[bytes]:
        if CROWDED in environ:
            return [b"crowded"]
        with self._lock:
            self.come, self.under_way = self.come + 1, self.under_way + 1
            self.most = max(self.most, self.under_way)
        assert self.may_end.wait(30)
        with self._lock:
            self.under_way -= 1
        return [b"page"]


@contextmanager
def asked(application: Places, slow: Slow, *methods: str) -> Iterator[list[Future[Any]]]:
    """Requests that are under way at once; at the end all of them are answered."""
    with ThreadPoolExecutor(len(methods)) as threads:
        answers = [threads.submit(application, {"REQUEST_METHOD": method}, None) for method in methods]
        try:
            yield answers
        finally:
            slow.may_end.set()
        assert [answer.result(30) for answer in answers] == [[b"page"]] * len(methods)


def until(slow: Slow, come: int) -> bool:
    """Whether so many come within a while."""
    pause = Event()
    return any(slow.come >= come or pause.wait(0.02) for _ in range(500))


def test_no_more_pages_than_there_are_places_are_worked_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PATIENCE", 30)
    slow = Slow()
    with asked(Places(slow, 2), slow, *["GET", "HEAD"] * 10):
        assert until(slow, 2)
        slow.may_end.set()
    assert (slow.come, slow.most) == (20, 2)


def test_who_writes_needs_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PATIENCE", 30)
    slow = Slow()
    with asked(Places(slow, 1), slow, "GET", "POST", "POST"):
        assert until(slow, 3)


def test_where_pages_hang_the_next_ones_go_on_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PATIENCE", 0.01)
    slow = Slow()
    with asked(Places(slow, 1), slow, "GET", "GET", "GET"):
        assert until(slow, 3)


def test_a_page_that_fails_gives_its_place_back() -> None:
    def fails(_environ: dict[str, Any], _start: Any) -> list[bytes]:
        raise LookupError("no page")

    application = Places(fails, 1)
    for method in ("GET", "POST") * 3:
        with pytest.raises(LookupError, match="no page"):
            application({"REQUEST_METHOD": method}, None)
    assert application._readers.acquire(blocking=False)


def test_one_writer_too_many_is_told_at_once_and_readers_go_on() -> None:
    slow = Slow()
    application = Places(slow, 1, writers=2)
    with asked(application, slow, "POST", "POST"):
        assert until(slow, 2)
        assert application({"REQUEST_METHOD": "POST"}, None) == [b"crowded"]
        slow.may_end.set()
        assert application({"REQUEST_METHOD": "GET"}, None) == [b"page"]
    assert application({"REQUEST_METHOD": "POST"}, None) == [b"page"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_finds_too_many_writers_keeps_every_word_and_sends_the_form_later(cast: Cast, lang: str) -> None:
    form = FORM.replace("/en/", f"/{lang}/")
    answer = cast.visitor.post(form, data={"message": WORDS}, environ_overrides={CROWDED: True})
    assert answer.status_code == 503
    assert WORDS in main_of(answer)
    assert f'<html lang="{lang}"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert send(cast.visitor, form).status_code == 303
