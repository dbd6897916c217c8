"""Runs the migrations over the connection that `flask tribute migrate` hands in."""

from __future__ import annotations

from typing import Any

from alembic import context

from tribute.models import Base

# The engines' own structures: they hang on the entries' tables and are written by hand in the migrations.
ENTRIES = ("tribute_entry", "desk_entry", "article_entry")
ENGINE_TABLES = tuple(f"{entry}_fts" for entry in ENTRIES)
ENGINE_INDEXES = tuple(f"ix_{entry}_{what}" for entry in ENTRIES for what in ("terms", "within"))
ENGINE_COLUMNS = ("words", "name", "place", "terms", "stretch")


def include_object(thing: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """Leave the search engines' structures out of comparisons."""
    if kind == "table":
        return not (name or "").startswith(ENGINE_TABLES)
    if kind == "column":
        return thing.table.name not in ENTRIES or name not in ENGINE_COLUMNS
    return name not in ENGINE_INDEXES


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_object=include_object,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
