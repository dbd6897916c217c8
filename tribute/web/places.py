"""How many pages a process works out at once: docs/decisions/two-pages-at-a-time.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Semaphore
from typing import Any

AT_ONCE = 2
PATIENCE = 1.0  # seconds for a place; then it goes on without one, so that nothing that hangs keeps all waiting

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Places:
    """WSGI before Flask: whoever reads waits for a place. Whoever writes does not: they have turns of their own."""

    def __init__(self, inner: Application, at_once: int = AT_ONCE) -> None:
        """Give so many places."""
        self.inner, self._free = inner, Semaphore(at_once)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer once there is a place. What is sent later, piece by piece, takes none."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not self._free.acquire(timeout=PATIENCE):
            return self.inner(environ, start_response)
        try:
            return self.inner(environ, start_response)
        finally:
            self._free.release()
