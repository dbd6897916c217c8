"""Whose turn it is to write to SQLite, so that nobody is passed by: docs/decisions/turns-to-write.md.

A thread waits for those of its process, and the first of them for the other processes, at a file beside the database.
Programs that know nothing of it are waited for as SQLite does.
"""

from __future__ import annotations

import fcntl
import logging
import os
from threading import Lock
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Pool, event
from sqlalchemy.exc import OperationalError

PATIENCE = 15.0  # seconds for a turn, and whose turn came in time as many for the lock of whoever takes none
BEGIN = "BEGIN IMMEDIATE"
HELD = "tribute_turn"  # in the info of a connection that writes

log = logging.getLogger(__name__)


class Turns:
    """Those of one database."""

    def __init__(self, file: str) -> None:
        """Wait at this file."""
        self._one_of_us = Lock()
        self._descriptor: int | None = None
        try:
            self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            log.warning("writers wait as SQLite lets them: %s", error.strerror)

    def __del__(self) -> None:
        """Let the file go with the engine."""
        if self._descriptor is not None:
            os.close(self._descriptor)

    def take(self) -> None:
        """Wait for it; raises TimeoutError when those of this process take too long."""
        if not self._one_of_us.acquire(timeout=PATIENCE):
            raise TimeoutError
        if self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def give_back(self) -> None:
        """Let the next one write."""
        if self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._one_of_us.release()


_turns: WeakKeyDictionary[Engine, Turns] = WeakKeyDictionary()
_one_makes = Lock()


def begin(connection: Connection) -> None:
    """Begin to write once a connection may; its turn ends when it goes back to its pool.

    Whose turn came late begins at once or not at all: where somebody holds SQLite's lock who takes no turns, the
    processes would otherwise wait for that one after another. Raises OperationalError.
    """
    began = monotonic()
    take(connection)
    if monotonic() - began < PATIENCE:
        connection.exec_driver_sql(BEGIN)
        return
    patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        connection.exec_driver_sql(BEGIN)
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")


def take(connection: Connection) -> None:
    """Wait for a connection's turn. Raises OperationalError, as SQLite does for a database that stays locked."""
    engine, file = connection.engine, connection.engine.url.database
    if not file or file == ":memory:":
        return
    with _one_makes:
        turns = _turns.get(engine) or _turns.setdefault(engine, Turns(f"{file}-turn"))
    try:
        turns.take()
    except TimeoutError as error:
        raise OperationalError(BEGIN, None, error) from error
    connection.info[HELD] = turns


@event.listens_for(Pool, "checkin")
def _give_back(_connection: Any, record: Any) -> None:
    turns: Turns | None = record.info.pop(HELD, None)
    if turns is not None:
        turns.give_back()
