"""Sign-ins that were ended by signing out: a copy of their cookie opens nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

MOMENT = sa.String(27)


def upgrade() -> None:
    """Begin with none."""
    op.create_table(
        "ended_session",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_ended_session"),
    )


def downgrade() -> None:
    """Forget them: whoever has a copy of such a cookie comes in until it ends by itself."""
    op.drop_table("ended_session")
