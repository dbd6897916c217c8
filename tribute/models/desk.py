"""What moderators do together: opinions, claims, batches; what visitors report; and what keepers have set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from tribute.models.base import Base
from tribute.models.tribute import is_in

WISHES = ("approve", "decline", "ask")
REPORT_OPEN = "settled_at IS NULL"  # said in full: a partial index serves only a condition in its own words


class Opinion(Base):
    """What one moderator would do with the words that wait, or that they ask a colleague; it parks the tribute."""

    __tablename__ = "opinion"
    __table_args__ = (CheckConstraint(is_in("wish", WISHES), name="wish"),)

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wish: Mapped[str]
    reason: Mapped[str]  # coded, where one would decline
    decision_number: Mapped[int] = mapped_column(ForeignKey("decision.number"))  # its row, and so its note
    at: Mapped[datetime]


class Claim(Base):
    """Who is reading a tribute just now, and until when: a hint to the others; the version check is the law."""

    __tablename__ = "claim"
    __table_args__ = (Index("ix_claim_person_id", "person_id"),)

    tribute_id: Mapped[int] = mapped_column(ForeignKey("tribute.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int]
    until: Mapped[datetime]


class Batch(Base):
    """Many decisions taken as one, that can be taken back as one."""

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # ordered by time, as a tribute's
    person_id: Mapped[int]
    action: Mapped[str]
    reason: Mapped[str]
    minutes: Mapped[int]  # how far back the brake reached; 0 for what was chosen
    undone_at: Mapped[datetime | None]


class BatchRow(Base):
    """One decision of a batch; each tribute has its own row in the log."""

    __tablename__ = "batch_row"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True, autoincrement=False)
    decision_number: Mapped[int] = mapped_column(ForeignKey("decision.number"), primary_key=True, autoincrement=False)


class Sender(Base):
    """The hash of the address that a tribute came from today, under a key that is destroyed at the day's end."""

    __tablename__ = "sender"
    __table_args__ = (Index("ix_sender_address", "address"), Index("ix_sender_day", "day"))

    tribute_id: Mapped[int] = mapped_column(ForeignKey("tribute.id"), primary_key=True, autoincrement=False)
    address: Mapped[str]
    day: Mapped[str]  # UTC; rows of other days are deleted


class Report(Base):
    """A visitor's report of a public tribute: a coded reason and a word."""

    __tablename__ = "report"
    __table_args__ = (
        Index("ix_report_open", "tribute_id", "id", sqlite_where=text(REPORT_OPEN), postgresql_where=text(REPORT_OPEN)),
        Index("ix_report_tribute_id", "tribute_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # ordered by time, as a tribute's
    tribute_id: Mapped[int] = mapped_column(ForeignKey("tribute.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))  # what was public then
    reason: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    sender: Mapped[str]  # the hash of an address under the day's key; empty where none is known
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None]


class Tally(Base):
    """How often something was done, by local month ('m2026-01') and by UTC hour ('h2026-01-20T09')."""

    __tablename__ = "tally"

    memorial_id: Mapped[int] = mapped_column(ForeignKey("memorial.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


class Setting(Base):
    """What the keepers have set for everybody; what has no row is as it comes."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    at: Mapped[datetime]
    person_id: Mapped[int]
