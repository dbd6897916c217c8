"""Work out docs/scale.md's tables from the figures in docs/performance.md: what is dear, and how many cores it takes.

`make scale` runs this after a benchmark; a test holds the two pages to each other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.report import PAGE, put

SCALE = Path(__file__).parent / "scale.md"
BEGIN, END = "<!-- scale: what docs/scale.py made of performance.md -->\n", "<!-- scale: end -->\n"
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
STEPS = {"today": (1, SQLITE), "× 10": (10, SQLITE), "× 100": (100, POSTGRESQL), "× 10,000": (10_000, POSTGRESQL)}
# In the busiest second of today's load, as the page says. Pages are made anew as often at every step: 100 of them,
# each once in the ten seconds for which nginx or a CDN keeps it.
PAGES, SEARCHES, TRIBUTES, ANEW = 30, 1, 0.83, 10
SPARE = 2  # cores to rent for one that is busy


@dataclass(frozen=True)
class Row:
    """One row of the figures: answers a second, and the µs of CPU that one costs the site and PostgreSQL."""

    rate: float
    cpu: float
    beside: float = 0.0


NGINX, KEPT, NEW, SEARCH, SENT = (
    "nginx with its cache, before the site", "the page, kept", "the page, not kept, 1,000,000 tributes",
    "search, 1,000,000 tributes", "a tribute sent, 300 letters",
)  # fmt: skip
WORK = {
    KEPT: ("a page that the site keeps", None), NEW: ("a page made anew", ANEW), SEARCH: ("a search", SEARCHES),
    SENT: ("a tribute sent", TRIBUTES),
}  # fmt: skip


def read(page: str) -> dict[tuple[str, str], Row]:
    """The figures by what was asked and the database; what failed has none."""
    found = {}
    for line in re.findall(r"^\| (.*) \|$", page, re.MULTILINE):
        cells = [cell.strip().replace(",", "") for cell in line.split(" | ")]
        if len(cells) == 6 and re.fullmatch(r"[\d.]+", cells[4]):
            said = Row(float(cells[3]), float(cells[4]), float(cells[5] or 0))
            found[line.split(" | ")[0], cells[1]] = said
    return found


def tables(page: str) -> str:
    """Both tables."""
    found = read(page)
    return "\n".join([*costs(found), "", *cores(found)])


def costs(found: dict[tuple[str, str], Row]) -> Iterator[str]:
    """What one answer costs."""
    yield from _head("CPU of one answer", "on SQLite", "on PostgreSQL", "row of performance.md")
    yield _line("a page that nginx keeps", _time(found[NGINX, ""].cpu), "the same", NGINX)
    for what, (name, _rate) in WORK.items():
        here, there = (found.get((what, engine)) for engine in (SQLITE, POSTGRESQL))
        beside = f", and {_time(there.beside)} of PostgreSQL's" if there and there.beside else ""
        yield _line(name, _time(here.cpu) if here else "–", f"{_time(there.cpu)}{beside}" if there else "–", what)
    rates = [f"{found[SENT, engine].rate:g}" if (SENT, engine) in found else "–" for engine in (SQLITE, POSTGRESQL)]
    yield _line("tributes a second on the two cores that were measured", *rates, SENT)


def cores(found: dict[tuple[str, str], Row]) -> Iterator[str]:
    """How many cores are busy at each step."""
    yield from _head("cores that are busy in the busiest minute", *(f"{at}, {e}" for at, (_k, e) in STEPS.items()))
    yield _line("nginx, all pages", *(_number(k * PAGES * found[NGINX, ""].cpu) for k, _engine in STEPS.values()))
    sums, databases = [0.0] * len(STEPS), [0.0] * len(STEPS)
    for what, (name, rate) in WORK.items():
        if rate is None:
            continue
        cells = []
        for number, (times, engine) in enumerate(STEPS.values()):
            row = found.get((what, engine), Row(math.nan, math.nan, math.nan))
            each = rate if what == NEW else rate * times
            sums[number] += each * row.cpu
            databases[number] += each * row.beside if engine == POSTGRESQL else 0
            cells.append(_number(each * row.cpu))
        yield _line(f"the site: {name}", *cells)
    yield _line("PostgreSQL, beside the site", *map(_number, databases))
    yield _line("**to rent for the site: twice as many**", *map(_rent, sums))
    yield _line("**to rent for PostgreSQL: twice as many**", *map(_rent, databases))


def _head(*cells: str) -> Iterator[str]:
    yield _line(*cells)
    yield _line(*("---" for _cell in cells))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _time(microseconds: float) -> str:
    return f"{microseconds:.0f} µs" if microseconds < 1_000 else f"{microseconds / 1_000:.3g} ms"


def _number(microseconds: float) -> str:
    """So many cores, from the µs of CPU in a second."""
    busy = microseconds / 1_000_000
    if math.isnan(busy):
        return "–"
    return f"{busy:,.0f}" if busy >= 10 else f"{busy:.2g}" if busy >= 0.01 else "< 0.01" if busy else "none"


def _rent(microseconds: float) -> str:
    return "–" if math.isnan(microseconds) else f"{math.ceil(SPARE * microseconds / 1_000_000):,}"


if __name__ == "__main__":
    put(SCALE, tables(PAGE.read_text("utf-8")), BEGIN, END)
