"""Mail: the outbox, addresses that want none, links that worked once, and what each person wants to hear of."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.String(27)
STATES = "'waiting', 'sending', 'sent', 'failed', 'dropped'"
IS_UNDER_WAY = "state IN ('waiting', 'sending')"
HAS_EMAIL, HAS_TRIBUTE = "email_digest IS NOT NULL", "tribute_id IS NOT NULL"


def upgrade() -> None:
    """Add what mail needs."""
    messages()
    op.create_table(
        "stopped_address",
        sa.Column("email_digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("email_digest", name="pk_stopped_address"),
    )
    op.create_table(
        "used_link",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_used_link"),
    )
    for column in added():
        op.add_column("person", column)


def messages() -> None:
    """The outbox."""
    op.create_table(
        "message",
        sa.Column("id", KEY, autoincrement=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", KEY),
        sa.Column("tribute_id", KEY, sa.ForeignKey("tribute.id", name="fk_message_tribute_id")),
        sa.Column("decision_number", KEY, sa.ForeignKey("decision.number", name="fk_message_decision_number")),
        sa.Column("email_sealed", sa.LargeBinary()),
        sa.Column("email_digest", sa.LargeBinary()),
        sa.Column("secret_sealed", sa.LargeBinary()),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("first_due_at", MOMENT, nullable=False),
        sa.Column("tries", KEY, nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_message_state")),
    )
    op.create_index("ix_message_state", "message", ["state", "id"])
    for name, columns, condition in (
        ("ix_message_due", ["due_at", "id"], IS_UNDER_WAY),
        ("ix_message_email", ["email_digest", "id"], HAS_EMAIL),
        ("ix_message_tribute_id", ["tribute_id", "id"], HAS_TRIBUTE),
    ):
        where = sa.text(condition)
        op.create_index(name, "message", columns, sqlite_where=where, postgresql_where=where)


def added() -> tuple[sa.Column[Any], ...]:
    """What a person wants to hear of; nothing, for those who are here already."""
    return (
        sa.Column("notice", sa.String(), nullable=False, server_default=sa.text("''")),
        sa.Column("notice_hours", KEY, nullable=False, server_default=sa.text("24")),
        sa.Column("notice_alone", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("noticed_at", MOMENT),
    )


def downgrade() -> None:
    """Forget what was to be sent."""
    for table in ("message", "stopped_address", "used_link"):
        op.drop_table(table)
    for column in added():
        op.drop_column("person", column.name)
