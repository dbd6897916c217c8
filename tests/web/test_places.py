"""Places: so many at once, in the order in which they came; and who gets none is told so, with every word kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from io import BytesIO
from threading import Event, Lock, Thread
from typing import Any

import pytest

from tests.cast import FORM, WORDS, Cast, send
from tests.web.steps import LANGUAGES, main_of
from tribute.web import places
from tribute.web.places import CROWDED, OF_MACHINES, Door, Places

LARGEST = 1_000_000  # bytes that are received
LONG = 30  # seconds, for what happens at once


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
        assert self.may_end.wait(LONG)
        with self._lock:
            self.under_way -= 1
        return [b"page"]


def request(method: str, path: str = "/en/") -> dict[str, Any]:
    """What a server hands over."""
    return {"REQUEST_METHOD": method, "PATH_INFO": path}


def sent(stream: Any, length: int, method: str = "POST") -> dict[str, Any]:
    """What a server hands over of a form."""
    return request(method) | {"wsgi.input": stream, "CONTENT_LENGTH": str(length)}


@contextmanager
def asked(door: Door, slow: Slow, *methods: str) -> Iterator[list[Future[Any]]]:
    """Requests that are under way at once; at the end all of them are answered."""
    with ThreadPoolExecutor(len(methods)) as threads:
        answers = [threads.submit(door, request(method), None) for method in methods]
        try:
            yield answers
        finally:
            slow.may_end.set()
        assert [answer.result(LONG) for answer in answers] == [[b"page"]] * len(methods)


def until(happened: Callable[[], bool]) -> bool:
    """Whether something happens within a while."""
    pause = Event()
    return any(happened() or pause.wait(0.02) for _ in range(500))


@contextmanager
def taken(all_places: Places, waiting: int) -> Iterator[list[int]]:
    """All places are taken, and so many wait, one after another; at the end each has had one, or has given up."""
    served: list[int] = []

    def so_many_wait(number: int) -> bool:
        return len(all_places._waiting) == number

    def wait(number: int) -> None:
        if all_places.take(LONG):
            served.append(number)
            all_places.give_back()

    threads = [Thread(target=wait, args=(number,)) for number in range(waiting)]
    for number, thread in enumerate(threads, 1):
        thread.start()
        assert until(partial(so_many_wait, number))
    yield served
    for thread in threads:
        thread.join(LONG)


@pytest.mark.parametrize("methods", [("GET", "HEAD"), ("POST", "POST")])
def test_no_more_are_worked_on_at_once_than_there_are_places(methods: tuple[str, str]) -> None:
    slow = Slow()
    with asked(Door(slow, 2, LARGEST), slow, *methods * 10):
        assert until(lambda: slow.come == 2)
        slow.may_end.set()
    assert (slow.come, slow.most) == (20, 2)


def test_who_writes_and_who_reads_do_not_wait_for_each_other() -> None:
    slow = Slow()
    with asked(Door(slow, 1, LARGEST), slow, "GET", "POST"):
        assert until(lambda: slow.come == 2)


def test_who_came_first_is_served_first_and_who_comes_later_passes_nobody_by() -> None:
    one = Places(1)
    assert one.take(0)
    with taken(one, waiting=5) as served:
        one.give_back()
        assert one.take(LONG)  # behind all five
        assert served == [0, 1, 2, 3, 4]
        one.give_back()


def test_who_has_waited_long_enough_leaves_the_line_to_the_others() -> None:
    one = Places(1)
    assert one.take(0)
    with taken(one, waiting=1) as served:
        assert not one.take(0.01)
        assert len(one._waiting) == 1
        one.give_back()
    assert (served, one.take(0)) == ([0], True)


def test_a_place_that_comes_in_the_very_moment_of_giving_up_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Places(1)
    assert one.take(0)
    give_up = one._give_up

    def late(mine: Any) -> bool:
        one.give_back()
        return give_up(mine)

    monkeypatch.setattr(one, "_give_up", late)
    assert one.take(0.01)
    assert not Places(0).take(0.01)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_waits_in_vain_is_told_so_and_takes_no_place(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    monkeypatch.setattr(places, "PATIENCE", 0.01)
    slow = Slow()
    door = Door(slow, 1, LARGEST)
    with asked(door, slow, method):
        assert until(lambda: slow.come == 1)
        assert [door(request(method), None) for _ in range(3)] == [[b"crowded"]] * 3
    assert door(request(method), None) == [b"page"]


def test_machines_that_ask_how_it_goes_do_not_wait_in_the_crowd() -> None:
    slow = Slow()
    door = Door(slow, 1, LARGEST)
    with asked(door, slow, "GET"), ThreadPoolExecutor() as threads:
        assert until(lambda: slow.come == 1)
        asking = [threads.submit(door, request("GET", path), None) for path in OF_MACHINES]
        assert until(lambda: slow.come == 1 + len(OF_MACHINES))
        slow.may_end.set()
        assert [each.result(LONG) for each in asking] == [[b"page"]] * len(OF_MACHINES)


def test_a_page_that_fails_gives_its_place_back() -> None:
    def fails(_environ: dict[str, Any], _start: Any) -> list[bytes]:
        raise LookupError("no page")

    door = Door(fails, 1, LARGEST)
    for method in ("GET", "POST") * 3:
        with pytest.raises(LookupError, match="no page"):
            door(request(method), None)


def test_one_writer_too_many_is_told_at_once_and_readers_go_on() -> None:
    slow = Slow()
    door = Door(slow, 1, LARGEST, writers=2)
    with asked(door, slow, "POST", "POST"):
        assert until(lambda: len(door._writers._waiting) == 1)
        assert door(request("POST"), None) == [b"crowded"]
        slow.may_end.set()
        assert door(request("GET"), None) == [b"page"]
    assert door(request("POST"), None) == [b"page"]


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_who_sends_slowly_has_no_place_meanwhile(method: str) -> None:
    seen = dict[int, bytes]()

    def reading(environ: dict[str, Any], _start: Any) -> list[bytes]:
        said = environ["wsgi.input"].read()
        seen[len(said)] = said
        return [b"page"]

    door = Door(reading, 1, LARGEST)
    ends = [os.pipe() for _ in range(3)]
    with ExitStack() as stack, ThreadPoolExecutor() as threads:
        streams = [stack.enter_context(os.fdopen(end, "rb", buffering=0)) for end, _ in ends]
        slow = [threads.submit(door, sent(stream, 300, method), None) for stream in streams]
        assert door(sent(BytesIO(b"quick"), 5, method), None) == [b"page"]
        assert not any(each.done() for each in slow)
        for _, end in ends:
            os.write(end, b"x" * 300)
            os.close(end)
        assert [each.result(LONG) for each in slow] == [[b"page"]] * 3
    assert seen == {5: b"quick", 300: b"x" * 300}


@pytest.mark.parametrize("length", [0, 1, places.IN_MEMORY, places.IN_MEMORY + 1, LARGEST, LARGEST + 1])
def test_whatever_is_sent_arrives_whole_and_what_is_too_large_is_left_unread(length: int) -> None:
    said = os.urandom(length)
    stream = BytesIO(said)

    def reading(environ: dict[str, Any], _start: Any) -> list[bytes]:
        return [b"" if environ["wsgi.input"] is stream else environ["wsgi.input"].read(), stream.read()]

    received, unread = Door(reading, 1, LARGEST)(sent(stream, length), None)
    assert (received, unread) == ((said, b"") if 0 < length <= LARGEST else (b"", said))


def test_who_hangs_up_before_all_is_sent_leaves_nobody_waiting() -> None:
    door = Door(lambda environ, _start: [environ["wsgi.input"].read()], 1, LARGEST)
    assert list(door(sent(BytesIO(b"half"), 8), None)) == [b"half"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_finds_too_many_writers_keeps_every_word_and_sends_the_form_later(cast: Cast, lang: str) -> None:
    form = FORM.replace("/en/", f"/{lang}/")
    answer = cast.visitor.post(form, data={"message": WORDS}, environ_overrides={CROWDED: True})
    assert answer.status_code == 503
    assert WORDS in main_of(answer)
    assert f'<html lang="{lang}"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert send(cast.visitor, form).status_code == 303


@pytest.mark.parametrize("path", [FORM, "/en/20-january/", "/en/search?q=silence"])
def test_who_finds_too_many_readers_is_told_to_come_back(cast: Cast, path: str) -> None:
    answer = cast.visitor.get(path, environ_overrides={CROWDED: True})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert "please come back in a few minutes" in main_of(answer)
