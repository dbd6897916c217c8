"""What every table shares: typed columns, UTC times, and when a transaction may write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, MetaData, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

WRITE = {"tribute_begin": "IMMEDIATE"}  # read where the SQLite connection begins its transaction


KEY = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER is SQLite's rowid; its integers have 64 bits


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, kept as ISO 8601 text in UTC with microseconds: sorts rightly and reads the same on both databases."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write a moment; one without a time zone is a mistake of the caller's."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Read a moment back."""
        return None if value is None else datetime.fromisoformat(value)


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of all tables; constraint names are fixed, so that migrations can name them."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UTCDateTime(), int: KEY},
    )


def insert(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT in the words of the session's database, which may say what to do on a conflict."""
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_in(dialect: str, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """The same for what is put together once: of the table itself, which takes many rows without making objects."""
    itself = Base.metadata.tables[table.__tablename__]
    return postgresql.insert(itself) if dialect == "postgresql" else sqlite.insert(itself)


def add_to(session: Session, table: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Add to the `number` of each row, which is named by its whole key; a row that is not there begins with it."""
    if rows:
        session.execute(_adding(session.get_bind().dialect.name, table), rows)


@cache
def _adding(dialect: str, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Put together once: that takes longer than to run it. Rows are no part of it: written out anew for each number of
    them, thousands take minutes.
    """
    statement, itself = insert_in(dialect, table), Base.metadata.tables[table.__tablename__]
    more = itself.c.number + statement.excluded.number
    return statement.on_conflict_do_update(index_elements=list(itself.primary_key), set_={"number": more})


def begin_write(session: Session) -> None:
    """End what was only read, and begin the transaction that writes.

    SQLite refuses at once to turn a read into a write after another writer came between, whatever the timeout; a
    transaction that begins IMMEDIATE waits its turn instead. Checking, hashing and cleaning come before this call.
    """
    session.rollback()
    session.connection(execution_options=WRITE)


def begin_reading(session: Session) -> None:
    """Let all that a session reads until it ends be of one moment. SQLite's transactions always are."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
