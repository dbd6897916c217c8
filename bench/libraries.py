"""A WSGI callable that imports what it is told to and says nothing: what the libraries take by themselves.

Served as `bench.libraries:app`; BENCH_LIBRARIES is a file with a module a line.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

for name in Path(os.environ["BENCH_LIBRARIES"]).read_text().split():
    import_module(name)


def app(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Nothing."""
    start_response("200 OK", [("Content-Length", "0")])
    return []
