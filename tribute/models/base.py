"""What every table shares: typed columns, UTC times, and when a transaction may write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect, Integer, MetaData, String, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

Insert = sqlite.Insert | postgresql.Insert

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


def insert(session: Session, table: type[Base]) -> Insert:
    """An INSERT in the words of the session's database, which may say what to do on a conflict."""
    return inserts(session.get_bind().dialect.name)(table)


def inserts(dialect: str) -> Callable[[Any], Insert]:
    """What makes an INSERT in a database's words, for a statement that is put together once."""
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


def count_in(session: Session, table: type[Base], steps: Mapping[tuple[Any, ...], int]) -> None:
    """Add these steps to the `number` of rows, each named by its key; in order, so that two writers never wait for
    each other.
    """
    keys = [column.name for column in Base.metadata.tables[table.__tablename__].primary_key]
    rows = [dict(zip(keys, key, strict=True)) | {"number": steps[key]} for key in sorted(steps) if steps[key]]
    add_to(session, table, rows, "number")


def add_to(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, object]], *columns: str, greatest: str = ""
) -> None:
    """Add to these columns of each row, and let the greater value stand in another; what is not there begins so.

    No two rows have the same key. Without columns what is there stays as it is. PostgreSQL is given all values of a
    column as one: three hundred rows are one statement and one answer, and the lock is held for as long as that takes.
    """
    if not rows:
        return
    dialect, names = session.get_bind().dialect.name, tuple(rows[0])
    statement = _adding(dialect, table, names, columns, greatest)
    whole = dialect == "postgresql"
    session.execute(statement, {name: [row[name] for row in rows] for name in names} if whole else rows)


@cache
def _adding(
    dialect: str, table: type[Base], names: tuple[str, ...], columns: tuple[str, ...], greatest: str
) -> Insert:  # fmt: skip
    """Put together once: that takes longer than to run it. It is of the table itself, which makes no objects of rows;
    and rows are no part of it: written out anew for each number of them, thousands take minutes.
    """
    itself = Base.metadata.tables[table.__tablename__]
    statement = inserts(dialect)(itself)
    if dialect == "postgresql":
        values = func.unnest(*(bindparam(name, type_=postgresql.ARRAY(itself.c[name].type)) for name in names))
        statement = statement.from_select(names, select(values.table_valued(*names).render_derived()))
    greater = func.max if dialect == "sqlite" else func.greatest
    more: dict[str, ColumnElement[Any]] = {name: itself.c[name] + statement.excluded[name] for name in columns}
    if greatest:
        more[greatest] = greater(itself.c[greatest], statement.excluded[greatest])
    there = list(itself.primary_key)
    if not more:
        return statement.on_conflict_do_nothing(index_elements=there)
    return statement.on_conflict_do_update(index_elements=there, set_=more)


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


def begin_looking(session: Session) -> None:
    """Let each statement stand for itself until the session ends or begins to write: for a page that only looks.

    PostgreSQL shows each statement what is there when it begins, in one transaction or not; to begin one and to end it
    are two more journeys to the server. Where the page has asked something before, it stays as it is.
    """
    if session.get_bind().dialect.name == "postgresql" and not session.in_transaction():
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
