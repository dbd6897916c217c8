"""The WSGI callable, for any server: `granian --interface wsgi wsgi:app`."""

from __future__ import annotations

import gc
import sys

from tribute import logs
from tribute.app import create_app
from tribute.config import BadSetting

logs.configure()

try:
    app = create_app()
except BadSetting as error:
    sys.exit(f"Tribute cannot start. {error}")

gc.freeze()  # the program itself is no garbage: to look through it again and again makes single answers wait
