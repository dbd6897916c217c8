"""The search on PostgreSQL: the terms of a long text stay in its row as they are.

PostgreSQL compresses what is longer than some 2,000 bytes, or lays it beside the table; each look at such a row then
takes several times as long as at another, and a search looks at thousands, several times each.
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"

ENTRIES = ("tribute_entry", "desk_entry", "article_entry")
WHOLE = 8160  # bytes of a row, the most that PostgreSQL lets stand in a page
LONG = 1800  # bytes of terms, from which on a row may have been compressed
AS_THEY_ARE = "terms || ''::tsvector"


def upgrade() -> None:
    """Let rows stand whole, and write those anew that do not."""
    if op.get_bind().dialect.name == "postgresql":
        for entry in ENTRIES:
            op.execute(f"ALTER TABLE {entry} SET (toast_tuple_target = {WHOLE})")
            longer = f"pg_column_size({AS_THEY_ARE}) > {LONG}"
            op.execute(f"UPDATE {entry} SET terms = {AS_THEY_ARE} WHERE {longer}")


def downgrade() -> None:
    """Let PostgreSQL compress what is written from now on."""
    if op.get_bind().dialect.name == "postgresql":
        for entry in ENTRIES:
            op.execute(f"ALTER TABLE {entry} RESET (toast_tuple_target)")
