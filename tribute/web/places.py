"""How many requests a process works on at once: docs/decisions/few-pages-at-a-time.md."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from math import inf
from threading import Lock
from typing import Any

from flask import Flask, request
from sqlalchemy import make_url

# Who reads, and as many who write. SQLite answers within the thread that asks; who asks PostgreSQL waits meanwhile, and
# leaves the processor to others. Together with who needs none they stay below PostgreSQL's pool: see tribute/app.py.
AT_ONCE = {"sqlite": 2, "postgresql": 4}
WRITERS = 96  # in or before a place; the rest of granian's 128 threads are for who reads
PATIENCE = 10.0  # seconds for a place: with 45 for a turn to write, less than the 60 that nginx waits for an answer
OF_MACHINES = ("/healthz", "/readyz", "/metrics")  # they tell of a crowd, and do not wait in it
CROWDED = "tribute.crowded"  # in the environ of whoever gets no place

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Crowded(Exception):
    """There is no place: so many write already, or those who are before take too long."""


class Places:
    """So many places, given in the order in which they are asked for: whoever comes later passes nobody by."""

    def __init__(self, number: int, most: float = inf) -> None:
        """`most` may have a place or wait for one."""
        self._free, self._may_wait = number, most - number
        self._waiting: deque[Lock] = deque()
        self._lock = Lock()

    def take(self, patience: float) -> bool:
        """Wait so many seconds for a place; False where there is none, or too many wait."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            if len(self._waiting) >= self._may_wait:
                return False
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

    def __init__(self, inner: Application, number: int, writers: int = WRITERS) -> None:
        """Have so many places of each kind, and so many writers at most who have one or wait."""
        self.inner, self._readers, self._writers = inner, Places(number), Places(number, writers)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer once there is a place. What is sent later, piece by piece, takes none."""
        if environ["PATH_INFO"] in OF_MACHINES:
            return self.inner(environ, start_response)
        places = self._readers if environ["REQUEST_METHOD"] in ("GET", "HEAD") else self._writers
        if not places.take(PATIENCE):
            environ[CROWDED] = True
            return self.inner(environ, start_response)
        try:
            return self.inner(environ, start_response)
        finally:
            places.give_back()


def init_app(app: Flask) -> None:
    """Put it before the application, which tells whoever has no place so, with every word kept."""
    backend = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).get_backend_name()
    app.wsgi_app = Door(app.wsgi_app, AT_ONCE[backend])  # type: ignore[method-assign]  # Flask's documented way to wrap
    app.url_value_preprocessor(_refuse)


def _refuse(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything asks the database. Raises Crowded."""
    if request.environ.get(CROWDED):
        raise Crowded
