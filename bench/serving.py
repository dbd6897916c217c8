"""`make bench`: how many answers the site gives, beside the limits of its server and a peer; and the anniversary.

    python -m bench.serving --write

Makes its corpora under instance/bench and in databases of PostgreSQL's named tribute_bench_… the first time, and keeps
them; what writes has databases of its own, made anew. Every number is of this run.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import anniversary, footprint, isso, sites, stages, told, wrk
from bench.loads import SECONDS, rounds
from bench.report import PAGE, machine, put
from bench.sites import ENGINES
from bench.stages import Asked
from bench.told import Measured

PICTURES = PAGE.parent / "img"
BEGIN, END = "<!-- bench: what the last run wrote -->\n", "<!-- bench: end -->\n"
INSTALL = "On Debian and Ubuntu: apt install"


def main() -> int:
    """Measure, print, and write where that is asked for."""
    asked = argparse.ArgumentParser(prog="make bench", description="Measure reading and writing.")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--sizes", type=int, nargs="+", default=stages.SIZES, help="tributes of the corpora")
    asked.add_argument("--engine", choices=ENGINES, action="append", help="only this one")
    asked.add_argument("--write", action="store_true", help="put tables and bars into docs/performance.md")
    given = asked.parse_args()
    if not wrk.is_there() or not Path("/proc/self/smaps_rollup").exists():
        print(f"Reading and writing are left out: they need Linux and wrk. {INSTALL} wrk")
        return 0
    with TemporaryDirectory() as folder:
        engines = [engine for engine in sites.engines() if engine in (given.engine or ENGINES)]
        found = measured(Asked(engines, given.sizes, Path(folder)), given.rounds)
    table = "\n".join(report(found, given.rounds)) + "\n"
    print(table)
    if given.write:
        put(PAGE, table, BEGIN, END)
        for name, picture in told.pictures(found):
            (PICTURES / name).write_text(picture, "utf-8")
    return 0


def measured(asked: Asked, number: int) -> Measured:
    """Everything, one after another."""
    if shutil.which("nginx") is None:
        print(f"nginx is missing, and left out. {INSTALL} nginx-light")
    figures = rounds(
        [*stages.readers(asked), *stages.renderers(asked), *stages.writers(asked), *stages.peers()], number
    )
    prints = {engine: footprint.footprint(engine, asked.folder) for engine in asked.engines}
    return Measured(asked.sizes, figures, prints, {engine: anniversary.of(engine) for engine in asked.engines})


def report(found: Measured, number: int) -> Iterator[str]:
    """The tables, with what they were measured on."""
    yield f"{datetime.now(UTC):%Y-%m-%d}. {machine()}; {', '.join(versions(list(found.days)))}."
    yield ""
    yield from told.table_of_targets(found)
    yield ""
    yield (
        f"wrk on the same machine, one thread, {wrk.CONNECTIONS} connections kept alive; all in turn, {number} times "
        f"{SECONDS} seconds each, medians. CPU is the server's with all its processes, for one answer."
    )
    yield ""
    yield from told.table_of_figures(found)
    yield ""
    yield "The anniversary. " + " ".join(
        f"{engine}: capacity {day.capacity:,.0f} a second, asked at {anniversary.OF_CAPACITY * day.capacity:,.0f}."
        for engine, day in found.days.items()
    )
    yield ""
    yield from told.table_of_days(found)


def versions(engines: Sequence[str]) -> Iterator[str]:
    """Of what was measured."""
    for engine in engines:
        yield f"{engine} {sites.version(sites.site(engine, str(stages.SIZES[0])))}"
    yield f"granian {version('granian')}"
    for name in ("nginx", "wrk"):
        if shutil.which(name):
            said = subprocess.run([name, "-v"], capture_output=True, text=True, check=False)  # noqa: S603  no shell
            yield f"{name} {re.findall(r'[0-9.]{3,}', said.stdout + said.stderr)[0]}"
    if isso.BIN.exists():
        yield f"Isso {isso.version()}"


if __name__ == "__main__":
    sys.exit(main())
