"""What is findable: one row for each public tribute and article, with its folded text.

The engines' own structures (FTS5 tables, tsvector columns) hang on these tables and live in the migrations.
"""

from __future__ import annotations

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from tribute.models.base import Base


class TributeEntry(Base):
    """A public tribute's folded words, name and place; the id is the tribute's."""

    __tablename__ = "tribute_entry"
    __table_args__ = (Index("ix_tribute_entry_memorial_id", "memorial_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    memorial_id: Mapped[int]
    language: Mapped[str]
    folded: Mapped[str] = mapped_column(Text)


class ArticleEntry(Base):
    """An article's folded text; the id is the article's."""

    __tablename__ = "article_entry"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    memorial_id: Mapped[int]
    language: Mapped[str]
    folded: Mapped[str] = mapped_column(Text)
