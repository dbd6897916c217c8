"""Many who send slowly, or never finish: the others are answered meanwhile."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest

from tests.deploy import nginx
from tests.deploy.crowd import FORM, HOME, READER
from tests.deploy.nginx import NAME
from tests.faults.site import HERE, running

FEW = 50  # fewer than may write at once, and far more than there are places
LINES = {"nginx": 200, "the site": 100}
PATHS = (HOME, FORM, "/en/20-january/archive/", "/en/search?q=silence", "/ru/20-january/tributes/")
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def slow(host: str) -> dict[str, tuple[bytes, bytes]]:
    """What is sent at once, and what then comes every second: of the headers, and of the body."""
    head = f"POST {FORM} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    body = f"{head}Content-Length: 1000\r\n\r\nname=a"
    return {"headers": (head.encode(), b"X-More: 1\r\n"), "body": (body.encode(), b"a")}


@contextmanager
def dripping(lines: list[socket.socket], piece: bytes) -> Iterator[None]:
    """A little more of each request every second, for the length of a block."""
    is_over = Event()

    def drip() -> None:
        while not is_over.wait(1):
            for each in lines:
                try:
                    each.sendall(piece)
                except OSError:  # it was hung up on, which is as well
                    continue

    thread = Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def assert_others_are_answered(
    connect: Callable[[int], socket.socket], number: int, asked: Callable[[str], int], host: str
) -> None:
    """While so many send their headers slowly, and then while as many send their bodies so, all others are answered."""
    for part, (first, more) in slow(host).items():
        with ExitStack() as stack:
            lines = [stack.enter_context(connect(each)) for each in range(number)]
            for each in lines:
                each.sendall(first)
            with dripping(lines, more), ThreadPoolExecutor(8) as others:
                assert set(others.map(asked, PATHS * 4)) == {200}, part


def test_two_hundred_slow_senders_before_nginx_keep_nobody_waiting(database: str, tmp_path: Path) -> None:
    with (
        running(database, tmp_path / "instance", base_url=f"https://{NAME}", proxies=1) as site,
        nginx.before(tmp_path / "nginx", [site.port]) as proxy,
    ):

        def connect(number: int) -> socket.socket:
            line = socket.create_connection(("127.0.0.1", proxy.port), 60, (f"127.0.0.{2 + number % 3}", 0))
            return proxy.tls.wrap_socket(line, server_hostname=NAME)

        assert_others_are_answered(connect, LINES["nginx"], lambda path: proxy.ask(path, source=READER).status, NAME)


def test_a_hundred_slow_senders_before_the_site_itself_keep_nobody_waiting(database: str, tmp_path: Path) -> None:
    with running(database, tmp_path / "instance") as site:

        def connect(number: int) -> socket.socket:
            return socket.create_connection(("127.0.0.1", site.port), 60, (f"127.0.0.{2 + number % 3}", 0))

        assert_others_are_answered(connect, LINES["the site"], lambda path: site.ask(path, source=READER).status, HERE)


def test_while_many_send_their_words_slowly_others_send_theirs(database: str, tmp_path: Path) -> None:
    first, more = slow(HERE)["body"]
    with running(database, tmp_path / "instance") as site, ExitStack() as stack:
        forms = [site.open_form(message=f"I remember the silence, {number}.") for number in range(3)]
        lines = [stack.enter_context(socket.create_connection(("127.0.0.1", site.port), 60)) for _ in range(FEW)]
        for each in lines:
            each.sendall(first)
        with dripping(lines, more):
            for form in forms:
                sleep(0.5)  # by then the slow ones have come in
                assert site.send(form, source=READER).status == 303
