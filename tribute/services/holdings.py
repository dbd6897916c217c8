"""What an export holds: which tables, which of their columns, and why the others stay behind.

Nothing that opens a door is in it (passwords, factors, sessions, links to come in by, keys), nothing that is gone in a
day, and nothing that is made from the rest: HTML, counts and indexes are made anew, so that an archive from
elsewhere brings no markup past the cleaner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Any

from pydantic import AwareDatetime, Base64UrlBytes, BaseModel, ConfigDict, Field, JsonValue, create_model
from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary, Table
from sqlalchemy.types import TypeEngine

from tribute.models import Base
from tribute.models.base import UTCDateTime

DOOR, BRIEF, MADE = "it lets somebody in", "it is gone in days", "it is made from the rest"
HERE = "it tells of these machines"

# Every other table is held.
LEFT_OUT: dict[str, str] = {
    "passkey": DOOR, "invitation": DOOR,
    "claim": BRIEF, "sender": BRIEF, "message": BRIEF, "used_link": BRIEF, "ended_session": BRIEF,
    "tribute_entry": MADE, "desk_entry": MADE, "article_entry": MADE, "vocabulary": MADE, "desk_vocabulary": MADE,
    "rebuilding": MADE, "tribute_count": MADE, "last_done": HERE,
}  # fmt: skip
COLUMNS_LEFT_OUT: dict[str, dict[str, str]] = {
    "memorial": {"public_version": MADE},
    "article": dict.fromkeys(
        ("title", "summary", "body_html", "figures_html", "figures_note", "timeline", "closing", "closing_language",
         "closing_meaning", "sources_html", "policy"), MADE,
    ),
    "page": dict.fromkeys(("title", "summary", "body_html", "version", "policy"), MADE),
    "revision": dict.fromkeys(("html", "policy"), MADE),
    "person": dict.fromkeys(
        ("password", "fs_uniquifier", "tf_primary_method", "tf_totp_secret", "totp_counter", "fs_webauthn_user_handle",
         "mf_recovery_codes"), DOOR,
    ),
}  # fmt: skip

# What stands in the columns that keep JSON.
SHAPES: dict[tuple[str, str], Any] = {
    ("memorial", "names"): dict[str, str], ("memorial", "places"): dict[str, str], ("person", "reads"): list[str],
    ("triage", "signals"): list[list[str]], ("setting", "value"): JsonValue,
}  # fmt: skip
Whole = Annotated[int, Field(ge=-(1 << 63), lt=1 << 63)]
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]  # PostgreSQL keeps no zero byte


@dataclass(frozen=True)
class Holding:
    """A table as an export holds it."""

    table: Table
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The table's name, and its file's."""
        return self.table.name

    @cached_property
    def columns(self) -> tuple[Column[Any], ...]:
        """The columns that it brings."""
        return tuple(column for column in self.table.columns if column.name not in self.left_out)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns by which its rows are told apart and stand in order."""
        return tuple(column.name for column in self.table.primary_key.columns)

    @cached_property
    def references(self) -> tuple[tuple[str, str], ...]:
        """Each column that names a row of another table, with that table."""
        keys = sorted(self.table.foreign_keys, key=lambda key: key.parent.name)
        return tuple((key.parent.name, key.column.table.name) for key in keys)

    @cached_property
    def row(self) -> type[BaseModel]:
        """What a line of its file must be: every column and no other, each of its type."""
        fields: dict[str, Any] = {column.name: (_kind(self.name, column), ...) for column in self.columns}
        strict = ConfigDict(strict=True, extra="forbid")
        return create_model(f"Row of {self.name}", __config__=strict, **fields)


def _kind(table: str, column: Column[Any]) -> Any:
    kind = _plain_kind(table, column.name, column.type)
    return kind | None if column.nullable else kind


def _plain_kind(table: str, name: str, kept: TypeEngine[Any]) -> Any:
    if isinstance(kept, JSON):
        return SHAPES[table, name]
    known: tuple[tuple[type[TypeEngine[Any]], Any], ...] = (
        (UTCDateTime, AwareDatetime), (Boolean, bool), (Integer, Whole), (Date, date), (LargeBinary, Base64UrlBytes),
    )  # fmt: skip
    return next((kind for known_type, kind in known if isinstance(kept, known_type)), Text)


HELD: tuple[Holding, ...] = tuple(  # each after those that its rows name
    Holding(table, COLUMNS_LEFT_OUT.get(table.name, {}))
    for table in Base.metadata.sorted_tables
    if table.name not in LEFT_OUT
)
