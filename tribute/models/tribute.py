"""A person's act of remembering, its versions, and the counts of what is public."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from tribute.domain import ids
from tribute.domain.lifecycle import Status
from tribute.models.base import Base

GESTURES = ("carnation", "candle", "dove", "none")


def is_in(column: str, values: tuple[str, ...]) -> str:
    """A column's choices as a condition."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


def _where(name: str, columns: str, condition: str) -> Index:
    """A partial index; both databases read the same condition."""
    return Index(name, *columns.split(), sqlite_where=text(condition), postgresql_where=text(condition))


class Tribute(Base):
    """One tribute. Its words lie in revisions: the one that is public, and the one that waits."""

    __tablename__ = "tribute"
    __table_args__ = (
        CheckConstraint(is_in("status", tuple(Status)), name="status"),
        CheckConstraint(is_in("gesture", GESTURES), name="gesture"),
        CheckConstraint("status <> 'approved' OR public_revision_id IS NOT NULL", name="approved_is_public"),
        # The wall and its filters: what is public, newest first, cards and wordless gestures apart.
        _where("ix_tribute_wall", "memorial_id worded id", "status = 'approved'"),
        _where("ix_tribute_wall_language", "memorial_id worded language id", "status = 'approved'"),
        _where("ix_tribute_wall_gesture", "memorial_id worded gesture id", "status = 'approved'"),
        _where("ix_tribute_published", "memorial_id published_at id", "status = 'approved'"),
        # The queue: what waits, by urgency and then the oldest first by the revision that waits.
        _where("ix_tribute_queue", "urgency waiting_revision_id", "waiting_revision_id IS NOT NULL"),
        Index("ix_tribute_status", "status", "id"),
        _where("ix_tribute_email", "email_digest", "email_digest IS NOT NULL"),
        _where("ix_tribute_withdrawn", "withdrawn_at", "withdrawn_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    memorial_id: Mapped[int] = mapped_column(ForeignKey("memorial.id"))
    status: Mapped[str]
    version: Mapped[int]
    gesture: Mapped[str]
    worded: Mapped[bool]  # of the revision that is public, or else the newest
    language: Mapped[str]  # of the same revision
    page_language: Mapped[str]
    # A revision points at its tribute too: these two are checked at the commit.
    public_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revision.id", use_alter=True, deferrable=True, initially="DEFERRED")
    )
    waiting_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revision.id", use_alter=True, deferrable=True, initially="DEFERRED")
    )
    urgency: Mapped[int] = mapped_column(server_default=text("1"))  # of the revision that waits: see Verdict
    receipt_generation: Mapped[int]
    form_key: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)  # digest of the form's key
    form_digest: Mapped[bytes | None] = mapped_column(LargeBinary)  # of that key and what was typed with it
    consented_at: Mapped[datetime]
    rules_version: Mapped[str]
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_confirmed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @property
    def waits(self) -> bool:
        """Whether a revision waits to be judged."""
        return self.waiting_revision_id is not None and self.status in (Status.PENDING, Status.APPROVED)

    @property
    def public_id(self) -> str:
        """The id as it stands in addresses."""
        return ids.encode(self.id)

    @property
    def at(self) -> datetime:
        """When it was written."""
        return ids.time_of(self.id)


class Revision(Base):
    """One version of a tribute's words, with the name and place they are signed with."""

    __tablename__ = "revision"
    __table_args__ = (
        CheckConstraint("made_by IN ('author', 'moderator')", name="made_by"),
        Index("ix_revision_tribute_id", "tribute_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tribute_id: Mapped[int] = mapped_column(ForeignKey("tribute.id"))
    made_by: Mapped[str]
    name: Mapped[str]
    place: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    language: Mapped[str]
    policy: Mapped[int]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)  # of the digest in the log; erased with the words

    @property
    def at(self) -> datetime:
        """When it was written."""
        return ids.time_of(self.id)


class TributeCount(Base):
    """How many tributes of a status: over all time for each status, and by year, month and day for what is public."""

    __tablename__ = "tribute_count"

    memorial_id: Mapped[int] = mapped_column(ForeignKey("memorial.id"), primary_key=True)
    status: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)  # 'all', 'y2026', 'm2026-01', 'd2026-01-20': local time
    language: Mapped[str] = mapped_column(primary_key=True)
    gesture: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
