"""What processes cost: the CPU time and the memory of a server with all that it started, and PostgreSQL's CPU time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")  # of a second


@dataclass(frozen=True)
class Process:
    """One process: what it and those of its children that have ended took of the CPU, in seconds."""

    number: int
    name: str
    parent: int
    cpu: float


def every() -> dict[int, Process]:
    """Every process by its number; none where the system has no /proc."""
    return {found.number: found for file in PROC.glob("[0-9]*/stat") if (found := _read(file)) is not None}


def _read(file: Path) -> Process | None:
    try:
        said = file.read_text()
    except OSError:  # it has ended meanwhile
        return None
    name, rest = said[said.index("(") + 1 : said.rindex(")")], said[said.rindex(")") + 2 :].split()
    return Process(int(file.parent.name), name, int(rest[1]), sum(map(int, rest[11:15])) / TICKS)


def family(number: int) -> Iterator[Process]:
    """A process and all that it and those started."""
    known = every()
    if number in known:
        yield known[number]
    waiting = [number]
    while waiting:
        parent = waiting.pop()
        children = [process for process in known.values() if process.parent == parent]
        yield from children
        waiting += [child.number for child in children]


def cpu(numbers: Iterable[int]) -> float:
    """Seconds that processes and their families have taken of the CPU."""
    return sum(process.cpu for number in numbers for process in family(number))


def memory(numbers: Iterable[int]) -> int:
    """Bytes of processes and their families, what they share with others counted by their part of it (PSS)."""
    return sum(_pss(process.number) for number in numbers for process in family(number))


def _pss(number: int) -> int:
    lines = (PROC / str(number) / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))


def postgresql_cpu() -> float:
    """Seconds that a PostgreSQL on this machine has taken of the CPU, for all its databases together."""
    return sum(process.cpu for process in every().values() if process.name == "postgres")
