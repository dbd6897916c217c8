"""The version of all that is public, read before each page: at once on SQLite, at most once a second on PostgreSQL."""

from __future__ import annotations

import logging
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock, local
from time import monotonic
from typing import Protocol

from sqlalchemy import URL, Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from tribute.domain.anniversary import day_edges, local_day

READ = "SELECT id, public_version, time_zone FROM memorial ORDER BY id"
EVERY = 1.0  # seconds between two readings of PostgreSQL; what this process itself commits is seen at once
CONNECTS_WITHIN = 2  # seconds

Version = tuple[tuple[int, int, str], ...]  # of each memorial: its id, the version, and its time zone

log = logging.getLogger(__name__)


class Versions(Protocol):
    """Where the version is read."""

    def read(self) -> Version | None:
        """The version now; None where the database does not answer."""
        ...

    def renew(self) -> None:
        """Read it anew next time: this process has written."""
        ...


class InFile:
    """SQLite's: a connection for each thread, opened anew where another file was put in its place."""

    def __init__(self, file: Path) -> None:
        self.file, self._local, self._is_gone = file, local(), False

    def read(self) -> Version | None:
        """A few microseconds."""
        try:
            found = tuple(self._connection().execute(READ).fetchall())
        except (sqlite3.Error, OSError) as error:
            if not self._is_gone:  # said once, and not for every page that is served meanwhile
                log.error("the version of what is public cannot be read: %s", error)
            self._is_gone = True
            return None
        self._is_gone = False
        return found

    def renew(self) -> None:
        """Nothing to do: each reading is of this moment."""

    def _connection(self) -> sqlite3.Connection:
        there = os.stat(self.file).st_ino  # noqa: PTH116  before every page: Path takes three times as long
        found: tuple[int, sqlite3.Connection] | None = getattr(self._local, "open", None)
        if found is None or found[0] != there:
            if found is not None:
                found[1].close()
            found = there, sqlite3.connect(f"{self.file.as_uri()}?mode=ro", uri=True, isolation_level=None)
            self._local.open = found
        return found[1]


class OnServer:
    """PostgreSQL's: a short connection of one thread, while the others go by the last answer.

    Not one of the pool: whoever waits for that must not keep kept pages waiting too.
    """

    def __init__(self, url: URL) -> None:
        self._engine: Engine = create_engine(
            url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True,
            connect_args={"connect_timeout": CONNECTS_WITHIN},
        )  # fmt: skip
        self._lock, self._last, self._read_at = Lock(), None, float("-inf")

    _last: Version | None

    def read(self) -> Version | None:
        """The last answer, or a new one."""
        if monotonic() - self._read_at >= EVERY and self._lock.acquire(blocking=self._last is None):
            try:
                self._ask()
            finally:
                self._lock.release()
        return self._last

    def renew(self) -> None:
        """Ask again at once."""
        self._read_at = float("-inf")

    def _ask(self) -> None:
        if monotonic() - self._read_at < EVERY:
            return
        asked_at = monotonic()
        try:
            with self._engine.connect() as connection:
                self._last = tuple((row[0], row[1], row[2]) for row in connection.execute(text(READ)))
        except SQLAlchemyError as error:
            log.error("the version of what is public cannot be read: %s", type(error).__name__)
            self._last = None
        self._read_at = asked_at


def versions_of(url: URL, folder: Path) -> Versions:
    """Where an installation's version is read; a relative SQLite file lies in its folder."""
    return InFile(folder / (url.database or "")) if url.get_backend_name() == "sqlite" else OnServer(url)


def end_of_day(version: Version, seconds: float) -> float:
    """When the day ends first where a memorial is; both moments in seconds of the epoch."""
    at = datetime.fromtimestamp(seconds, UTC)
    ends = (day_edges(local_day(at, zone), zone)[1] for _id, _version, zone in version)
    return min(ends, default=at + timedelta(days=1)).timestamp()
