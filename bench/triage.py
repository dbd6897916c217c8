"""`make bench`: how long triage takes over a new tribute, with what 100,000 decisions have taught it.

    python -m bench.triage --write

Makes its databases beside the search's, and keeps them. What was learnt is counted in memory and written whole, just
as learning from one after another would leave it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bench import sites
from bench.measure import Times, timed
from bench.report import PAGE, put
from bench.sites import Site
from bench.visitors import LETTERS, long
from tribute.app import create_app
from tribute.extensions import db
from tribute.models import Gram, Learnt, begin_write
from tribute.services import corpus, triage
from tribute.triage import bayes
from tribute.triage.signals import Circumstances, Sent

SEED = 20
WARM, WEIGHED = 50, 500
TARGET = 5  # milliseconds, the median
CHUNK = 20_000  # rows of one statement
KINDS = ("published", "published", "published", "spam", "hateful")  # of each five decisions
BEGIN, END = "<!-- bench-triage: what the last run wrote -->\n", "<!-- bench-triage: end -->\n"


def main() -> int:
    """Measure, print, and write where that is asked for."""
    asked = argparse.ArgumentParser(prog="make bench", description="Measure triage.")
    asked.add_argument("--decisions", type=int, default=100_000)
    asked.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    given = asked.parse_args()
    said = f"With {given.decisions:,} decisions learnt, a tribute of {LETTERS} letters; target {TARGET} ms (median)."
    lines = [said, "", "| database | median | 95th percentile |", "| --- | --- | --- |"]
    for engine in sites.engines():
        took = of(engine, given.decisions)
        lines.append(f"| {engine} | {took.share(0.5):.1f} ms | {took.share(0.95):.1f} ms |")
    table = "\n".join(lines) + "\n"
    print(table)
    if given.write:
        put(PAGE, table, BEGIN, END)
    return 0


def of(engine: str, decisions: int) -> Times:
    """Weigh new tributes on one database."""
    site = taught(engine, decisions)
    with create_app(site.settings).app_context():
        session = db.session()
        sent = [new(each.words) for each in corpus.texts(SEED + 1, WARM + WEIGHED, 0, WARM + WEIGHED)]
        took = [timed(lambda one=one: triage.weigh(session, one))[0] for one in sent]  # type: ignore[misc]
        return Times(tuple(took[WARM:]))


def new(words: str) -> Sent:
    """A tribute of that many letters, as it comes in."""
    return Sent("Leyla M.", "Bakı", long(words), "az", datetime.now(UTC), None, Circumstances(seconds=60))


def taught(engine: str, decisions: int) -> Site:
    """An installation that has learnt from so many decisions, made now where it is not there yet."""
    site = sites.site(engine, f"triage_{decisions}")
    site.run("prepare")
    with create_app(site.settings).app_context():
        session = db.session()
        if session.execute(select(func.count()).select_from(Learnt)).scalar_one() == 0:
            begin_write(session)
            learn(session, decisions)
            session.commit()
    return site


def learn(session: Session, decisions: int) -> None:
    """Count the grams of synthetic texts by kind, and write them."""
    seen: defaultdict[int, Counter[str]] = defaultdict(Counter)
    learnt: Counter[str] = Counter()
    grams: Counter[str] = Counter()
    for number, each in enumerate(corpus.texts(SEED, decisions, 0, decisions)):
        kind = KINDS[number % len(KINDS)]
        own = bayes.grams(f"{each.name}\n{each.words}")
        learnt[kind] += 1
        grams[kind] += len(own)
        for key in own:
            seen[key][kind] += 1
    rows = [{"hash": key, **{kind: by_kind[kind] for kind in set(KINDS)}} for key, by_kind in seen.items()]
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(Gram), rows[start : start + CHUNK])
    session.execute(insert(Learnt), [{"kind": kind, "texts": learnt[kind], "grams": grams[kind]} for kind in learnt])


if __name__ == "__main__":
    sys.exit(main())
