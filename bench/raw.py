"""A WSGI callable that answers everything with one page out of memory: the limit of a page cache behind this server.

Served as `bench.raw:app`; BENCH_PAGE names the folder with the page's headers and body.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["BENCH_PAGE"])
HEADERS = [(name, value) for name, value in json.loads((FOLDER / "headers.json").read_text())]
BODY = [(FOLDER / "page").read_bytes()]


def app(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The page."""
    start_response("200 OK", HEADERS)
    return BODY
