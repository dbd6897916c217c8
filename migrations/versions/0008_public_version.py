"""A number for each memorial that rises whenever something public of it changes: what is kept beside it is then old."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Begin at 0."""
    op.add_column("memorial", sa.Column("public_version", KEY, nullable=False, server_default=sa.text("0")))


def downgrade() -> None:
    """Go back to counting nothing."""
    op.drop_column("memorial", "public_version")
