"""What the site takes to start and to stay, beside a bare import of the libraries that it loads."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from bench import processes, servers, sites, visitors, wrk
from bench.measure import timed
from bench.servers import ROOT, Server
from bench.sites import Site
from bench.stages import CACHE, HOME, SIZES, WALL

TIMES = 3
SECONDS = 2
ASKED = (HOME, WALL, "/en/search?q=20")
OWN = ("tribute", "wsgi")
LOADED = """
import sys
before = set(sys.modules)
import wsgi
client = wsgi.app.test_client()
assert all(client.get(path).status_code == 200 for path in {asked})
found = [name for name, module in sys.modules.items() if name not in before and getattr(module, "__spec__", None)]
print(*(name for name in found if name.partition(".")[0] not in {own}), sep="\\n")
"""


@dataclass(frozen=True)
class Footprint:
    """Seconds and bytes, each of the site and of the bare import."""

    start: float
    bare_start: float
    memory: int
    bare_memory: int


def footprint(engine: str, folder: Path) -> Footprint:
    """Measure both on one database."""
    site = replace(sites.with_corpus(engine, SIZES[0]), page_cache=CACHE)
    listed = {"BENCH_LIBRARIES": str(folder / "libraries")}
    Path(listed["BENCH_LIBRARIES"]).write_text(loaded(site))
    imports = (("wsgi", site.environment), ("bench.libraries", {**os.environ, **listed}))
    took = [[timed(lambda one=one: import_(*one))[0] / 1000 for one in imports] for _ in range(TIMES)]  # type: ignore[misc]
    start, bare_start = map(statistics.median, zip(*took, strict=True))
    own, bare = stays(sites.served(site)), stays(servers.granian("bench.libraries:app", {**os.environ, **listed}))
    return Footprint(start, bare_start, own, bare)


def loaded(site: Site) -> str:
    """Every module that the site loads until it has answered, without its own."""
    script = LOADED.format(asked=ASKED, own=OWN)
    return subprocess.run(  # noqa: S603  our own program, no shell
        [sys.executable, "-c", script], cwd=ROOT, env=site.environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def import_(module: str, environment: Mapping[str, str]) -> None:
    """Start Python, import, and end."""
    subprocess.run([sys.executable, "-c", f"import {module}"], cwd=ROOT, env=environment, check=True)  # noqa: S603


def stays(serving: AbstractContextManager[Server]) -> int:
    """Bytes of a server that has answered for a while."""
    with serving as server:
        wrk.each(server, SECONDS, [visitors.request("GET", path) for path in ASKED])
        return processes.memory(server.processes)
