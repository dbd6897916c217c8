"""What is asked of a server while it is measured, and what came of it: no answer that failed passes as a figure."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from bench import processes, visitors, wrk
from bench.servers import Server
from bench.wrk import Run

SECONDS, WARM = 2, 1
TOLERANCE = 0.02  # of an answer's size: what was under way when a run ended was read in part
FIRST, SOME = 16, 200  # tributes that a server is warmed with, one by one and then many at once

Headers = Callable[[Server], Mapping[str, str]]


class Key(NamedTuple):
    """What is measured, and on which database; none where it has none."""

    what: str
    engine: str = ""


@dataclass(frozen=True)
class Figure:
    """Of one run: answers a second, CPU microseconds of an answer, those of PostgreSQL beside, and what failed."""

    rate: float
    cpu: float
    database: float
    answers: int
    failed: int


class Load(Protocol):
    """Something to ask for."""

    what: str

    def warm(self, server: Server) -> None:
        """Ask for it until the server is as it is when it has been up for a while."""
        ...

    def run(self, server: Server) -> tuple[Run, int]:
        """Ask for it; returns what came back, and how many of that were wrong."""
        ...


@dataclass
class Stage:
    """A server, and what is asked of it in turn; it is started anew in each round."""

    open: Callable[[], AbstractContextManager[Server]]
    loads: Sequence[Load]
    engine: str = ""


def plainly(_server: Server) -> Mapping[str, str]:
    """As wrk asks by itself."""
    return {}


@dataclass
class Page:
    """One page again and again: each answer must have the status that is expected, and be as large as the first."""

    what: str
    path: str
    headers: Headers = plainly
    status: int = 200

    def warm(self, server: Server) -> None:
        """Ask for a second."""
        wrk.again(server, WARM, self.path, self.headers(server))

    def run(self, server: Server) -> tuple[Run, int]:
        """Ask once, look closely, and then ask many times."""
        headers = self.headers(server)
        status, size = answered(server, self.path, headers)
        run = wrk.again(server, SECONDS, self.path, headers)
        is_right = status == self.status and abs(run.bytes / max(1, run.answers) / size - 1) < TOLERANCE
        return run, run.failed if is_right else run.answers


@dataclass
class Pages:
    """Different pages in turn, over and over."""

    what: str
    requests: Sequence[bytes]

    def warm(self, server: Server) -> None:
        """Ask for a second."""
        wrk.each(server, WARM, self.requests)

    def run(self, server: Server) -> tuple[Run, int]:
        """Ask for each in turn."""
        run = wrk.each(server, SECONDS, self.requests)
        return run, run.failed


@dataclass
class Posts:
    """Tributes that are sent, none of them twice; each that was acknowledged must be in the database afterwards."""

    what: str
    opened: Callable[[Server, int], list[bytes]]  # so many new ones, ready to be sent
    stored: Callable[[], int]
    _ready: Sequence[bytes] = field(default=(), init=False)

    def warm(self, server: Server) -> None:
        """Send some, and open twice as many as can be sent."""
        some = self.opened(server, FIRST + SOME)
        visitors.send(server, some[:FIRST])
        run = wrk.each(server, SECONDS, some[FIRST:])
        self._ready = self.opened(server, round(2 * SECONDS * run.answers / run.seconds) + SOME)

    def run(self, server: Server) -> tuple[Run, int]:
        """Send as many of them as it takes."""
        before = self.stored()
        run = wrk.each(server, SECONDS, self._ready, once=True)
        lost = max(0, run.answers - run.refused - (self.stored() - before))
        return run, run.failed + lost


def answered(server: Server, path: str, headers: Mapping[str, str]) -> tuple[int, int]:
    """The status of an answer, and its bytes as they come over the line."""
    with closing(server.connection()) as connection:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        head = f"HTTP/1.1 {answer.status} {answer.reason}\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in answer.getheaders()
        )
        return answer.status, len(head) + 2 + len(answer.read())


def measured(server: Server, load: Load, engine: str) -> Figure:
    """Warm a server, and measure one load."""
    load.warm(server)
    cpu, database = processes.cpu(server.processes), processes.postgresql_cpu()
    run, failed = load.run(server)
    cpu, database = processes.cpu(server.processes) - cpu, processes.postgresql_cpu() - database
    each = 1_000_000 / max(1, run.answers)
    beside = database * each if engine == "PostgreSQL" else 0.0
    return Figure(run.answers / run.seconds, cpu * each, beside, run.answers, failed or int(run.answers == 0))


def rounds(stages: Sequence[Stage], number: int) -> dict[Key, list[Figure]]:
    """All in turn, and again: what drifts with the machine drifts for all."""
    found: dict[Key, list[Figure]] = {}
    for _ in range(number):
        for stage in stages:
            with stage.open() as server:
                for load in stage.loads:
                    figure = measured(server, load, stage.engine)
                    found.setdefault(Key(load.what, stage.engine), []).append(figure)
                    print(f"{load.what} {stage.engine}: {figure.rate:,.0f} a second", file=sys.stderr)
    return found
