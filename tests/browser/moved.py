"""The site under a clock that a test moves: the file named by CLOCK_FILE holds the moment it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine

from wsgi import app as site

FILE = Path(os.environ["CLOCK_FILE"])


class Clock:
    """Goes on from the moment that the file names, from when it first names it."""

    def __init__(self) -> None:
        self.said = ""
        self.travel: time_machine.travel | None = None

    def look(self) -> None:
        """See whether the test has moved it."""
        said = FILE.read_text()
        if said != self.said:
            if self.travel is not None:
                self.travel.stop()
            self.said, self.travel = said, time_machine.travel(datetime.fromisoformat(said))
            self.travel.start()


clock = Clock()


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI callable."""
    clock.look()
    return site(environ, start_response)
