"""What keepers do with texts: every version of each, and when an edition begun in the desk takes its place."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column

from tribute.models.base import Base
from tribute.models.memorial import Article


class TextVersion(Base):
    """One version of an article or a page: its file, what stands beside the file, who made it and how."""

    __tablename__ = "text_version"
    __table_args__ = (Index("ix_text_version_subject", "subject", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # counted under the log's head
    subject: Mapped[str]  # which text: `services.versions.Subject` as a key
    at: Mapped[datetime]
    how: Mapped[str]  # shipped, imported, begun, edited or restored
    person_id: Mapped[int | None]  # none: the program, or a command
    original: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str]
    issued: Mapped[date | None]
    source: Mapped[str]
    follows: Mapped[int | None]  # the version in another language that it was translated from


class Turnover(Base):
    """An edition that was begun in the desk: a draft, until the moment from which it is what the memorial shows."""

    __tablename__ = "turnover"
    __table_args__ = (UniqueConstraint("memorial_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    memorial_id: Mapped[int] = mapped_column(ForeignKey("memorial.id"))
    year: Mapped[int]
    at: Mapped[datetime | None]  # none: a draft that waits for its keeper
    version: Mapped[int]  # raised by every change of this row
    is_found: Mapped[bool]  # whether the search has its texts
    is_shared: Mapped[bool]  # whether a link shows the draft to others
    generation: Mapped[int]  # of that link: raising it revokes every earlier one


def may_be_found() -> ColumnElement[bool]:
    """That the search may have an article: every one but those of an edition that has not taken its place."""
    drafts = select(Turnover.id).where(
        Turnover.memorial_id == Article.memorial_id, Turnover.year == Article.year, Turnover.is_found == false()
    )
    return ~drafts.exists()
