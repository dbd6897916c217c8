"""Site and worker as one: they start together and stop together, however one of them ends. Nothing is left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOGETHER = ROOT / "deploy" / "together.py"
START = (sys.executable, str(TOGETHER), "--patience")
PATIENCE = 240  # seconds
# A program that tells its number, and ends when it is told to, or, stubborn, does not.
PROGRAM = """
import os, signal, subprocess, sys, time
name, behaviour = sys.argv[1:]
def stop(number, frame):
    open(name + '.told', 'a').write(f'{number}\\n')
    if behaviour != 'stubborn':
        sys.exit(0)
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, stop)
if behaviour == 'starts':
    started = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
    open(name + '.started', 'w').write(str(started.pid))
open(name, 'w').write(str(os.getpid()))
while not (behaviour == 'ends' and os.path.exists(name + '.end')):
    time.sleep(0.05)
sys.exit(3)
"""


@contextmanager
def together(
    folder: Path, *behaviours: str, patience: float = 30
) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """Programs that run as one, once all have started: the one that holds them, and their numbers."""
    files = [folder / f"program{number}" for number in range(len(behaviours))]
    arguments: list[str] = []
    for file, behaviour in zip(files, behaviours, strict=True):
        arguments += ["--", sys.executable, "-c", PROGRAM, str(file), behaviour]
    with subprocess.Popen([*START, f"{patience}", *arguments[1:]]) as holder:
        try:
            until(lambda: all(file.exists() and file.read_text() for file in files), "the programs never started")
            yield holder, [int(file.read_text()) for file in files]
        finally:
            holder.kill()


def until(happened: object, what: str) -> None:
    """Return once something has happened."""
    assert callable(happened)
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError(what)


def are_gone(numbers: list[int]) -> bool:
    """Whether no program of these numbers runs any more."""
    return not any(Path(f"/proc/{number}").exists() and is_alive(number) for number in numbers)


def is_alive(number: int) -> bool:
    """Whether it is more than a name that nobody has taken note of."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_stop_all_stop_and_each_is_told_once(tmp_path: Path, number: signal.Signals) -> None:
    with together(tmp_path, "obeys", "obeys") as (holder, numbers):
        holder.send_signal(number)
        assert holder.wait(PATIENCE) == 0
        assert are_gone(numbers)
    assert [file.read_text() for file in sorted(tmp_path.glob("*.told"))] == [f"{int(signal.SIGTERM)}\n"] * 2


def test_when_one_ends_the_other_is_told_to(tmp_path: Path) -> None:
    with together(tmp_path, "obeys", "ends") as (holder, numbers):
        (tmp_path / "program1.end").touch()
        assert holder.wait(PATIENCE) == 3
        assert are_gone(numbers)
    assert (tmp_path / "program0.told").exists()


def test_when_one_is_killed_the_other_ends_and_the_status_tells(tmp_path: Path) -> None:
    with together(tmp_path, "obeys", "obeys") as (holder, numbers):
        os.kill(numbers[0], signal.SIGKILL)
        assert holder.wait(PATIENCE) == signal.SIGKILL
        assert are_gone(numbers)


def test_what_one_that_is_killed_had_started_ends_with_it(tmp_path: Path) -> None:
    with together(tmp_path, "starts", "obeys") as (holder, numbers):
        started = int((tmp_path / "program0.started").read_text())
        os.kill(numbers[0], signal.SIGKILL)
        assert holder.wait(PATIENCE) == signal.SIGKILL
        until(lambda: are_gone([started]), "what it had started was left behind")


def test_one_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    with together(tmp_path, "stubborn", "obeys", patience=1) as (holder, numbers):
        holder.terminate()
        assert holder.wait(PATIENCE) == 0
        assert are_gone(numbers)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a program that its parent died")
def test_when_the_one_that_holds_them_is_killed_none_is_left(tmp_path: Path) -> None:
    with together(tmp_path, "obeys", "obeys") as (holder, numbers):
        holder.kill()
        until(lambda: are_gone(numbers), "a program was left behind")


def test_a_program_that_is_not_there_leaves_no_other_running(tmp_path: Path) -> None:
    file = tmp_path / "program0"
    command = [sys.executable, "-c", PROGRAM, str(file), "obeys", "--", str(tmp_path / "nothing")]
    ended = subprocess.run(
        [sys.executable, str(TOGETHER), *command], capture_output=True, check=False, timeout=PATIENCE
    )
    assert ended.returncode == 1
    assert not file.exists() or are_gone([int(file.read_text())])


def test_make_run_starts_site_and_worker_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        port = found.getsockname()[1]
    surroundings = {key: said for key, said in os.environ.items() if not key.startswith(("TRIBUTE_", "MAKE"))}
    surroundings["TRIBUTE_INSTANCE_PATH"] = str(tmp_path / "instance")
    command = ["make", "run", f"PORT={port}", "WORKERS=1"]
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(
        command, cwd=ROOT, env=surroundings, stdout=log, stderr=log, start_new_session=True
    ) as made:  # fmt: skip
        try:
            until(lambda: answers(port), f"the site never answered: {(tmp_path / 'log').read_text()}")
            started = children(made.pid)
            assert any("tribute work" in said for said in started.values()), started
            assert any("granian" in said for said in started.values()), started
            os.killpg(made.pid, signal.SIGINT)  # as Ctrl-C does
            made.wait(PATIENCE)
            until(lambda: are_gone(list(started)), f"left behind: {started}")
        finally:
            made.terminate()
    assert not answers(port)
    assert "Traceback" not in (tmp_path / "log").read_text()


def answers(port: int) -> bool:
    """Whether somebody listens."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


def children(number: int) -> dict[int, str]:
    """Every program under one, with its command."""
    found: dict[int, str] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            said = (stat.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if parent == number:
            key = int(stat.parent.name)
            found |= {key: said} | children(key)
    return found
