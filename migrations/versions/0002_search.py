"""Search by second terms: entries numbered by the second, one index for the desk, vocabularies; ways to read the log.

The index itself is made anew by `flask tribute reindex`, or by `prepare`, which sees that it is missing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BINARY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ENTRIES = ("tribute_entry", "desk_entry", "article_entry")
FORMER = ("tribute_entry", "article_entry")

# FTS5 over external content. The terms are settled by the program, so the tokenizer only parts them at spaces; the
# characters named are the tags of second terms.
FTS5 = (
    "CREATE VIRTUAL TABLE {entry}_fts USING fts5(words, name, place, content='{entry}', content_rowid='number', "
    "tokenize=\"ascii tokenchars '=~@#^'\")"
)
GIN = "CREATE INDEX ix_{entry}_terms ON {entry} USING gin (terms) WITH (fastupdate = off)"

# What 0001 hung on its entries.
FORMER_SQLITE = (
    "CREATE VIRTUAL TABLE {entry}_fts USING fts5(folded, content='{entry}', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER {entry}_insert AFTER INSERT ON {entry} "
    "BEGIN INSERT INTO {entry}_fts(rowid, folded) VALUES (new.id, new.folded); END",
    "CREATE TRIGGER {entry}_delete AFTER DELETE ON {entry} "
    "BEGIN INSERT INTO {entry}_fts({entry}_fts, rowid, folded) VALUES ('delete', old.id, old.folded); END",
    "CREATE TRIGGER {entry}_update AFTER UPDATE ON {entry} "
    "BEGIN INSERT INTO {entry}_fts({entry}_fts, rowid, folded) VALUES ('delete', old.id, old.folded); "
    "INSERT INTO {entry}_fts(rowid, folded) VALUES (new.id, new.folded); END",
)
FORMER_POSTGRESQL = (
    "ALTER TABLE {entry} ADD COLUMN terms tsvector GENERATED ALWAYS AS (to_tsvector('simple', folded)) STORED",
    "CREATE INDEX ix_{entry}_terms ON {entry} USING gin (terms)",
)


# The log read newest first by whoever, whatever and why: columns, and the condition of a partial index.
LOG_INDEXES = {
    "ix_decision_at": (["at", "number"], "number > 0"),
    "ix_decision_action": (["action", "at", "number"], ""),
    "ix_decision_person_id": (["person_id", "at", "number", "action"], "person_id IS NOT NULL"),
    "ix_decision_actor": (["actor", "at", "number", "action"], "person_id IS NULL"),
    "ix_decision_reason": (["reason", "at", "number"], "reason <> ''"),
}


def upgrade() -> None:
    """Put the new entries in place of the former, and index the log."""
    drop(FORMER)
    for name, (columns, condition) in LOG_INDEXES.items():
        where = sa.text(condition) if condition else None
        op.create_index(name, "decision", columns, sqlite_where=where, postgresql_where=where)
    for entry in ENTRIES:
        texts = ["words", "name", "place"] if is_sqlite() else []
        op.create_table(
            entry,
            sa.Column("number", KEY, autoincrement=False, nullable=False),
            sa.Column("source_id", KEY, nullable=False),
            sa.Column("language", sa.String(), nullable=False),
            *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
            sa.PrimaryKeyConstraint("number", name=f"pk_{entry}"),
            sa.UniqueConstraint("source_id", name=f"uq_{entry}_source_id"),
        )
        if is_sqlite():
            op.execute(FTS5.format(entry=entry))
        else:
            op.execute(f"ALTER TABLE {entry} ADD COLUMN terms tsvector NOT NULL")
            op.execute(GIN.format(entry=entry))
    for vocabulary in ("vocabulary", "desk_vocabulary"):
        op.create_table(
            vocabulary,
            sa.Column("term", BINARY, nullable=False),
            sa.Column("documents", KEY, nullable=False),
            sa.Column("spelling", BINARY, nullable=False),
            sa.PrimaryKeyConstraint("term", name=f"pk_{vocabulary}"),
            sqlite_with_rowid=False,
        )
    op.create_index("ix_vocabulary_documents", "vocabulary", ["documents", "term"])
    op.create_table(
        "rebuilding",
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.PrimaryKeyConstraint("entry", name="pk_rebuilding"),
    )


def downgrade() -> None:
    """Put the former entries back, empty: the former program's `flask tribute reindex` fills them."""
    for name in LOG_INDEXES:
        op.drop_index(name, "decision")
    drop(ENTRIES)
    for table in ("vocabulary", "desk_vocabulary", "rebuilding"):
        op.drop_table(table)
    for entry in FORMER:
        op.create_table(
            entry,
            sa.Column("id", KEY, autoincrement=False, nullable=False),
            sa.Column("memorial_id", KEY, nullable=False),
            sa.Column("language", sa.String(), nullable=False),
            sa.Column("folded", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{entry}"),
        )
        for statement in FORMER_SQLITE if is_sqlite() else FORMER_POSTGRESQL:
            op.execute(statement.format(entry=entry))
    op.create_index("ix_tribute_entry_memorial_id", "tribute_entry", ["memorial_id", "id"])


def is_sqlite() -> bool:
    """Whether the migration runs on SQLite."""
    return op.get_bind().dialect.name == "sqlite"


def drop(entries: tuple[str, ...]) -> None:
    """Drop entries, and on SQLite the index beside them; also what an interrupted `reindex` left."""
    for entry in entries:
        for beside in ("", "_new", "_old") if is_sqlite() else ():
            op.execute(f"DROP TABLE IF EXISTS {entry}_fts{beside}")
        op.drop_table(entry)
