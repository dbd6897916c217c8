"""The version of all that is public, read before each page: at once on SQLite, at most once a second on PostgreSQL."""

from __future__ import annotations

import logging
import mmap
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import NamedTuple, Protocol
from weakref import finalize

from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from tribute.domain.anniversary import day_edges, local_day
from tribute.models import tells_only_of_more
from tribute.web import silence

READ = "SELECT id, public_version, time_zone FROM memorial ORDER BY id"
EVERY = 1.0  # seconds between two readings of PostgreSQL; what this process itself commits is seen at once
CONNECTS_WITHIN = ANSWERS_WITHIN = 2  # seconds
LOOKS_EVERY = 0.1  # seconds between two looks whether another SQLite file was put in place
HEADER = 48  # bytes: the first of the two in the index, which is written last

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
    """SQLite's: read again when the index of its log says that somebody has written since.

    While nobody writes that is a look at 48 bytes of shared memory, and no call in which another thread takes over.
    """

    def __init__(self, file: Path) -> None:
        self.file, self._lock, self._is_gone = file, Lock(), False
        self._opened: Opened | None = None
        self._looked_at = float("-inf")
        self._last: tuple[bytes, Version] = b"", ()

    def read(self) -> Version | None:
        """The version of this moment; where another file is put in its place, within a tenth of a second."""
        try:
            if monotonic() - self._looked_at >= LOOKS_EVERY or self._opened is None:
                self._opened = self._look()
            written, (read_at, last) = self._opened.written(), self._last
            found = last if written and written == read_at else self._ask(self._opened)
        except (sqlite3.Error, OSError) as error:
            if not self._is_gone:  # said once, and not for every page that is served meanwhile
                log.error("the version of what is public cannot be read: %s", error)
            self._is_gone = True
            return None
        self._is_gone = False
        return found

    def renew(self) -> None:
        """Nothing to do: each reading is of this moment."""

    def _look(self) -> Opened:
        with self._lock:
            number, found = os.stat(self.file).st_ino, self._opened  # noqa: PTH116  Path takes three times as long
            if found is None or found.number != number or found.log_index is None:
                self._last, found = (b"", ()), opened(self.file, number, found)
            self._looked_at = monotonic()
            return found

    def _ask(self, opened: Opened) -> Version:
        with self._lock:
            written = opened.written()  # before the reading: what is written meanwhile is seen by the next
            found = tuple(opened.connection.execute(READ).fetchall())
            self._last = written, found
        return found


class Opened(NamedTuple):
    """A SQLite file that is open: its inode, a connection, and its log's index."""

    number: int
    connection: sqlite3.Connection
    log_index: mmap.mmap | None  # there is none before the file has such a log

    def written(self) -> bytes:
        """What changes with each transaction: https://www.sqlite.org/walformat.html, "The WAL-Index Header"."""
        return self.log_index[:HEADER] if self.log_index is not None else b""


# For good, also after another file took the place: to close a file that SQLite has open in the same process lets go of
# all its locks (https://www.sqlite.org/howtocorrupt.html), and then the index could be cut off under who reads it.
_never_closed: list[Opened] = []


def opened(file: Path, number: int, before: Opened | None) -> Opened:
    """Open it, with the connection from before where only the index was missing. Raises sqlite3.Error and OSError."""
    if before is not None and before.number == number:
        connection = before.connection
    else:
        address = f"{file.as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute(READ).fetchall()  # the first reading opens the log, and its index with it
    shared = file.with_name(file.name + "-shm")
    if not shared.exists():
        return Opened(number, connection, None)
    found = Opened(number, connection, mmap.mmap(os.open(shared, os.O_RDONLY), HEADER, prot=mmap.PROT_READ))
    _never_closed.append(found)
    return found


class OnServer:
    """PostgreSQL's: one thread asks, while the others go by the last answer.

    Over a connection of its own: whoever waits for one of the pool must not keep kept pages waiting too.
    """

    def __init__(self, url: URL) -> None:
        self._engine: Engine = create_engine(
            url, pool_size=1, max_overflow=0, pool_pre_ping=True, isolation_level="AUTOCOMMIT", hide_parameters=True,
            connect_args={"connect_timeout": CONNECTS_WITHIN},
        )  # fmt: skip
        silence.bound(self._engine, lambda: ANSWERS_WITHIN)
        finalize(self, self._engine.dispose)
        self._lock, self._last, self._read_at = Lock(), None, float("-inf")
        self._was_asked = False

    _last: Version | None

    def read(self) -> Version | None:
        """The last answer, or a new one. Only for the first does anybody wait while another asks."""
        if monotonic() - self._read_at >= EVERY and self._lock.acquire(blocking=not self._was_asked):
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
            self._last, asked_at = None, monotonic()  # it may have taken all the seconds of a server that is silent
        self._read_at, self._was_asked = asked_at, True


def versions_of(url: URL, folder: Path) -> Versions:
    """Where an installation's version is read; a relative SQLite file lies in its folder."""
    return InFile(folder / (url.database or "")) if url.get_backend_name() == "sqlite" else OnServer(url)


def only_more_since(before: Version, version: Version) -> bool:
    """Whether all that was public before still is as it was, and something may have been added."""
    each = zip(before, version, strict=False)
    return len(before) == len(version) and all(
        (old[0], old[2]) == (new[0], new[2]) and tells_only_of_more(old[1], new[1]) for old, new in each
    )


def end_of_day(version: Version, seconds: float) -> float:
    """When the day ends first where a memorial is; both moments in seconds of the epoch."""
    at = datetime.fromtimestamp(seconds, UTC)
    ends = (day_edges(local_day(at, zone), zone)[1] for _id, _version, zone in version)
    return min(ends, default=at + timedelta(days=1)).timestamp()
