"""What is remembered, and the texts about it."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Text, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tribute.models.base import Base

VERSION_BITS = 62  # of a signed 64-bit column
MORE = 1 << 31  # the part below this is drawn anew where something was added and nothing else changed


class Memorial(Base):
    """One event that is remembered, with its own wall."""

    __tablename__ = "memorial"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slug: Mapped[str] = mapped_column(unique=True)
    event_date: Mapped[date]
    time_zone: Mapped[str]
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    places: Mapped[dict[str, str]] = mapped_column(JSON)
    closing: Mapped[str]  # the words at the foot of its pages, in their own language
    closing_language: Mapped[str]
    public_version: Mapped[int] = mapped_column(default=0, server_default=text("0"))  # another with each public change

    def name(self, language: str) -> str:
        """The memorial's name in a language, or in the first it has."""
        return self.names.get(language) or next(iter(self.names.values()))

    def place(self, language: str) -> str:
        """The event's place in a language, or in the first it has."""
        return self.places.get(language) or next(iter(self.places.values()), "")


def renew_version(session: Session, *, only_more: bool = False) -> None:
    """Tell whoever keeps something of what is public that it is old; `only_more` where something was added and all that
    was public stays as it was.

    By chance and not by counting on: a database that was put back to an earlier day counts the same numbers again.
    """
    drawn: int | ColumnElement[int] = secrets.randbits(VERSION_BITS)
    if only_more:
        drawn = Memorial.public_version - Memorial.public_version % MORE + secrets.randbelow(MORE)
    statement = update(Memorial).values(public_version=drawn)
    session.execute(statement, execution_options={"synchronize_session": "fetch"})


def tells_only_of_more(before: int, version: int) -> bool:
    """Whether all that was public at one version is so at another, which may have more."""
    return before // MORE == version // MORE


class Article(Base):
    """One edition of a memorial's text in one language; the standing edition has no year."""

    __tablename__ = "article"
    __table_args__ = (
        Index("uq_article_standing", "memorial_id", "language", unique=True,
              sqlite_where=text("year IS NULL"), postgresql_where=text("year IS NULL")),
        Index("uq_article_edition", "memorial_id", "year", "language", unique=True,
              sqlite_where=text("year IS NOT NULL"), postgresql_where=text("year IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    memorial_id: Mapped[int] = mapped_column(ForeignKey("memorial.id"))
    year: Mapped[int | None]
    language: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    figures_html: Mapped[str] = mapped_column(Text)
    figures_note: Mapped[str] = mapped_column(Text)
    timeline: Mapped[list[list[str]]] = mapped_column(JSON)
    closing: Mapped[str]
    closing_language: Mapped[str]
    closing_meaning: Mapped[str]
    sources_html: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str]
    issued: Mapped[date | None]
    source: Mapped[str]
    original: Mapped[str] = mapped_column(Text)  # the file as it came; everything above is read from it
    shipped: Mapped[bool]  # came with the program, so a newer program may replace it
    policy: Mapped[int]
    updated_at: Mapped[datetime]


class Page(Base):
    """One of the site's own pages in one language: rules, privacy, about, accessibility."""

    __tablename__ = "page"

    slug: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    version: Mapped[str]  # a date; what a visitor consented to names the rules' version
    original: Mapped[str] = mapped_column(Text)
    shipped: Mapped[bool]
    policy: Mapped[int]
