"""What the serving processes of a machine have answered, counted.

Each process counts alone and without a lock, in memory that is a file of the instance folder. Whoever is asked for the
numbers reads the files of all. What a process that is gone has left is added to the reader's own numbers, so that no
number ever falls: a process that died or a restart looks like nothing at all.
"""

from __future__ import annotations

import fcntl
import logging
import mmap
import os
import secrets
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from zlib import crc32

from tribute.config import alone_in

LIMITS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
SUM = len(LIMITS) + 1  # the place of all seconds together; the one before counts what took longer than any limit
WIDTH = SUM + 1  # numbers of a row
NAME = 128  # bytes of a row before its numbers
ROW = NAME + 8 * WIDTH
ROWS = 1024
SIZE = ROW * ROWS
SUFFIX = f".{crc32(repr((LIMITS, NAME, ROWS)).encode()):08x}.counts"  # another layout is another file

log = logging.getLogger(__name__)


class Labels(NamedTuple):
    """What tells rows apart: the view, and what the page cache had to do with the answer."""

    method: str
    route: str
    status: str
    cache: str


OTHERS = Labels("", "other", "", "")  # what no row is left for
Numbers = list[float]


class Meter:
    """This process's numbers. It has no file before something is counted."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / f"{os.getpid()}-{secrets.token_hex(4)}{SUFFIX}"
        self._places: dict[tuple[str, str, str, str], int] = {}
        self._lock = Lock()
        self._memory: mmap.mmap | None = None
        self._numbers = memoryview(b"").cast("d")

    def count(self, labels: tuple[str, str, str, str], seconds: float) -> None:
        """Count one answer. Threads need no lock: CPython changes between them at calls and jumps alone."""
        try:
            place = self._places[labels]
        except KeyError:
            place = self._place(Labels(*labels))
        at, numbers = place + bisect_left(LIMITS, seconds), self._numbers
        numbers[at] += 1.0
        numbers[place + SUM] += seconds

    def total(self) -> tuple[dict[Labels, Numbers], int]:
        """Each row over all processes of the machine, and how many processes there are."""
        with self._lock:
            self._open()
        found: list[dict[Labels, Numbers]] = []
        if self.folder.is_dir():
            with alone_in(self.folder):
                others = [file for file in self.folder.glob(f"*{SUFFIX}") if file != self.file]
                found = [rows for file in others if (rows := self._read(file)) is not None]
        places = dict(self._places).items()
        own = {Labels(*labels): list(self._numbers[place : place + WIDTH]) for labels, place in places}
        return together([own, *found]), len(found) + 1

    def _read(self, file: Path) -> dict[Labels, Numbers] | None:
        """What another process has counted; None for one that is gone, whose numbers are this one's from now on."""
        with file.open("rb") as stream:
            is_gone = _is_free(stream.fileno())
            rows = rows_of(stream.read())
            if not is_gone:
                return rows
            for labels, numbers in rows.items():
                place = self._place(labels)
                for at, number in enumerate(numbers, place):
                    self._numbers[at] += number
            file.unlink()
        return None

    def _place(self, labels: Labels) -> int:
        """Where a row's numbers begin, made when it is first counted."""
        with self._lock:
            memory, number = self._open(), len(self._places)
            if labels not in self._places and number >= ROWS - 1:
                labels = OTHERS
            if labels not in self._places:
                name = "\t".join(labels).encode()
                memory[number * ROW : number * ROW + len(name)] = name
                self._places[labels] = (number * ROW + NAME) // 8
            return self._places[labels]

    def _open(self) -> mmap.mmap:
        """The memory: a file of this process's own, or nobody else's where there can be none."""
        if self._memory is None:
            try:
                self._memory = opened(self.file)
            except OSError as error:
                log.warning("what this process answers is counted for itself alone: %s", error.strerror)
                self._memory = mmap.mmap(-1, SIZE)
            self._numbers = memoryview(self._memory).cast("d")
        return self._memory


def opened(file: Path) -> mmap.mmap:
    """A new file as memory. It is locked, by the mapping's own copy of the descriptor, for as long as that lives."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone_in(file.parent):
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            os.write(descriptor, bytes(SIZE))  # the room is taken now: a full disk must not end the process later
            return mmap.mmap(descriptor, SIZE)
        finally:
            os.close(descriptor)


def _is_free(descriptor: int) -> bool:
    """Whether nobody holds a file any more; it is held from now on."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def rows_of(content: bytes) -> dict[Labels, Numbers]:
    """The rows in a file, to the first that has no name."""
    found: dict[Labels, Numbers] = {}
    for start in range(0, len(content) - ROW + 1, ROW):
        name = content[start : start + NAME].rstrip(b"\0").decode(errors="replace").split("\t")
        if len(name) != len(Labels._fields):
            break
        found[Labels(*name)] = list(memoryview(content[start + NAME : start + ROW]).cast("d"))
    return found


def together(each: Iterable[Mapping[Labels, Numbers]]) -> dict[Labels, Numbers]:
    """The same rows of several, added up."""
    found: dict[Labels, Numbers] = {}
    for rows in each:
        for labels, numbers in rows.items():
            before = found.get(labels, [0.0] * WIDTH)
            found[labels] = [one + other for one, other in zip(before, numbers, strict=True)]
    return found
