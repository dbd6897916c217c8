"""`make bench-search`: how quickly and how well the search finds, on both databases, as one table.

    python -m bench.search --count 1000000 --write

Makes the corpora under instance/bench and in databases of PostgreSQL's named tribute_bench_… the first time, and keeps
them. Every number is of this run.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bench import found, measure, sites
from bench.measure import Reader, Room, Times
from bench.queries import KINDS, Words
from bench.relevance import Scores
from bench.report import PAGE, machine, put
from bench.servers import ROOT
from bench.sites import ENGINES, Site
from tribute.app import create_app
from tribute.extensions import db

BEGIN, END = "<!-- bench-search: what the last run wrote -->\n", "<!-- bench-search: end -->\n"
SMALL = 10_000
BARE = 64  # queries that are asked of the database itself too, where a common word may take seconds
WARM = 40  # queries before the clock is looked at
TARGETS = {"newest": 12, "relevance": 25, "facets": 40, "suggestions": 10, "corrections": 60}  # milliseconds
TOLD = {
    "newest": "newest first, a later page", "relevance": "by relevance", "facets": "first page, with facets",
    "suggestions": "suggestions", "corrections": "nothing found: corrections",
}  # fmt: skip


@dataclass
class Measured:
    """What a run found of one engine."""

    pages: dict[str, Times]
    small: dict[str, Times]
    kinds: dict[str, dict[str, Times]]
    engine: Times
    bare: Times
    scores: dict[str, Scores]
    room: Room | None
    version: str = ""
    cells: list[str] = field(default_factory=list)


def main() -> int:
    """Measure, print, and write where that is asked for."""
    asked = argparse.ArgumentParser(prog="make bench-search", description="Measure the search.")
    asked.add_argument("--count", type=int, default=1_000_000, help="tributes of the corpus")
    asked.add_argument("--queries", type=int, default=500)
    asked.add_argument("--engine", choices=ENGINES, action="append", help="only this one")
    asked.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    given = asked.parse_args()
    engines = [engine for engine in sites.engines() if engine in (given.engine or ENGINES)]
    measured = {engine: of(engine, given.count, given.queries) for engine in engines}
    table = "\n".join(_report(measured, given.count, given.queries)) + "\n"
    print(table)
    if given.write:
        put(PAGE, table, BEGIN, END)
    return 0


def of(engine: str, count: int, queries: int) -> Measured:
    """Measure one engine."""
    small, _ = _pages(sites.with_corpus(engine, SMALL), queries)
    large = sites.with_corpus(engine, count)
    with _session(large) as session:
        ours, bare = measure.newest(session, [query for _kind, query in Words(session).queries(min(queries, BARE))])
        room = _room(session)
    pages, kinds = _pages(large, queries)
    return Measured(pages, small, kinds, ours, bare, found.scores(engine), room, sites.version(large))


def _pages(of: Site, number: int) -> tuple[dict[str, Times], dict[str, dict[str, Times]]]:
    """Every kind of page over HTTP: all queries together, and by their kind."""
    sites.warm(of)
    with _session(of) as session:
        words = Words(session)
        warm, queries = words.queries(WARM), words.queries(number)
        typed, misspelt = words.beginnings(number), words.misspelt(number // 5)
    took: dict[str, list[float]] = defaultdict(list)
    kinds: dict[str, dict[str, Times]] = {}
    with sites.served(of) as server, closing(server.connection()) as connection:
        reader = Reader(connection)
        reader.pages(query for _kind, query in warm)
        for kind in KINDS:
            some = reader.pages(query for asked, query in queries if asked == kind)
            kinds[kind] = {name: Times(tuple(times)) for name, times in some.items()}
            for name, times in some.items():
                took[name] += times
        took["nothing"] = reader.plain(number)
        took["suggestions"] = reader.suggestions(typed)
        took["corrections"] = reader.corrections(misspelt)
    return {name: Times(tuple(times)) for name, times in took.items()}, kinds


@contextmanager
def _session(of: Site) -> Iterator[Session]:
    app = create_app(of.settings)
    with app.app_context():
        yield db.session()
        db.session.rollback()
        db.engine.dispose()


def _room(session: Session) -> Room | None:
    if session.get_bind().dialect.name != "sqlite":
        return None
    try:
        return measure.room(session)
    except OperationalError:
        print("This SQLite cannot tell the size of a table (dbstat): left out.", file=sys.stderr)
        return None


# ---- told


def _report(measured: dict[str, Measured], count: int, queries: int) -> Iterator[str]:
    engines = " and ".join(f"{engine} {one.version}" for engine, one in measured.items())
    yield f"{datetime.now(UTC):%Y-%m-%d}, {count:,} tributes, {queries} queries, one client. {machine()}; {engines}."
    yield ""
    yield f"| over HTTP, milliseconds: median / 95 of 100 / longest | target, 95 of 100 | {' | '.join(measured)} |"
    yield "| --- | --- |" + " --- |" * len(measured)
    yield _row("a page that asks nothing, for comparison", "", [one.pages["nothing"].told for one in measured.values()])
    for name, target in TARGETS.items():
        yield _row(TOLD[name], f"≤ {target}", [one.pages[name].told for one in measured.values()])
    for name in TARGETS:
        ratios = [one.pages[name].share(0.95) / one.small[name].share(0.95) for one in measured.values()]
        yield _row(f"{TOLD[name]}: times that of {SMALL:,}", "≤ 2", [f"{ratio:.1f}" for ratio in ratios])
    yield _row("newest inside the engine", "", [one.engine.told for one in measured.values()])
    yield _row("the database's own bare query", "", [one.bare.told for one in measured.values()])
    ratios = [one.engine.share(0.95) / one.bare.share(0.95) for one in measured.values()]
    yield _row("the one over the other", "≤ 3", [f"{ratio:.2f}" for ratio in ratios])
    yield from _sizes(measured)
    for half in found.HALVES:
        for name, least in (("recall", 0.9), ("precision", 0.95)):
            shares = [f"{getattr(one.scores[half], name):.3f}" for one in measured.values()]
            yield _row(f"{name}, {half} half", f"≥ {least}" if half == "held out" else "", shares)
    yield ""
    yield from _by_kind(measured)


def _sizes(measured: dict[str, Measured]) -> Iterator[str]:
    rooms = [one.room for one in measured.values()]
    for name, target, told in (("bytes as typed", "≤ 1", "typed"), ("bytes of its terms", "", "terms")):
        cells = [f"{room.index / getattr(room, told):.2f}" if room else "" for room in rooms]
        yield _row(f"public index over the text it indexes, {name}", target, cells)


def _by_kind(measured: dict[str, Measured]) -> Iterator[str]:
    """The 95 of 100 of each kind of query, so that nothing hides in the whole."""
    columns = [f"{engine}: {name}" for engine in measured for name in ("newest", "relevance", "facets")]
    yield f"| 95 of 100, milliseconds | {' | '.join(columns)} |"
    yield "| --- |" + " --- |" * len(columns)
    for kind in KINDS:
        cells = [one.kinds[kind][name].told_of_95 for one in measured.values()
                 for name in ("newest", "relevance", "facets")]  # fmt: skip
        yield f"| {kind} | {' | '.join(cells)} |"


def _row(name: str, target: str, cells: list[str]) -> str:
    return f"| {name} | {target} | {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
