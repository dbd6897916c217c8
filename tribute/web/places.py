"""How many requests a process works on at once: docs/decisions/few-pages-at-a-time.md."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from threading import Lock, Semaphore
from typing import IO, Any

from flask import Flask, request
from sqlalchemy import make_url
from werkzeug.wsgi import get_content_length

# Who reads, and as many who write. SQLite answers within the thread that asks; who asks PostgreSQL waits meanwhile, and
# leaves the processor to others. Together with who needs none they stay below PostgreSQL's pool: see tribute/app.py.
AT_ONCE = {"sqlite": 2, "postgresql": 4}
WRITERS = 96  # who send, wait for a place or have one; the rest of granian's 128 threads are for who reads
PATIENCE = 10.0  # seconds for a place: with 45 for a turn to write, less than the 60 that nginx waits for an answer
IN_MEMORY = 256 * 1024  # bytes of what one of them sends; the rest lies on the disk meanwhile
OF_MACHINES = ("/healthz", "/readyz", "/metrics")  # they tell of a crowd, and do not wait in it
CROWDED = "tribute.crowded"  # in the environ of whoever gets no place

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Crowded(Exception):
    """There is no place: so many write already, or those who are before take too long."""


class Places:
    """So many places, given in the order in which they are asked for: whoever comes later passes nobody by."""

    def __init__(self, number: int) -> None:
        """Have so many."""
        self._free = number
        self._waiting: deque[Lock] = deque()
        self._lock = Lock()

    def take(self, patience: float) -> bool:
        """Wait so many seconds for a place; False where there is none."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        return mine.acquire(timeout=patience) or not self._give_up(mine)

    def give_back(self) -> None:
        """Hand it to whoever has waited for longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1

    def _give_up(self, mine: Lock) -> bool:
        """Wait no longer; False where the place came in that very moment."""
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return True
        return False


class Door:
    """WSGI before Flask: whoever reads waits for one of some places, and whoever writes for one of others."""

    def __init__(self, inner: Application, number: int, largest: int, writers: int = WRITERS) -> None:
        """Have so many places of each kind, for at most so many writers, who send so many bytes at most."""
        self.inner, self._readers, self._writers = inner, Places(number), Places(number)
        self._largest, self._come = largest, Semaphore(writers)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer once there is a place. What is sent later, piece by piece, takes none."""
        if environ["PATH_INFO"] in OF_MACHINES:
            return self.inner(environ, start_response)
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return self._let_in(self._readers, environ, start_response)
        if not self._come.acquire(blocking=False):
            environ[CROWDED] = True
            return self.inner(environ, start_response)
        try:
            return self._let_in(self._writers, environ, start_response)
        finally:
            self._come.release()

    def _let_in(self, places: Places, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with SpooledTemporaryFile(IN_MEMORY) as body:
            self._receive(environ, body)
            if not places.take(PATIENCE):
                environ[CROWDED] = True
                return self.inner(environ, start_response)
            try:
                return self.inner(environ, start_response)
            finally:
                places.give_back()

    def _receive(self, environ: dict[str, Any], body: IO[bytes]) -> None:
        """Take in what somebody sends, before they have a place: they may send it slowly.

        What is too large for every view is refused unread.
        """
        left = get_content_length(environ) or 0
        if not 0 < left <= self._largest:
            return
        while part := environ["wsgi.input"].read(min(left, IN_MEMORY)):
            body.write(part)
            left -= len(part)
        body.seek(0)
        environ["wsgi.input"] = body


def init_app(app: Flask, largest: int) -> None:
    """Put it before the application, which tells whoever has no place so, with every word kept.

    `largest`: bytes that any view takes.
    """
    places = AT_ONCE[make_url(app.config["SQLALCHEMY_DATABASE_URI"]).get_backend_name()]
    app.wsgi_app = Door(app.wsgi_app, places, largest)  # type: ignore[method-assign]  # Flask's documented way to wrap
    app.url_value_preprocessor(_refuse)


def _refuse(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything asks the database. Raises Crowded."""
    if request.environ.get(CROWDED):
        raise Crowded
