"""Runs the migrations over the connection that `flask tribute migrate` hands in."""

from __future__ import annotations

from typing import Any

from alembic import context

from tribute.models import Base

# The engines' own structures: they hang on the entries' tables and are written by hand in the migrations.
ENGINE_TABLES = ("tribute_entry_fts", "article_entry_fts")
ENGINE_PARTS = ("terms", "ix_tribute_entry_terms", "ix_article_entry_terms")


def include_object(_thing: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """Leave the search engines' structures out of comparisons."""
    if kind == "table":
        return not (name or "").startswith(ENGINE_TABLES)
    return name not in ENGINE_PARTS


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_object=include_object,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
