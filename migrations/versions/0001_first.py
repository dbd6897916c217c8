"""The first schema: memorials, tributes with their revisions, the log with its chain, counts, people, search."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # only INTEGER is SQLite's rowid
MOMENT = sa.String(27)  # ISO 8601 in UTC

# A tribute points at its revisions and they at it, so these are checked at the commit.
TO_REVISION = ("public_revision_id", "waiting_revision_id")

# The log is append-only in the database itself.
SQLITE_GUARDS = (
    "CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision "
    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    # REPLACE deletes without firing a trigger for it
    "CREATE TRIGGER decision_no_replace BEFORE INSERT ON decision "
    "WHEN EXISTS (SELECT 1 FROM decision WHERE number = new.number OR digest = new.digest) "
    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision "
    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION decision_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$",
    "CREATE TRIGGER decision_no_change BEFORE UPDATE OR DELETE ON decision "
    "FOR EACH ROW EXECUTE FUNCTION decision_append_only()",
    "CREATE TRIGGER decision_no_truncate BEFORE TRUNCATE ON decision "
    "FOR EACH STATEMENT EXECUTE FUNCTION decision_append_only()",
)

# FTS5 over external content, kept by triggers; the text is folded already, so the tokenizer folds nothing.
SQLITE_INDEX = (
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
POSTGRESQL_INDEX = (
    "ALTER TABLE {entry} ADD COLUMN terms tsvector GENERATED ALWAYS AS (to_tsvector('simple', folded)) STORED",
    "CREATE INDEX ix_{entry}_terms ON {entry} USING gin (terms)",
)


def upgrade() -> None:
    """Make every table."""
    memorials()
    tributes()
    log()
    people()
    search()


def downgrade() -> None:
    """Drop every table, the referring ones first."""
    if is_sqlite():
        for entry in ("tribute_entry", "article_entry"):
            op.drop_table(f"{entry}_fts")
    else:
        for column in TO_REVISION:
            op.drop_constraint(f"fk_tribute_{column}", "tribute", type_="foreignkey")
    for table in (
        "note", "decision", "log_head", "tribute_count", "revision", "tribute", "article", "page", "memorial",
        "case", "invitation", "person", "tribute_entry", "article_entry",
    ):  # fmt: skip
        op.drop_table(table)
    if not is_sqlite():
        op.execute("DROP FUNCTION decision_append_only")


def is_sqlite() -> bool:
    """Whether the migration runs on SQLite."""
    return op.get_bind().dialect.name == "sqlite"


def where(condition: str) -> dict[str, Any]:
    """A partial index's condition, the same on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def revision_keys() -> list[sa.ForeignKeyConstraint]:
    """The references to revisions, which SQLite takes only with the table."""
    if not is_sqlite():
        return []
    return [
        sa.ForeignKeyConstraint(
            [column], ["revision.id"], name=f"fk_tribute_{column}", deferrable=True, initially="DEFERRED"
        )
        for column in TO_REVISION
    ]


def memorials() -> None:
    """What is remembered, and the texts about it."""
    op.create_table(
        "memorial",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("event_date", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("closing", sa.String(), nullable=False),
        sa.Column("closing_language", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_memorial"),
        sa.UniqueConstraint("slug", name="uq_memorial_slug"),
    )
    op.create_table(
        "article",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("memorial_id", KEY, nullable=False),
        sa.Column("year", KEY, nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("figures_html", sa.Text(), nullable=False),
        sa.Column("figures_note", sa.Text(), nullable=False),
        sa.Column("timeline", sa.JSON(), nullable=False),
        sa.Column("closing", sa.String(), nullable=False),
        sa.Column("closing_language", sa.String(), nullable=False),
        sa.Column("closing_meaning", sa.String(), nullable=False),
        sa.Column("sources_html", sa.Text(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("issued", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("policy", KEY, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["memorial_id"], ["memorial.id"], name="fk_article_memorial_id"),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
    )
    op.create_index(
        "uq_article_edition", "article", ["memorial_id", "year", "language"], unique=True, **where("year IS NOT NULL")
    )
    op.create_index("uq_article_standing", "article", ["memorial_id", "language"], unique=True, **where("year IS NULL"))
    op.create_table(
        "page",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("policy", KEY, nullable=False),
        sa.PrimaryKeyConstraint("slug", "language", name="pk_page"),
    )


def tributes() -> None:
    """Tributes, their versions, and the counts of what is public."""
    op.create_table(
        "tribute",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("memorial_id", KEY, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("gesture", sa.String(), nullable=False),
        sa.Column("worded", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("page_language", sa.String(), nullable=False),
        sa.Column("public_revision_id", KEY, nullable=True),
        sa.Column("waiting_revision_id", KEY, nullable=True),
        sa.Column("receipt_generation", KEY, nullable=False),
        sa.Column("form_key", sa.LargeBinary(), nullable=True),
        sa.Column("form_digest", sa.LargeBinary(), nullable=True),
        sa.Column("consented_at", MOMENT, nullable=False),
        sa.Column("rules_version", sa.String(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_digest", sa.LargeBinary(), nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint("gesture IN ('carnation', 'candle', 'dove', 'none')", name=op.f("ck_tribute_gesture")),
        sa.CheckConstraint(
            "status <> 'approved' OR public_revision_id IS NOT NULL", name=op.f("ck_tribute_approved_is_public")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'declined', 'spam', 'hidden', 'withdrawn', 'removed')",
            name=op.f("ck_tribute_status"),
        ),
        sa.ForeignKeyConstraint(["memorial_id"], ["memorial.id"], name="fk_tribute_memorial_id"),
        *revision_keys(),
        sa.PrimaryKeyConstraint("id", name="pk_tribute"),
        sa.UniqueConstraint("form_key", name="uq_tribute_form_key"),
    )
    op.create_index("ix_tribute_email", "tribute", ["email_digest"], **where("email_digest IS NOT NULL"))
    op.create_index(
        "ix_tribute_published", "tribute", ["memorial_id", "published_at", "id"], **where("status = 'approved'")
    )
    op.create_index("ix_tribute_queue", "tribute", ["waiting_revision_id"], **where("waiting_revision_id IS NOT NULL"))
    op.create_index("ix_tribute_status", "tribute", ["status", "id"])
    op.create_index("ix_tribute_wall", "tribute", ["memorial_id", "worded", "id"], **where("status = 'approved'"))
    op.create_index(
        "ix_tribute_wall_gesture", "tribute", ["memorial_id", "worded", "gesture", "id"], **where("status = 'approved'")
    )
    op.create_index(
        "ix_tribute_wall_language",
        "tribute",
        ["memorial_id", "worded", "language", "id"],
        **where("status = 'approved'"),
    )
    op.create_index("ix_tribute_withdrawn", "tribute", ["withdrawn_at"], **where("withdrawn_at IS NOT NULL"))
    op.create_table(
        "revision",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("tribute_id", KEY, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("policy", KEY, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("made_by IN ('author', 'moderator')", name=op.f("ck_revision_made_by")),
        sa.ForeignKeyConstraint(["tribute_id"], ["tribute.id"], name="fk_revision_tribute_id"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
    )
    op.create_index("ix_revision_tribute_id", "revision", ["tribute_id", "id"])
    op.create_table(
        "tribute_count",
        sa.Column("memorial_id", KEY, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("gesture", sa.String(), nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.ForeignKeyConstraint(["memorial_id"], ["memorial.id"], name="fk_tribute_count_memorial_id"),
        sa.PrimaryKeyConstraint("memorial_id", "status", "period", "language", "gesture", name="pk_tribute_count"),
    )
    if not is_sqlite():  # a table must be there before PostgreSQL lets another refer to it
        for column in TO_REVISION:
            op.create_foreign_key(
                f"fk_tribute_{column}", "tribute", "revision", [column], ["id"], deferrable=True, initially="DEFERRED"
            )


def log() -> None:
    """The append-only log, its head, and the notes beside it."""
    op.create_table(
        "decision",
        sa.Column("number", KEY, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("tribute_id", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("from_status", sa.String(), nullable=False),
        sa.Column("to_status", sa.String(), nullable=False),
        sa.Column("from_public", KEY, nullable=True),
        sa.Column("to_public", KEY, nullable=True),
        sa.Column("from_waiting", KEY, nullable=True),
        sa.Column("to_waiting", KEY, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("revision_id", KEY, nullable=True),
        sa.Column("words_digest", sa.String(), nullable=False),
        sa.Column("note_digest", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_decision"),
        sa.UniqueConstraint("digest", name="uq_decision_digest"),
    )
    op.create_index("ix_decision_tribute_id", "decision", ["tribute_id", "number"])
    op.create_index("ix_decision_judged", "decision", ["at"], **where("action IN ('approve', 'decline', 'spam')"))
    op.create_table(
        "log_head",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_head_one_row")),
        sa.PrimaryKeyConstraint("id", name="pk_log_head"),
    )
    op.create_table(
        "note",
        sa.Column("decision_number", KEY, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["decision_number"], ["decision.number"], name="fk_note_decision_number"),
        sa.PrimaryKeyConstraint("decision_number", name="pk_note"),
    )
    op.execute(f"INSERT INTO log_head (id, number, digest) VALUES (1, 0, '{'0' * 64}')")
    for statement in SQLITE_GUARDS if is_sqlite() else POSTGRESQL_GUARDS:
        op.execute(statement)


def people() -> None:
    """Moderators and keepers, and the cases they answer."""
    op.create_table(
        "person",
        sa.Column("id", KEY, nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("role IN ('moderator', 'keeper')", name=op.f("ck_person_role")),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("email", name="uq_person_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_person_fs_uniquifier"),
    )
    op.create_table(
        "invitation",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_digest", name="pk_invitation"),
    )
    op.create_table(
        "case",
        sa.Column("number", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("form_key", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("closed_by", KEY, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_case_status")),
        sa.PrimaryKeyConstraint("number", name="pk_case"),
        sa.UniqueConstraint("form_key", name="uq_case_form_key"),
    )


def search() -> None:
    """The folded texts, and what each engine hangs on them."""
    op.create_table(
        "tribute_entry",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("memorial_id", KEY, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tribute_entry"),
    )
    op.create_index("ix_tribute_entry_memorial_id", "tribute_entry", ["memorial_id", "id"])
    op.create_table(
        "article_entry",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("memorial_id", KEY, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article_entry"),
    )
    for entry in ("tribute_entry", "article_entry"):
        for statement in SQLITE_INDEX if is_sqlite() else POSTGRESQL_INDEX:
            op.execute(statement.format(entry=entry))
