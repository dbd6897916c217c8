"""Writers of one SQLite file take turns: none fails and none is passed by, in one process and in several."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count as steps
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from tribute import extensions, turns  # the first makes engines take turns
from tribute.models.base import WRITE

ROOT = Path(__file__).parents[2]
FOR_EVER = "PRAGMA busy_timeout=3600000"
HOLD = """
import sys
from sqlalchemy import create_engine
from tribute import extensions
from tribute.models.base import WRITE
with create_engine(sys.argv[1]).connect().execution_options(**WRITE) as connection:
    connection.begin()
    print("begun", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with one number."""
    file = tmp_path / "site.db"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counted (number INTEGER)"))
        connection.execute(text("INSERT INTO counted VALUES (0)"))
    engine.dispose()
    return file


def engine_on(file: Path) -> Engine:
    """An engine whose connections do not wait for SQLite's lock at all: what waits is the turn."""
    return create_engine(f"sqlite:///{file}", pool_size=8, connect_args={"check_same_thread": False})


@pytest.fixture
def engines(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Engine]]:
    """Two, as of two processes. A connection is opened with the driver's own patience, and then has none."""
    opening = [each for each in extensions.PRAGMAS if "busy_timeout" not in each]
    monkeypatch.setattr(extensions, "PRAGMAS", (*opening, "PRAGMA busy_timeout=0"))
    made = [engine_on(file), engine_on(file)]
    yield made
    for engine in made:
        engine.dispose()


def count(engine: Engine) -> None:
    """Read and write in one transaction."""
    with engine.connect().execution_options(**WRITE) as connection, connection.begin():
        number = connection.execute(text("SELECT number FROM counted")).scalar_one()
        connection.execute(text("UPDATE counted SET number = :number"), {"number": number + 1})


def counted(engine: Engine) -> int:
    """What there is."""
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT number FROM counted")).scalar_one())


def test_many_writers_in_two_pools_all_write(engines: list[Engine]) -> None:
    with ThreadPoolExecutor(8) as several:
        for done in [several.submit(count, engines[number % 2]) for number in range(80)]:
            done.result()
    assert counted(engines[0]) == 80


def test_without_turns_the_same_writers_are_refused(engines: list[Engine], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "take", lambda _connection: None)
    with ThreadPoolExecutor(8) as several:
        done = [several.submit(count, engines[number % 2]) for number in range(80)]
    assert [each for each in done if isinstance(each.exception(), OperationalError)]


def test_a_turn_ends_with_what_went_wrong(engines: list[Engine]) -> None:
    connection = engines[0].connect().execution_options(**WRITE)
    with pytest.raises(OperationalError):
        connection.execute(text("SELECT of nothing"))
    connection.close()
    connection = engines[0].connect().execution_options(**WRITE)
    connection.begin()
    connection.invalidate()
    connection.close()
    count(engines[1])
    assert counted(engines[0]) == 1


def test_who_waits_too_long_for_others_of_its_process_is_told_so(
    engines: list[Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    holder = engines[0].connect().execution_options(**WRITE)
    holder.begin()
    with ThreadPoolExecutor(1) as another, pytest.raises(OperationalError):
        another.submit(count, engines[0]).result()
    holder.close()
    count(engines[0])
    assert counted(engines[0]) == 1


def test_whose_turn_comes_late_writes_at_once_and_waits_for_no_lock(
    engines: list[Engine], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = steps(0, turns.PATIENCE)  # each who takes a turn waited so long for other processes
    monkeypatch.setattr(turns, "monotonic", lambda: next(moments))
    monkeypatch.setattr(extensions, "PRAGMAS", (*extensions.PRAGMAS, FOR_EVER))
    patient = engine_on(file)
    count(patient)
    with ThreadPoolExecutor(1) as late, closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            late.submit(count, patient).result(timeout=60)
    count(patient)
    with patient.connect() as connection:
        assert f"PRAGMA busy_timeout={connection.execute(text('PRAGMA busy_timeout')).scalar()}" == FOR_EVER
    patient.dispose()
    assert counted(engines[0]) == 2


def test_the_turn_of_a_process_that_is_killed_is_the_next_ones(file: Path, engines: list[Engine]) -> None:
    command = [sys.executable, "-c", HOLD, f"sqlite:///{file}"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "begun\n"
        with ThreadPoolExecutor(1) as another:
            waiting = another.submit(count, engines[0])
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
            holder.send_signal(signal.SIGKILL)
            waiting.result(timeout=60)
    assert counted(engines[0]) == 1


def test_where_there_can_be_no_file_writers_wait_as_sqlite_lets_them(
    engines: list[Engine], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "open", full)
    for _ in range(2):
        count(engines[0])
    assert counted(engines[0]) == 2
    assert [record.getMessage() for record in caplog.records] == [
        "writers wait as SQLite lets them: No space left on device"
    ]
