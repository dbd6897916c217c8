"""The version of what is public, read from a file that others write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from tests import databases
from tribute.web import public_version
from tribute.web.public_version import InFile

DRAW = "UPDATE memorial SET public_version = ?"


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Path:
    """A database with what ships."""
    databases.sqlite_copy(sqlite_template, tmp_path)
    return next(tmp_path.glob("*.db"))


@pytest.fixture
def writer(file: Path) -> Iterator[sqlite3.Connection]:
    """A program beside, which writes through the log."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    yield connection
    connection.close()


def drawn(versions: InFile) -> int | None:
    """The one memorial's."""
    read = versions.read()
    return read[0][1] if read else None


def test_each_reading_is_of_its_moment(file: Path, writer: sqlite3.Connection) -> None:
    versions = InFile(file)
    for number in range(200):
        writer.execute(DRAW, (number,))
        assert (drawn(versions), drawn(versions)) == (number, number)
        if number % 50 == 0:
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_while_nobody_writes_the_database_is_not_asked(
    file: Path, writer: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.execute(DRAW, (1,))
    versions = InFile(file)
    assert drawn(versions) == 1
    monkeypatch.setattr(public_version, "READ", "SELECT of nothing")
    assert drawn(versions) == 1
    writer.execute(DRAW, (2,))
    assert drawn(versions) is None


def test_a_file_without_such_a_log_is_read_each_time(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",)
    versions = InFile(file)
    for number in range(3):
        with sqlite3.connect(file) as connection:
            connection.execute(DRAW, (number,))
        connection.close()
        assert drawn(versions) == number


def test_another_file_in_its_place_is_seen(file: Path, writer: sqlite3.Connection) -> None:
    versions = InFile(file)
    writer.execute(DRAW, (1,))
    assert drawn(versions) == 1
    other = file.with_name("other.db")
    writer.execute("VACUUM INTO ?", (str(other),))
    with sqlite3.connect(other) as connection:
        connection.execute(DRAW, (2,))
    connection.close()
    writer.close()
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    other.rename(file)
    assert drawn(versions) == 2
    file.unlink()
    assert drawn(versions) is None


def test_no_thread_ever_reads_what_was_before(file: Path, writer: sqlite3.Connection) -> None:
    """A number that was written before a reading began is never read as an earlier one."""
    versions, written, late = InFile(file), [0], list[tuple[int, int]]()
    writer.execute(DRAW, (0,))

    def read() -> None:
        while written[0] < 500:
            least, found = written[0], drawn(versions)
            if found is None or found < least:
                late.append((least, found or -1))

    readers = [Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 501):
        writer.execute(DRAW, (number,))
        written[0] = number
    for reader in readers:
        reader.join()
    assert late == []
