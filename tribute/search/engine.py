"""One interface for both databases: the entries that match a query."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from tribute.models import ArticleEntry, TributeEntry
from tribute.search import postgres, sqlite
from tribute.search.query import Query

Entry = type[TributeEntry] | type[ArticleEntry]


class Engine(Protocol):
    """What each database brings: the condition under which an entry matches a query."""

    def matches(self, entry: Entry, query: Query) -> ColumnElement[bool]:
        """The condition, for use in a WHERE over the entry's table."""
        ...


ENGINES: dict[str, Engine] = {"sqlite": sqlite.Fts5(), "postgresql": postgres.TextSearch()}


def matching(session: Session, entry: Entry, query: Query, *narrowed: ColumnElement[bool]) -> Select[int, int]:
    """Select the id of every entry that matches, twice: as the row and as its key (see `services.keyset`)."""
    engine = ENGINES[session.get_bind().dialect.name]
    return select(entry.id, entry.id.label("key")).where(engine.matches(entry, query), *narrowed)


def count(session: Session, found: Select[int, int], most: int) -> int:
    """How many match, counted no further than `most`."""
    return session.execute(select(func.count()).select_from(found.limit(most).subquery())).scalar_one()
