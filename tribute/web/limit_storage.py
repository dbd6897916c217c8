"""Where limits are counted: a SQLite file of their own that all workers share, or Redis; and the day's key there."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from pathlib import Path

from limits.storage import RedisStorage, Storage
from limits.storage.base import MovingWindowSupport

SCHEME = "tribute-limits"
WAIT = 2.0  # seconds for another worker's write; then the process counts by itself for a while
DAY = 86_400  # seconds
TABLES = """
CREATE TABLE IF NOT EXISTS hit (key TEXT NOT NULL, at REAL NOT NULL, expires REAL NOT NULL);
CREATE INDEX IF NOT EXISTS ix_hit_key ON hit (key, at);
CREATE INDEX IF NOT EXISTS ix_hit_expires ON hit (expires);
CREATE TABLE IF NOT EXISTS day_key (day TEXT PRIMARY KEY, key BLOB NOT NULL);
"""


class SqliteStorage(Storage, MovingWindowSupport):
    """Moving windows in SQLite. The file may be lost: nothing in it outlives a day, so it never waits for the disk.

    `uri` is SCHEME:// and a file's path; without a path it is the process's own memory.
    """

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012  the library's way to find it

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: float | str | bool) -> None:
        """Open the file, made for its owner alone where it is new. Raises OSError, sqlite3.Error."""
        super().__init__(uri, wrap_exceptions)
        path = (uri or "").removeprefix(f"{SCHEME}://")
        if path:
            Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            Path(path).touch(mode=0o600)
        self.path = path or ":memory:"
        self.lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What goes wrong here."""
        return sqlite3.Error

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` more within the last `expiry` seconds, unless that would be more than `limit`."""
        at = time.time()
        with self.lock, self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM hit WHERE expires <= ?", (at,))
            is_free = self._counted(connection, key, at - expiry)[1] + amount <= limit
            if is_free:
                connection.executemany("INSERT INTO hit VALUES (?, ?, ?)", [(key, at, at + expiry)] * amount)
        return is_free

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest that still counts came, and how many count."""
        at = time.time()
        with self.lock, self._open() as connection:
            oldest, count = self._counted(connection, key, at - expiry)
        return oldest or at, count

    def day_key(self, day: str) -> bytes:
        """The random key of a day, the same for all workers; those of other days are destroyed."""
        with self.lock, self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM day_key WHERE day <> ?", (day,))
            connection.execute("INSERT OR IGNORE INTO day_key VALUES (?, ?)", (day, secrets.token_bytes(32)))
            return bytes(connection.execute("SELECT key FROM day_key WHERE day = ?", (day,)).fetchone()[0])

    def check(self) -> bool:
        """Whether it can be written again."""
        try:
            with self.lock, self._open() as connection:
                connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            self._connection = None
            return False
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        with self.lock, self._open() as connection:
            return connection.execute("DELETE FROM hit").rowcount

    def clear(self, key: str) -> None:
        """Forget what was counted for a key."""
        with self.lock, self._open() as connection:
            connection.execute("DELETE FROM hit WHERE key = ?", (key,))

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Fixed windows, which the library asks every storage for; none of our limits is one."""
        raise NotImplementedError

    get = get_expiry = incr  # type: ignore[assignment]  # of other shapes, and as little asked for

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            made = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None, check_same_thread=False)
            made.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA secure_delete=ON; {TABLES}")
            self._connection = made
        return self._connection

    @staticmethod
    def _counted(connection: sqlite3.Connection, key: str, since: float) -> tuple[float | None, int]:
        row: tuple[float | None, int] = connection.execute(
            "SELECT min(at), count(*) FROM hit WHERE key = ? AND at > ?", (key, since)
        ).fetchone()
        return row


def day_key(storage: Storage, day: str) -> bytes:
    """The random key of a day: kept where the limits are, so that all who count together have the same."""
    if isinstance(storage, SqliteStorage):
        return storage.day_key(day)
    if isinstance(storage, RedisStorage):
        name = f"tribute:day-key:{day}"
        storage.storage.set(name, secrets.token_bytes(32), nx=True, ex=DAY)
        return bytes(storage.storage.get(name))
    raise TypeError(storage)
