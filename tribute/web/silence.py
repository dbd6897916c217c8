"""A PostgreSQL that has fallen silent: no request waits for it without end.

A server that stands still, or a line on which nothing comes any more though its other end acknowledges what is sent,
fails nothing by itself: libpq would wait for ever. Commands do, for theirs may take as long as they take.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from flask import Flask, has_request_context
from sqlalchemy import Dialect, Engine, event

from tribute.extensions import BUSY_TIMEOUT, db

SECONDS = 2 * BUSY_TIMEOUT / 1000  # without an answer; as long as on SQLite for a turn and then for the lock
LOOKS = 0.1  # seconds between two looks at whether somebody wants the program to end


def init_app(app: Flask) -> None:
    """Let the connections of an application's requests be patient no longer than that."""
    with app.app_context():
        bound(db.engine, lambda: SECONDS if has_request_context() else None)


def bound(engine: Engine, patience: Callable[[], float | None]) -> None:
    """Let an engine's new connections wait so many seconds at most for each answer; None is without end."""
    if engine.dialect.name != "postgresql":
        return

    @cache
    def impatient(driver: Any) -> Any:
        class Impatient(driver.Connection):
            """A connection that is gone once it has waited long enough: its answer may still come, to nobody."""

            def wait(self, gen: Any, interval: float = LOOKS, timeout: float | None = None) -> Any:
                """Wait for an answer. Raises OperationalError."""
                try:
                    return super().wait(gen, interval, patience() if timeout is None else timeout)
                except driver.errors._WaitTimeout:
                    if timeout is None:
                        self.close()
                    raise

        return Impatient

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Dialect, _record: Any, arguments: Sequence[Any], options: dict[str, Any]) -> Any:
        driver: Any = dialect.dbapi
        return impatient(driver).connect(*arguments, **options)
