"""Keyset paging: a page is named by the key at its edge, so nothing shifts while new rows arrive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, tuple_
from sqlalchemy.orm import QueryableAttribute, Session

from tribute.domain import ids

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Pairs of a row and its key in reading order, and the cursors of the neighbours that exist."""

    rows: list[tuple[Item, int]]
    older: str | None
    newer: str | None
    beyond: int | None = None  # the key of the first row past the page, on the side it was read to


class Lead(NamedTuple):
    """A column that a list is ordered by before its key, and where the row of a key stands in that order."""

    column: SQLColumnExpression[int]
    of: Callable[[int], int]


def page(
    session: Session, query: Select[Item, Any], key: QueryableAttribute[Any], size: int,
    before: int | None, after: int | None, *, upward: bool = False, lead: Lead | None = None,
) -> Page[Item]:  # fmt: skip
    """Take `size` rows below `before` or above `after`, from the list's own end where neither is given.

    `query` selects a row and its key. `upward` lists read from the oldest on, others from the newest.
    """
    columns = (lead.column, key) if lead else (key,)
    if before is not None:
        query = query.where(_beside(before, key, lead)[0])
    if after is not None:
        query = query.where(_beside(after, key, lead)[1])
    climbs = before is None and (after is not None or upward)
    order = [column.asc() if climbs else column.desc() for column in columns]
    found = session.execute(query.order_by(*order).limit(size + 1)).all()
    rows = [(row[0], row[1]) for row in found[:size]]
    if not rows:
        return Page([], None, None)
    more = len(found) > size
    lowest, highest = (rows[0][1], rows[-1][1]) if climbs else (rows[-1][1], rows[0][1])
    older = more if not climbs else after is not None
    newer = more if climbs else before is not None
    beyond = found[size][1] if more else None
    in_order = rows if climbs == upward else rows[::-1]
    return Page(in_order, ids.encode(lowest) if older else None, ids.encode(highest) if newer else None, beyond)


def _beside(edge: int, key: QueryableAttribute[Any], lead: Lead | None) -> tuple[ColumnElement[bool], ...]:
    """What stands below a key, and what stands above it."""
    if lead is None:
        return key < edge, key > edge
    columns, there = tuple_(lead.column, key), tuple_(lead.of(edge), edge)
    return columns < there, columns > there
