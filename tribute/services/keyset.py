"""Keyset paging: a page is named by the key at its edge, so nothing shifts while new rows arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select
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


def page(
    session: Session, query: Select[Item, Any], key: QueryableAttribute[Any], size: int,
    before: int | None, after: int | None, *, upward: bool = False,
) -> Page[Item]:  # fmt: skip
    """Take `size` rows below `before` or above `after`, from the list's own end where neither is given.

    `query` selects a row and its key. `upward` lists read from the oldest on, others from the newest.
    """
    if before is not None:
        query = query.where(key < before)
    if after is not None:
        query = query.where(key > after)
    climbs = before is None and (after is not None or upward)
    found = session.execute(query.order_by(key.asc() if climbs else key.desc()).limit(size + 1)).all()
    rows = sorted(((row[0], row[1]) for row in found[:size]), key=lambda row: row[1], reverse=not upward)
    if not rows:
        return Page([], None, None)
    more = len(found) > size
    lowest, highest = min(row[1] for row in rows), max(row[1] for row in rows)
    older = more if not climbs else after is not None
    newer = more if climbs else before is not None
    beyond = found[size][1] if more else None
    return Page(rows, ids.encode(lowest) if older else None, ids.encode(highest) if newer else None, beyond)
