"""The WSGI callable, for any server: `granian --interface wsgi wsgi:app`."""

from __future__ import annotations

import gc
import sys

from tribute import logs
from tribute.app import create_app
from tribute.config import BadSetting

logs.configure()
# Seconds for which a thread may go on while others wait. With Python's own 0.005 a tribute, whose statements each wait
# that long for a thread that renders a page, holds the write lock for half as long again; with less, threads that all
# work change places for nothing: docs/performance.md.
sys.setswitchinterval(0.0015)

try:
    app = create_app()
except BadSetting as error:
    sys.exit(f"Tribute cannot start. {error}")

gc.freeze()  # the program itself is no garbage: to look through it again and again makes single answers wait
