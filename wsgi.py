"""The WSGI callable, for any server: `granian --interface wsgi wsgi:app`."""

from __future__ import annotations

import gc
import sys

from tribute import logs
from tribute.app import create_app
from tribute.config import BadSetting

logs.configure()
# Seconds for which a thread may go on while others wait. With Python's own 0.005, a thread that is about to be answered
# by the database waits that long for one that renders a page, and does so at each statement with the write lock held.
sys.setswitchinterval(0.0005)

try:
    app = create_app()
except BadSetting as error:
    sys.exit(f"Tribute cannot start. {error}")

gc.freeze()  # the program itself is no garbage: to look through it again and again makes single answers wait
