"""Moderators and keepers, the links that let them in, and the cases that visitors open."""

from __future__ import annotations

from datetime import datetime

from flask_security import RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, Text, false, text, true
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tribute.domain.permissions import Role
from tribute.models.base import Base, UTCDateTime


class HeldRole(RoleMixin):
    """A person's role in the shape that Flask-Security reads; roles are code, not rows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.permissions: list[str] = []


class Person(Base, UserMixin):
    """Somebody who signs in: a moderator or a keeper. The names of their ways to sign in are Flask-Security's."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("role IN ('moderator', 'keeper')", name="role"),
        Index("ix_person_fs_webauthn_user_handle", "fs_webauthn_user_handle", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str]
    active: Mapped[bool]
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    reads: Mapped[list[str]] = mapped_column(JSON, default=list, server_default=text("'[]'"))  # languages; none: all
    letters: Mapped[bool] = mapped_column(default=True, server_default=true())  # whether single letters act at the desk
    told: Mapped[int] = mapped_column(
        default=0, server_default=text("0")
    )  # the log's row up to which a keeper was told
    notice: Mapped[str] = mapped_column(
        default="", server_default=text("''")
    )  # what is mailed: see services/notices.py
    notice_hours: Mapped[int] = mapped_column(default=24, server_default=text("24"))
    notice_alone: Mapped[bool] = mapped_column(default=False, server_default=false())
    noticed_at: Mapped[datetime | None]
    invited_by: Mapped[int | None]  # the keeper; none: by the command
    signed_in_at: Mapped[datetime | None]
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None] = mapped_column(Text)  # encrypted
    totp_counter: Mapped[int | None]  # of the last code that was taken: each is taken once
    fs_webauthn_user_handle: Mapped[str | None]  # type: ignore[assignment]  # none until the first passkey
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON(none_as_null=True)))

    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]  # the same rows, by our name
        cascade="all, delete-orphan", order_by="Passkey.id"
    )

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]  # a column there, computed here
        """The one role, as a list: Flask-Security asks for many."""
        return [HeldRole(self.role)]

    @property
    def held(self) -> Role:
        """The role as the permission map knows it."""
        return Role(self.role)


class Passkey(Base, WebAuthnMixin):
    """A key on a person's device; of the pair only the public half is here. The columns' names are Flask-Security's."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    transports: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    backup_state: Mapped[bool]
    device_type: Mapped[str]
    extensions: Mapped[str | None] = mapped_column(Text)
    lastuse_datetime: Mapped[datetime]
    name: Mapped[str]
    usage: Mapped[str]


class Invitation(Base):
    """A single-use link that makes a person; only its digest is kept."""

    __tablename__ = "invitation"

    token_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    role: Mapped[str]
    expires_at: Mapped[datetime]
    email: Mapped[str | None]  # whom it was mailed to; none: printed by the command, for whoever opens it
    language: Mapped[str | None]
    reads: Mapped[list[str]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    invited_by: Mapped[int | None]
    made_at: Mapped[datetime | None]


class EndedSession(Base):
    """A sign-in that its person ended; only its digest is kept, until it would have ended by itself."""

    __tablename__ = "ended_session"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    until: Mapped[datetime]


class Case(Base):
    """A message to the keepers from the contact page."""

    __tablename__ = "case"
    __table_args__ = (CheckConstraint("status IN ('open', 'closed')", name="status"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    language: Mapped[str]
    name: Mapped[str]
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    message: Mapped[str] = mapped_column(Text)
    form_key: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    status: Mapped[str]
    closed_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    tribute_id: Mapped[int | None]  # the tribute that it is about, once a keeper has found it
    outcome: Mapped[str] = mapped_column(default="", server_default=text("''"))
