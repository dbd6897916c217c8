"""Triage: why a revision stands where it does in the queue, what was learnt of decisions, and the keepers' lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.String(27)
WAITS = "waiting_revision_id IS NOT NULL"
TABLES = ("triage", "learnt", "gram", "sketch", "listed_word", "safeguard")


def upgrade() -> None:
    """Give what waits an urgency: everything is ordinary until it is weighed."""
    op.add_column("tribute", sa.Column("urgency", KEY, nullable=False, server_default=sa.text("1")))
    op.add_column("tribute", sa.Column("email_confirmed_at", MOMENT))
    queue(["urgency", "waiting_revision_id"])
    op.create_table(
        "triage",
        sa.Column("revision_id", KEY, sa.ForeignKey("revision.id", name="fk_triage_revision_id"), autoincrement=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("learnt_as", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("revision_id", name="pk_triage"),
        sa.CheckConstraint(
            "verdict IN ('help', 'ordinary', 'look_closer', 'hateful', 'spam')", name=op.f("ck_triage_verdict")
        ),
    )
    op.create_table(
        "learnt",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("texts", KEY, nullable=False),
        sa.Column("grams", KEY, nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_learnt"),
    )
    op.create_table(
        "gram",
        sa.Column("hash", KEY, autoincrement=False, nullable=False),
        *(sa.Column(kind, KEY, nullable=False) for kind in ("published", "spam", "hateful")),
        sa.PrimaryKeyConstraint("hash", name="pk_gram"),
    )
    op.create_table(
        "sketch",
        sa.Column("hash", KEY, autoincrement=False, nullable=False),
        sa.Column(
            "revision_id", KEY, sa.ForeignKey("revision.id", name="fk_sketch_revision_id"), autoincrement=False,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("hash", "revision_id", name="pk_sketch"),
    )  # fmt: skip
    op.create_index("ix_sketch_revision_id", "sketch", ["revision_id"])
    op.create_table(
        "listed_word",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("list", "grade", "language", "words")),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("list", "grade", "language", "words", name="pk_listed_word"),
        sa.CheckConstraint("list IN ('hateful', 'spam', 'help', 'people', 'domain')", name=op.f("ck_listed_word_list")),
        sa.CheckConstraint("grade IN ('', 'grave', 'notable')", name=op.f("ck_listed_word_grade")),
    )
    op.create_table(
        "safeguard",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_safeguard"),
    )


def downgrade() -> None:
    """Forget what triage knew."""
    for table in TABLES:
        op.drop_table(table)
    queue(["waiting_revision_id"])
    op.drop_column("tribute", "email_confirmed_at")
    op.drop_column("tribute", "urgency")


def queue(columns: list[str]) -> None:
    """Index what waits in another order."""
    op.drop_index("ix_tribute_queue", "tribute")
    op.create_index(
        "ix_tribute_queue", "tribute", columns, sqlite_where=sa.text(WAITS), postgresql_where=sa.text(WAITS)
    )
