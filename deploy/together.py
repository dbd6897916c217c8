#!/usr/bin/env python3
"""Run several programs as one: they start together, and when one ends or this is told to stop, all of them stop.

    together.py [--patience SECONDS] PROGRAM [ARGUMENT …] -- PROGRAM [ARGUMENT …]

Each program stands in a group of its own: Ctrl-C reaches this one alone, and every program is told to stop once.
The status is that of the program that ended first; 0 when all were told to stop.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

SEPARATOR = "--"
PATIENCE = 30.0  # seconds for a clean end: a mail in hand, requests under way
LOOKS = 0.2  # seconds between two looks at whether all still run
PR_SET_PDEATHSIG = 1  # prctl(2), Linux


class Stopped(Exception):
    """This program was told to stop."""


def main(arguments: list[str]) -> int:
    """Run the programs that the arguments name until the first of them ends."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    running: list[subprocess.Popen[bytes]] = []
    patience = PATIENCE
    if arguments[:1] == ["--patience"]:
        patience, arguments = float(arguments[1]), arguments[2:]
    try:
        running.extend(start(program) for program in programs(arguments))
        return first_to_end(running)
    except Stopped:
        return 0
    finally:
        end(running, patience)


def programs(arguments: list[str]) -> list[list[str]]:
    """The programs between the separators."""
    found: list[list[str]] = [[]]
    for argument in arguments:
        if argument == SEPARATOR:
            found.append([])
        else:
            found[-1].append(argument)
    return [program for program in found if program]


def start(program: list[str]) -> subprocess.Popen[bytes]:
    """Start one program, which ends with this one even where this one is killed."""
    parent = os.getpid()
    return subprocess.Popen(program, start_new_session=True, preexec_fn=lambda: _end_with(parent))  # noqa: PLW1509


def _end_with(parent: int) -> None:
    """In a new program: be told to stop when the parent dies. Only Linux knows how."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died before that was said
            os._exit(1)


def first_to_end(running: list[subprocess.Popen[bytes]]) -> int:
    """Wait for the first program to end; its status, and never 0: none is meant to end by itself."""
    while True:
        for program in running:
            if (status := program.poll()) is not None:
                return abs(status) or 1
        time.sleep(LOOKS)


def end(running: list[subprocess.Popen[bytes]], patience: float) -> None:
    """Tell every program to stop, and after so many seconds kill what does not, and what any of them has started."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for program in running:
        if program.poll() is None:
            program.terminate()
    until = time.monotonic() + patience
    for program in running:
        with suppress(subprocess.TimeoutExpired):
            program.wait(max(0.0, until - time.monotonic()))
        with suppress(ProcessLookupError):  # also what one that was killed has left behind: it would hold the port
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
