"""When something that is done again and again was last done: what the worker does, and backups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MOMENT = sa.String(27)


def upgrade() -> None:
    """Begin with nothing done."""
    op.create_table(
        "last_done",
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("what", name="pk_last_done"),
    )


def downgrade() -> None:
    """Forget when."""
    op.drop_table("last_done")
