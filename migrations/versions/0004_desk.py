"""The desk: opinions, claims, batches, reports, what keepers set, and what was done counted by month and hour."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.String(27)
REPORT_OPEN = "settled_at IS NULL"
TABLES = ("batch_row", "batch", "opinion", "claim", "sender", "report", "tally", "setting")


def upgrade() -> None:
    """Add what several people at one desk need."""
    for table, columns in added().items():
        for column in columns:
            op.add_column(table, column)
    opinions()
    batches()
    senders()
    reports()
    op.create_table(
        "tally",
        sa.Column("memorial_id", KEY, sa.ForeignKey("memorial.id", name="fk_tally_memorial_id"), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("period", "what", "kind")),
        sa.Column("number", KEY, nullable=False),
        sa.PrimaryKeyConstraint("memorial_id", "period", "what", "kind", name="pk_tally"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )


def added() -> dict[str, tuple[sa.Column[Any], ...]]:
    """The new columns of tables that were there: made anew each time, since a column belongs to one table."""
    return {
        "person": (
            sa.Column("reads", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
            sa.Column("letters", sa.Boolean(), nullable=False, server_default=sa.true()),
            sa.Column("told", KEY, nullable=False, server_default=sa.text("0")),
        ),
        "safeguard": (sa.Column("sentence", sa.Text(), nullable=False, server_default=sa.text("''")),),
        "case": (
            sa.Column("due_at", MOMENT),
            sa.Column("tribute_id", KEY),
            sa.Column("outcome", sa.String(), nullable=False, server_default=sa.text("''")),
        ),
    }


def opinions() -> None:
    """What moderators say to one another about what waits."""
    op.create_table(
        "opinion",
        sa.Column("revision_id", KEY, sa.ForeignKey("revision.id", name="fk_opinion_revision_id"), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("wish", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "decision_number", KEY, sa.ForeignKey("decision.number", name="fk_opinion_decision_number"), nullable=False
        ),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("revision_id", "person_id", name="pk_opinion"),
        sa.CheckConstraint("wish IN ('approve', 'decline', 'ask')", name=op.f("ck_opinion_wish")),
    )
    op.create_table(
        "claim",
        sa.Column("tribute_id", KEY, sa.ForeignKey("tribute.id", name="fk_claim_tribute_id"), autoincrement=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("tribute_id", name="pk_claim"),
    )
    op.create_index("ix_claim_person_id", "claim", ["person_id"])


def batches() -> None:
    """Many decisions taken as one."""
    op.create_table(
        "batch",
        sa.Column("id", KEY, autoincrement=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("minutes", KEY, nullable=False),
        sa.Column("undone_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
    )
    op.create_table(
        "batch_row",
        sa.Column("batch_id", KEY, sa.ForeignKey("batch.id", name="fk_batch_row_batch_id"), nullable=False),
        sa.Column(
            "decision_number", KEY, sa.ForeignKey("decision.number", name="fk_batch_row_decision_number"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("batch_id", "decision_number", name="pk_batch_row"),
    )  # fmt: skip


def senders() -> None:
    """Where today's tributes came from, as a hash."""
    op.create_table(
        "sender",
        sa.Column("tribute_id", KEY, sa.ForeignKey("tribute.id", name="fk_sender_tribute_id"), autoincrement=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("tribute_id", name="pk_sender"),
    )
    op.create_index("ix_sender_address", "sender", ["address"])
    op.create_index("ix_sender_day", "sender", ["day"])


def reports() -> None:
    """What visitors report."""
    op.create_table(
        "report",
        sa.Column("id", KEY, autoincrement=False),
        sa.Column("tribute_id", KEY, sa.ForeignKey("tribute.id", name="fk_report_tribute_id"), nullable=False),
        sa.Column("revision_id", KEY, sa.ForeignKey("revision.id", name="fk_report_revision_id"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("settled_by", KEY),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
    )
    op.create_index("ix_report_tribute_id", "report", ["tribute_id", "id"])
    op.create_index(
        "ix_report_open", "report", ["tribute_id", "id"], sqlite_where=sa.text(REPORT_OPEN),
        postgresql_where=sa.text(REPORT_OPEN),
    )  # fmt: skip


def downgrade() -> None:
    """Forget what was said beside the decisions; the log keeps its rows."""
    for table in TABLES:
        op.drop_table(table)
    for table, columns in added().items():
        for column in columns:
            op.drop_column(table, column.name)
