"""What is findable: one entry for each public tribute, each article and, for the desk, each tribute; and their words.

The indexed texts and the engines' own structures (FTS5 tables, tsvector columns) live in the migrations alone.
"""

from __future__ import annotations

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from tribute.models.base import Base

BINARY = Text().with_variant(Text(collation="C"), "postgresql")  # SQLite's own order: that of the code points


class Entry:
    """One findable text. Its number follows time: see `search.index.numbers_for`."""

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source_id: Mapped[int] = mapped_column(unique=True)  # of the tribute or the article
    language: Mapped[str]


class TributeEntry(Entry, Base):
    """A public tribute."""

    __tablename__ = "tribute_entry"


class DeskEntry(Entry, Base):
    """A tribute of any status, for the desk alone."""

    __tablename__ = "desk_entry"


class ArticleEntry(Entry, Base):
    """An article."""

    __tablename__ = "article_entry"


class Counted:
    """A term of an index and in how many of its texts it stands; words as they are spelt, second terms without."""

    term: Mapped[str] = mapped_column(BINARY, primary_key=True)
    documents: Mapped[int]
    spelling: Mapped[str] = mapped_column(BINARY)


class Vocabulary(Counted, Base):
    """The terms of public tributes and articles."""

    __tablename__ = "vocabulary"
    __table_args__ = (Index("ix_vocabulary_documents", "documents", "term"), {"sqlite_with_rowid": False})


class DeskVocabulary(Counted, Base):
    """The terms of every tribute."""

    __tablename__ = "desk_vocabulary"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  SQLAlchemy reads a plain dictionary


class Rebuilding(Base):
    """An index that is being made anew: entries up to this number are in the new one already."""

    __tablename__ = "rebuilding"

    entry: Mapped[str] = mapped_column(primary_key=True)  # the table of the entries
    number: Mapped[int]
