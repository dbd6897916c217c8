"""PostgreSQL's engine: a generated tsvector of the `simple` configuration under a GIN index."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Text, cast, literal, literal_column
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from tribute.models import ArticleEntry, TributeEntry
from tribute.search.query import PREFIX_FROM, Query


class TextSearch:
    """Matches by the column `terms` of the entry's own table."""

    def matches(self, entry: type[TributeEntry] | type[ArticleEntry], query: Query) -> ColumnElement[bool]:
        """`terms @@ query`."""
        terms = literal_column(f"{entry.__tablename__}.terms", TSVECTOR())
        return terms.bool_op("@@")(cast(literal(expression(query), Text), TSQUERY))


def expression(query: Query) -> str:
    """The query in tsquery's grammar; terms are letters and digits alone, so the quotes hold."""
    return " & ".join(f"'{term}':*" if len(term) >= PREFIX_FROM else f"'{term}'" for term in query.terms)
