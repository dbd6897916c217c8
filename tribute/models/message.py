"""The outbox: a row a message, addresses that want none, and links in mail that worked once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from tribute.domain import ids
from tribute.domain.mail import State
from tribute.models.base import Base
from tribute.models.tribute import is_in

# Said in full: a partial index serves only a condition in its own words.
IS_UNDER_WAY = is_in("state", (State.WAITING, State.SENDING))


def _where(name: str, columns: str, condition: str) -> Index:
    """A partial index, the same on both databases."""
    return Index(name, *columns.split(), sqlite_where=text(condition), postgresql_where=text(condition))


class Message(Base):
    """One mail to one person, from the transaction of what it tells of until it is delivered.

    It goes to a person's address, to a tribute's (both looked up when it is sent), or to a sealed one of its own.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(is_in("state", tuple(State)), name="state"),
        Index("ix_message_state", "state", "id"),
        _where("ix_message_due", "due_at id", IS_UNDER_WAY),
        _where("ix_message_email", "email_digest id", "email_digest IS NOT NULL"),
        _where("ix_message_tribute_id", "tribute_id id", "tribute_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # ordered by time, as a tribute's
    kind: Mapped[str]
    person_id: Mapped[int | None]  # no foreign key: what was sent outlives a person's account
    tribute_id: Mapped[int | None] = mapped_column(ForeignKey("tribute.id"))
    decision_number: Mapped[int | None] = mapped_column(ForeignKey("decision.number"))  # what it tells of
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # emptied once it is sent
    email_digest: Mapped[bytes | None] = mapped_column(LargeBinary)  # what a day's limits count by; emptied after it
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # a link's token; emptied once it is sent
    language: Mapped[str]
    values: Mapped[dict[str, Any]] = mapped_column(JSON)  # ids and codes, never what anybody wrote
    state: Mapped[str]
    due_at: Mapped[datetime]  # of what is being sent: when another worker may take it for lost
    first_due_at: Mapped[datetime]
    tries: Mapped[int]
    error: Mapped[str]  # a code of the last failure, and the server's number: see domain/mail.py
    ended_at: Mapped[datetime | None]

    @property
    def at(self) -> datetime:
        """When it was written."""
        return ids.time_of(self.id)


class StoppedAddress(Base):
    """The digest of an address whose owner wants no mail from here."""

    __tablename__ = "stopped_address"

    email_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    at: Mapped[datetime]


class UsedLink(Base):
    """The digest of a link in a mail that has done its one act; kept until it would have ended anyway."""

    __tablename__ = "used_link"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    at: Mapped[datetime]
