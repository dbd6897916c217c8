"""A PostgreSQL that has fallen silent: no request waits for it without end.

A server that stands still, or a line on which nothing comes any more though its other end acknowledges what is sent,
fails nothing by itself: libpq would wait for ever. Commands do, for theirs may take as long as they take.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, has_request_context
from psycopg import Connection, errors
from sqlalchemy import Dialect, event

from tribute.extensions import BUSY_TIMEOUT, db

SECONDS = BUSY_TIMEOUT / 1000  # without an answer; as long as on SQLite for whoever holds its lock
LOOKS = 0.1  # seconds between two looks at whether somebody wants the program to end


def init_app(app: Flask) -> None:
    """Let the connections of an application's requests be patient no longer than that."""
    with app.app_context():
        event.listen(db.engine, "do_connect", _connect)


class Impatient(Connection[Any]):
    """A connection that is gone once a request has waited long enough: its answer may still come, to nobody."""

    def wait(self, gen: Any, interval: float = LOOKS, timeout: float | None = None) -> Any:
        """Wait for an answer. Raises OperationalError."""
        if timeout is not None or not has_request_context():
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, SECONDS)
        except errors._WaitTimeout:
            self.close()
            raise


def _connect(_dialect: Dialect, _record: Any, arguments: Sequence[Any], options: dict[str, Any]) -> Connection[Any]:
    return Impatient.connect(*arguments, **options)
