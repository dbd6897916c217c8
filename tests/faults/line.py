"""A line to a server of this machine that a test can cut, hold, or slow down."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread

PIECE = 1 << 16


class Line:
    """What listens instead of the server."""

    def __init__(self, to: int) -> None:
        self._to, self._lock, self._ends = to, Lock(), list[socket.socket]()
        self._flows, self._is_cut = Event(), Event()
        self._flows.set()
        self.delay = 0.0  # seconds that each piece takes, either way
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = int(self._listener.getsockname()[1])
        Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """End every connection, and refuse new ones."""
        self._is_cut.set()
        self._end_all()

    def mend(self) -> None:
        """Take connections again."""
        self._is_cut.clear()

    def hold(self) -> None:
        """Let nothing through any more; whoever sends or connects is not told."""
        self._flows.clear()

    def release(self) -> None:
        """Let what was held go on."""
        self._flows.set()

    def close(self) -> None:
        """End it."""
        self._flows.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._end_all()

    def _end_all(self) -> None:
        with self._lock:
            for end in self._ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            self._ends.clear()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                here = self._listener.accept()[0]
                Thread(target=self._join, args=(here,), daemon=True).start()

    def _join(self, here: socket.socket) -> None:
        with here:
            self._flows.wait()
            if self._is_cut.is_set():
                return
            try:
                there = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                return
            with there:
                with self._lock:
                    self._ends += here, there
                back = Thread(target=self._pass, args=(there, here), daemon=True)
                back.start()
                self._pass(here, there)
                back.join()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                self._flows.wait()
                time.sleep(self.delay)
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def line(to: int) -> Iterator[Line]:
    """A line to a port for the length of a block."""
    made = Line(to)
    try:
        yield made
    finally:
        made.close()
