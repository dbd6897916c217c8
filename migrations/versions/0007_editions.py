"""Versions of articles and pages, and editions that take their place at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.String(27)
MEMORIAL = sa.table("memorial", sa.column("id", KEY), sa.column("slug", sa.String()))
ARTICLE = sa.table(
    "article", sa.column("id", KEY), sa.column("memorial_id", KEY), sa.column("year", KEY),
    sa.column("language", sa.String()), sa.column("original", sa.Text()), sa.column("issuer", sa.String()),
    sa.column("issued", sa.Date()), sa.column("source", sa.String()), sa.column("shipped", sa.Boolean()),
    sa.column("updated_at", MOMENT),
)  # fmt: skip
PAGE = sa.table(
    "page", sa.column("slug", sa.String()), sa.column("language", sa.String()), sa.column("original", sa.Text()),
    sa.column("shipped", sa.Boolean()),
)  # fmt: skip


def upgrade() -> None:
    """Make the two tables; every text that is here is its own first version."""
    versions = op.create_table(
        "text_version",
        sa.Column("number", KEY, autoincrement=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("person_id", KEY),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("issued", sa.Date()),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("follows", KEY),
        sa.PrimaryKeyConstraint("number", name="pk_text_version"),
    )
    op.create_index("ix_text_version_subject", "text_version", ["subject", "number"])
    op.create_table(
        "turnover",
        sa.Column("id", KEY, autoincrement=False),
        sa.Column("memorial_id", KEY, sa.ForeignKey("memorial.id", name="fk_turnover_memorial_id"), nullable=False),
        sa.Column("year", KEY, nullable=False),
        sa.Column("at", MOMENT),
        sa.Column("version", KEY, nullable=False),
        sa.Column("is_found", sa.Boolean(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("generation", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_turnover"),
        sa.UniqueConstraint("memorial_id", "year", name="uq_turnover_memorial_id_year"),
    )
    op.bulk_insert(versions, [row | {"number": number} for number, row in enumerate(present(), start=1)])


def present() -> Iterator[dict[str, Any]]:
    """Each article and each page as its first version."""
    found = sa.select(MEMORIAL.c.slug, ARTICLE).join(ARTICLE, ARTICLE.c.memorial_id == MEMORIAL.c.id)
    articles = op.get_bind().execute(found.order_by(ARTICLE.c.id)).mappings().all()
    for row in articles:
        yield {
            "subject": f"{row['slug']}/{row['year'] or 'undated'}/{row['language']}", "at": row["updated_at"],
            "how": "shipped" if row["shipped"] else "imported", "person_id": None, "original": row["original"],
            "issuer": row["issuer"], "issued": row["issued"], "source": row["source"], "follows": None,
        }  # fmt: skip
    loaded = min((row["updated_at"] for row in articles), default=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}")
    for row in op.get_bind().execute(sa.select(PAGE).order_by(PAGE.c.slug, PAGE.c.language)).mappings().all():
        yield {
            "subject": f"pages/{row['slug']}/{row['language']}", "at": loaded,
            "how": "shipped" if row["shipped"] else "imported", "person_id": None, "original": row["original"],
            "issuer": "", "issued": None, "source": "", "follows": None,
        }  # fmt: skip


def downgrade() -> None:
    """Forget the versions. A draft would become public without its row, so it goes with it."""
    drafts = "SELECT a.id FROM article a JOIN turnover t ON t.memorial_id = a.memorial_id AND t.year = a.year"
    op.execute(sa.text(f"DELETE FROM article WHERE id IN ({drafts} WHERE NOT t.is_found)"))
    op.drop_table("turnover")
    op.drop_table("text_version")
