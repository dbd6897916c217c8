"""SQLite's engine: FTS5 over external content, kept by triggers in the same transaction."""

from __future__ import annotations

from sqlalchemy import ColumnElement, column, literal_column, select, table

from tribute.models import ArticleEntry, TributeEntry
from tribute.search.query import PREFIX_FROM, Query


class Fts5:
    """Matches by `<entry>_fts`, whose rowid is the entry's id."""

    def matches(self, entry: type[TributeEntry] | type[ArticleEntry], query: Query) -> ColumnElement[bool]:
        """`id IN (SELECT rowid … MATCH …)`."""
        name = f"{entry.__tablename__}_fts"
        index = table(name, column("rowid"))
        matching = select(index.c.rowid).where(literal_column(name).op("MATCH")(expression(query)))
        return entry.id.in_(matching)


def expression(query: Query) -> str:
    """The query in FTS5's grammar; terms are letters and digits alone, so the quotes hold."""
    return " AND ".join(f'"{term}"*' if len(term) >= PREFIX_FROM else f'"{term}"' for term in query.terms)
