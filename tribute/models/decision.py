"""The append-only log, its one head, and the notes that can be emptied without breaking it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from tribute.domain.lifecycle import JUDGED
from tribute.models.base import Base

# Said in full: a partial index serves only a condition in its own words.
IS_JUDGEMENT = f"action IN ({', '.join(repr(str(action)) for action in JUDGED)})"
HAS_REASON = "reason <> ''"
ANY = "number > 0"  # true of every row, and said only where nothing narrower is: see ix_decision_at


def _where(name: str, columns: str, condition: str) -> Index:
    """A partial index, the same on both databases."""
    return Index(name, *columns.split(), sqlite_where=text(condition), postgresql_where=text(condition))


class Decision(Base):
    """One row of the log: ids, codes, times and salted digests, never a name, a word, an address or a note."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_tribute_id", "tribute_id", "number"),
        _where("ix_decision_judged", "at", IS_JUDGEMENT),
        # Ways to read the log newest first (services/log.py). The first is closed to who seeks something narrower:
        # PostgreSQL would walk it from the newest row on, however long ago what is sought was done.
        _where("ix_decision_at", "at number", ANY),
        Index("ix_decision_action", "action", "at", "number"),
        _where("ix_decision_person_id", "person_id at number action", "person_id IS NOT NULL"),
        _where("ix_decision_actor", "actor at number action", "person_id IS NULL"),
        _where("ix_decision_reason", "reason at number", HAS_REASON),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]  # author, moderator, keeper or rule
    person_id: Mapped[int | None]  # no foreign key: the log outlives a person's account
    action: Mapped[str]
    tribute_id: Mapped[int]
    version: Mapped[int]  # of the tribute after it
    from_status: Mapped[str]
    to_status: Mapped[str]
    from_public: Mapped[int | None]
    to_public: Mapped[int | None]
    from_waiting: Mapped[int | None]
    to_waiting: Mapped[int | None]
    reason: Mapped[str]
    revision_id: Mapped[int | None]  # the version it was about
    words_digest: Mapped[str]  # of that revision, salted by it
    note_digest: Mapped[str]  # salted by the note
    previous: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)


class LogHead(Base):
    """The one row that a writer of the log locks: the newest number and digest."""

    __tablename__ = "log_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    digest: Mapped[str]


class Note(Base):
    """What a moderator wrote to the author with a decision."""

    __tablename__ = "note"

    decision_number: Mapped[int] = mapped_column(ForeignKey("decision.number"), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
