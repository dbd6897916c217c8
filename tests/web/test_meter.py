"""The counts of all serving processes: none is lost between threads, none when a process dies, none twice."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import pytest

from tribute.web import meter
from tribute.web.meter import LIMITS, OTHERS, ROWS, SUM, Labels, Meter

HOME = Labels("GET", "memorial.show", "200", "hit")
THREADS, TIMES = 8, 20_000
# Another process, that counts so often what it is told to, says so, and waits.
OTHER = """
import sys
from pathlib import Path
from tribute.web.meter import Meter
counted = Meter(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    counted.count(("GET", "memorial.show", "200", "hit"), 0.25)
print("counted", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the counts lie; nobody has made it yet."""
    return tmp_path / "instance" / "metrics"


def counted(one: Meter, labels: Labels = HOME) -> int:
    """How many answers a process tells of, of all processes."""
    return int(sum(one.total()[0].get(labels, [0.0])[:SUM]))


def another(folder: Path, times: int) -> subprocess.Popen[str]:
    """Another process that has counted so often, and lives."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(folder), str(times)], cwd=Path(__file__).parents[2], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "counted\n"
    return process


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_threads_lose_no_count(folder: Path) -> None:
    one = Meter(folder)

    def count(_number: int) -> None:
        for _ in range(TIMES):
            one.count(HOME, 0.5)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(count, range(THREADS)))
    numbers = one.total()[0][HOME]
    assert sum(numbers[:SUM]) == THREADS * TIMES
    assert numbers[SUM] == THREADS * TIMES / 2


def test_an_answer_is_counted_by_how_long_it_took(folder: Path) -> None:
    one = Meter(folder)
    for seconds in (0.0, LIMITS[0], 0.003, 60.0):
        one.count(HOME, seconds)
    numbers = one.total()[0][HOME]
    assert [place for place, number in enumerate(numbers[:SUM]) for _ in range(int(number))] == [0, 0, 3, len(LIMITS)]


def test_whoever_is_asked_tells_of_all_and_a_process_that_died_is_not_forgotten(folder: Path) -> None:
    one = Meter(folder)
    one.count(HOME, 0.25)
    others = [another(folder, times) for times in (10, 200)]
    assert counted(one) == 211
    assert one.total()[1] == 3
    os.kill(others[0].pid, signal.SIGKILL)
    others[0].communicate()
    for _twice in range(2):
        assert counted(one) == 211
        assert one.total()[1] == 2
    assert len(list(folder.iterdir())) == 2
    others[1].communicate("")


def test_after_a_restart_the_counts_go_on(folder: Path) -> None:
    another(folder, 30).communicate("")
    fresh = Meter(folder)
    assert counted(fresh) == 30
    fresh.count(HOME, 0.25)
    assert counted(fresh) == 31
    assert fresh.total()[0][HOME][SUM] == 31 / 4


def test_many_that_are_asked_at_once_agree(folder: Path) -> None:
    for times in (1, 2, 3):
        another(folder, times).communicate("")
    live = [Meter(folder) for _ in range(4)]
    for one in live:
        one.count(HOME, 0.25)
    with ThreadPoolExecutor(len(live) * 2) as pool:
        assert set(pool.map(counted, live * 10)) == {10}


def test_what_is_counted_is_its_owners_alone(folder: Path) -> None:
    Meter(folder).total()
    one = Meter(folder)
    one.count(HOME, 0.25)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(one.file.stat().st_mode) == 0o600


def test_where_nothing_can_be_written_a_process_counts_for_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_file: Path) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(meter, "opened", full)
    one = Meter(folder)
    for _ in range(3):
        one.count(HOME, 0.25)
    assert counted(one) == 3
    assert [record.getMessage() for record in caplog.records] == [
        "what this process answers is counted for itself alone: No space left on device"
    ]


def test_when_the_folder_is_taken_away_it_goes_on(folder: Path) -> None:
    one = Meter(folder)
    one.count(HOME, 0.25)
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    one.count(HOME, 0.25)
    assert counted(one) == 2


def test_what_no_row_is_left_for_is_counted_together(folder: Path) -> None:
    one = Meter(folder)
    for number in range(ROWS + 10):
        one.count(("GET", f"view.{number}", "200", "none"), 0.25)
    found, _processes = one.total()
    assert len(found) == ROWS
    assert sum(found[OTHERS][:SUM]) == 11
    assert sum(sum(numbers[:SUM]) for numbers in found.values()) == ROWS + 10
    assert sum(sum(numbers[:SUM]) for numbers in Meter(folder).total()[0].values()) == ROWS + 10
