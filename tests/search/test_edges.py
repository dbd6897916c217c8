"""Where a stretch of entries ends, as PostgreSQL's own statistics tell it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.search.corpus import texts
from tribute.models import TributeEntry
from tribute.search import edges
from tribute.search.edges import Hundredths, hundredths
from tribute.search.engine import EVERYTHING, Span


def test_an_edge_lies_within_its_span_and_further_for_more_entries() -> None:
    known = Hundredths(tuple(range(10, 1_020, 10)), 100.0)
    assert known.edge(EVERYTHING, 1_000, oldest=False) == 910
    assert known.edge(EVERYTHING, 1_000, oldest=True) == 110
    assert known.edge(Span(-1, 501), 1_000, oldest=False) == 400
    assert known.edge(Span(495, 10**9), 1_000, oldest=True) == 600
    assert known.edge(EVERYTHING, 151, oldest=False) == 990
    assert known.edge(EVERYTHING, 149, oldest=False) is None  # so few are walked over
    assert known.edge(EVERYTHING, 10**6, oldest=False) == 10
    assert known.edge(Span(-1, 5), 1_000, oldest=False) is None
    assert known.edge(Span(1_009, 10**9), 1_000, oldest=True) is None
    assert Hundredths().edge(EVERYTHING, 1_000, oldest=False) is None


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_statistics_of_a_table_that_has_grown_since_tell_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = len(texts(session, 10))
    assert hundredths(session, TributeEntry, number) == Hundredths()  # never made
    session.execute(text("ANALYZE tribute_entry"))
    assert hundredths(session, TributeEntry, number) == Hundredths()  # kept for a while
    monkeypatch.setattr(edges, "KEPT", 0)
    known = hundredths(session, TributeEntry, number)
    assert list(known.numbers) == sorted(session.scalars(select(TributeEntry.number)))
    assert known.between == number / (number - 1)
    assert hundredths(session, TributeEntry, 2 * number) == Hundredths()
