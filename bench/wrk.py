"""wrk, the load generator: one thread and 32 connections that are kept alive, each with its next request at once."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from bench.servers import Server

SCRIPT = Path(__file__).with_suffix(".lua")
CONNECTIONS = 32
COUNTED = re.compile(r"^counted: (\d+) (\d+) (\d+) (\d+) (\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What came back: answers, within how many seconds, their bytes; how many said no, and how many never came."""

    answers: int
    seconds: float
    bytes: int
    refused: int
    lost: int

    @property
    def failed(self) -> int:
        """What may not be in a figure."""
        return self.refused + self.lost


def is_there() -> bool:
    """Whether this machine has it."""
    return shutil.which("wrk") is not None


def again(server: Server, seconds: int, path: str, headers: Mapping[str, str]) -> Run:
    """One request again and again."""
    return _run(seconds, [f"-H{name}: {value}" for name, value in headers.items()], server.url + path)


def each(server: Server, seconds: int, requests: Sequence[bytes], *, once: bool = False) -> Run:
    """Whole requests in turn, over and over; or each once only."""
    with NamedTemporaryFile() as file:
        file.write(b"".join(b"%d\n%b" % (len(request), request) for request in requests))
        file.flush()
        return _run(seconds, [], server.url, "--", file.name, "once" if once else "over")


def _run(seconds: int, options: Sequence[str], *rest: str) -> Run:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout=30s", "-s", str(SCRIPT), *options, *rest]
    return read(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603  no shell


def read(said: str) -> Run:
    """The numbers in what it prints."""
    found = COUNTED.search(said)
    if found is None:
        raise ValueError(f"wrk did not say what it counted: {said}")
    answers, microseconds, volume, refused, lost = map(int, found.groups())
    return Run(answers, microseconds / 1_000_000, volume, refused, lost)
