"""People: second factors, passkeys, and whom an invitation is for."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.String(27)
HANDLE = "ix_person_fs_webauthn_user_handle"


def upgrade() -> None:
    """Add ways to sign in, and what is known of an invitation."""
    for table, columns in added().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index(HANDLE, "person", ["fs_webauthn_user_handle"], unique=True)
    op.create_table(
        "passkey",
        sa.Column("id", KEY, nullable=False),
        sa.Column(
            "user_id", KEY, sa.ForeignKey("person.id", name="fk_passkey_user_id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", KEY, nullable=False),
        sa.Column("transports", sa.JSON()),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(), nullable=False),
        sa.Column("extensions", sa.Text()),
        sa.Column("lastuse_datetime", MOMENT, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("usage", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
    )
    op.create_index("ix_passkey_user_id", "passkey", ["user_id"])


def added() -> dict[str, tuple[sa.Column[Any], ...]]:
    """The new columns of tables that were there: made anew each time, since a column belongs to one table."""
    return {
        "person": (
            sa.Column("invited_by", KEY),
            sa.Column("signed_in_at", MOMENT),
            sa.Column("tf_primary_method", sa.String()),
            sa.Column("tf_totp_secret", sa.Text()),
            sa.Column("totp_counter", KEY),
            sa.Column("fs_webauthn_user_handle", sa.String()),
            sa.Column("mf_recovery_codes", sa.JSON()),
        ),
        "invitation": (
            sa.Column("email", sa.String()),
            sa.Column("language", sa.String()),
            sa.Column("reads", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
            sa.Column("invited_by", KEY),
            sa.Column("made_at", MOMENT),
        ),
    }


def downgrade() -> None:
    """Forget second factors and passkeys: people sign in with their password alone."""
    op.drop_table("passkey")
    op.drop_index(HANDLE, "person")
    for table, columns in added().items():
        for column in columns:
            op.drop_column(table, column.name)
