"""Where so many of PostgreSQL's entries lie, without walking over them: its own statistics know each hundredth."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from time import monotonic
from weakref import WeakKeyDictionary

from sqlalchemy import Engine as Database
from sqlalchemy import text
from sqlalchemy.orm import Session

from tribute.search.engine import Entry, Span

KEPT = 60.0  # seconds, after which they are read again
FEWEST = 2  # steps, below which a number is too far off
GROWN = 1.2  # times as many entries as when they were made: what came since may be a stretch of its own


@dataclass(frozen=True)
class Hundredths:
    """Numbers in order, between any two of which lie about as many entries; none where nothing is known."""

    numbers: tuple[int, ...] = ()
    between: float = 0.0

    def edge(self, span: Span, entries: int, *, oldest: bool) -> int | None:
        """The number that about so many entries of a span lie before, newest or oldest first; or all that are known of.

        None where that cannot be told: few are quickly walked over, and of the last ones nothing is known.
        """
        steps = round(entries / self.between) if self.between else 0
        if steps < FEWEST:
            return None
        if oldest:
            place = min(bisect_right(self.numbers, span.above) + steps, len(self.numbers) - 1)
        else:
            place = max(bisect_left(self.numbers, span.below) - 1 - steps, 0)
        edge = self.numbers[place]
        return edge if span.above + 1 < edge < span.below - 1 else None


def hundredths(session: Session, entry: Entry, total: int) -> Hundredths:
    """Those of a table that holds so many entries now, as they were within the last minute."""
    kept = _kept.setdefault(session.get_bind().engine, {})
    read_at, found, counted = kept.get(entry.__tablename__, (-math.inf, (), 0.0))
    if monotonic() - read_at > KEPT:
        row = session.execute(_KNOWN, {"entry": entry.__tablename__}).first()
        found, counted = (tuple(row[0]), float(row[1])) if row else ((), 0.0)
        kept[entry.__tablename__] = monotonic(), found, counted
    if not found or total > GROWN * counted:
        return Hundredths()
    return Hundredths(found, counted / (len(found) - 1))


_kept: WeakKeyDictionary[Database, dict[str, tuple[float, tuple[int, ...], float]]] = WeakKeyDictionary()

_KNOWN = text("""
    SELECT CAST(CAST(histogram_bounds AS text) AS bigint[]), reltuples
    FROM pg_class JOIN pg_stats ON schemaname = CAST(CAST(relnamespace AS regnamespace) AS text) AND tablename = relname
    WHERE pg_class.oid = to_regclass(:entry) AND attname = 'number' AND histogram_bounds IS NOT NULL""")
