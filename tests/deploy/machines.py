"""Several machines on one: a PostgreSQL and a Redis of their own, web processes and workers, each a child."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread
from typing import IO

from tests.browser.server import command, environment
from tests.deploy.nginx import free_port
from tests.deploy.programs import ROOT, needed
from tribute.config import Settings

POSTGRESQL = tuple(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
PATIENCE = 120  # seconds


def until(happened: Callable[[], bool], what: str) -> None:
    """Return once something has happened."""
    ends = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > ends:
            raise AssertionError(what)
        time.sleep(0.1)


def until_none(number: Callable[[], int], what: str) -> None:
    """Return once a number is 0. That may take as long as it likes, if only the number falls."""
    while left := number():
        until(partial(falls, number, left), f"{left} are left: {what}")


def falls(number: Callable[[], int], before: int) -> bool:
    """Whether a number is lower than before."""
    return number() < before


def listens(port: int) -> bool:
    """Whether somebody does."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@dataclass
class Machine:
    """One program that can be killed and started again."""

    name: str
    command: Sequence[str]
    settings: Settings | None
    folder: Path
    port: int = 0
    is_read: bool = False  # whether what it says goes to a terminal first
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it; what it says goes to a file."""
        told = environment(self.settings) if self.settings else {}
        with (self.folder / f"{self.name}.log").open("ab") as file, _terminal(file) if self.is_read else file as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=os.environ | told, stdout=log, stderr=log, start_new_session=True
            )
        if self.port:
            until(lambda: listens(self.port), f"{self.name} does not listen: {self.log()}")

    def kill(self) -> None:
        """End it in the middle of whatever it does, with all that it started."""
        assert self.process
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def log(self) -> str:
        """What it said."""
        return (self.folder / f"{self.name}.log").read_text("utf-8", "replace")


@contextmanager
def _terminal(file: IO[bytes]) -> Iterator[int]:
    """A terminal for a program; what it shows is copied to a file until the program ends."""
    shown, told = os.openpty()
    copied = os.dup(file.fileno())

    def copy() -> None:
        with suppress(OSError):  # nobody has the terminal any more
            while said := os.read(shown, 65_536):
                os.write(copied, said)
        os.close(shown)
        os.close(copied)

    Thread(target=copy, daemon=True).start()
    try:
        yield told
    finally:
        os.close(told)


def web(number: int, settings: Settings, folder: Path) -> Machine:
    """A machine that serves, with one process."""
    port = free_port()
    return Machine(f"web{number}", command(port), settings, folder, port)


def worker(number: int, settings: Settings, folder: Path) -> Machine:
    """A machine that sends mail."""
    return Machine(f"worker{number}", [sys.executable, "-m", "flask", "--app", "wsgi", "tribute", "work"], settings,
                   folder)  # fmt: skip


def redis(folder: Path) -> Machine:
    """A Redis that keeps nothing on disk."""
    port = free_port()
    told = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    return Machine("redis", [needed("redis-server", "redis"), *told], None, folder, port)


class Cluster:
    """A PostgreSQL of one's own that can be stopped as if the power went."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._control = needed("pg_ctl", "postgresql", places=POSTGRESQL)
        options = f"-p {self.port} -k {folder} -c listen_addresses=127.0.0.1"
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-D", str(folder / "data"))
        self._options = ("-D", str(folder / "data"), "-w", "-l", str(folder / "log"), "-o", options)

    @property
    def url(self) -> str:
        """The address of its database for the site."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it; after a hard stop it recovers first."""
        self._run("pg_ctl", *self._options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it at once, without writing anything down."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")

    def _run(self, program: str, *arguments: str) -> None:
        beside = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []  # it refuses to be root
        subprocess.run(
            [*beside, str(Path(self._control).with_name(program)), *arguments], check=True, cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip


@contextmanager
def cluster(place: Path | None = None) -> Iterator[Cluster]:
    """A new one, running, gone at the end of the block. It lies apart: its user may not go into the tests' folders."""
    folder = Path(tempfile.mkdtemp(prefix="tribute-cluster-", dir=place))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        made = Cluster(folder)
        made.start()
        try:
            yield made
        finally:
            with suppress(subprocess.CalledProcessError):
                made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(machines: Sequence[Machine]) -> Iterator[None]:
    """All of them, for the length of a block."""
    try:
        for machine in machines:
            machine.start()
        yield
    finally:
        for machine in machines:
            if machine.process:
                machine.kill()
