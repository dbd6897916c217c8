"""How much the tests of faults do: little in every run, and what was promised in `make faults` and `make soak`."""

from __future__ import annotations

import os

AT_LENGTH = os.environ.get("FAULTS") == "long"
LOAD = 5_000 if AT_LENGTH else 150  # tributes that are sent while processes are killed
CROWD = 25 if AT_LENGTH else 8  # who send, and as many who read, while the database is away
ROWS = 100_000 if AT_LENGTH else 300  # tributes that are migrated
SOAK = int(os.environ.get("SOAK", "5"))  # seconds of mixed load
APPLICATION = "wsgi:app" if AT_LENGTH else "tests.faults.hasty:app"
