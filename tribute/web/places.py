"""How many requests a process works on at once: docs/decisions/few-pages-at-a-time.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Semaphore
from typing import Any

from flask import Flask, request
from sqlalchemy import make_url

# Who reads. SQLite answers within the thread that asks; who asks PostgreSQL waits meanwhile, and leaves the processor
# to others.
READERS = {"sqlite": 2, "postgresql": 4}
PATIENCE = 1.0  # seconds for a reader's place; then it goes on without: nothing that hangs keeps all waiting
WRITERS = 96  # who writes, or waits for the database; the rest of granian's 128 threads are for who reads
CROWDED = "tribute.crowded"  # in the environ of a writer for whom there is no place

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Crowded(Exception):
    """So many write already that one more would take a thread from who reads."""


class Places:
    """WSGI before Flask. Readers wait for a place; writers have turns of their own, and are only counted."""

    def __init__(self, inner: Application, readers: int, writers: int = WRITERS) -> None:
        """Give so many places."""
        self.inner, self._readers, self._writers = inner, Semaphore(readers), Semaphore(writers)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer once there is a place. What is sent later, piece by piece, takes none."""
        is_reader = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        places = self._readers if is_reader else self._writers
        has_one = places.acquire(timeout=PATIENCE) if is_reader else places.acquire(blocking=False)
        if not (is_reader or has_one):
            environ[CROWDED] = True
        try:
            return self.inner(environ, start_response)
        finally:
            if has_one:
                places.release()


def init_app(app: Flask) -> None:
    """Put it before the application, which tells a writer without a place so, with every word kept."""
    backend = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).get_backend_name()
    app.wsgi_app = Places(app.wsgi_app, READERS[backend])  # type: ignore[method-assign]  # Flask's documented way to wrap
    app.url_value_preprocessor(_refuse)


def _refuse(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything asks the database. Raises Crowded."""
    if request.environ.get(CROWDED):
        raise Crowded
