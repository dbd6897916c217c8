"""Many rows at once: read in order, written by the quickest way there is, and what has to be put right after them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, String, func, select, text
from sqlalchemy.orm import Session

from tribute.models import Base
from tribute.search.index import DESK, PUBLIC

AT_ONCE = 1_000  # read
GIN = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(:tables) AND indexdef LIKE '% USING gin %'"


def read(session: Session, table: Any, columns: Iterable[Any]) -> Iterator[Sequence[Row[Any]]]:
    """All rows of a table by their key, some at once; the order is the same on both databases, and Python's own."""
    has_other_orders = session.get_bind().dialect.name == "postgresql"
    key = [
        column.collate("C") if has_other_orders and isinstance(column.type, String) else column
        for column in table.primary_key.columns
    ]
    query = select(*columns).order_by(*key).execution_options(yield_per=AT_ONCE)
    with session.execute(query) as found:
        yield from found.partitions()


def write(session: Session, table: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows that name every column of a table."""
    dialect = session.get_bind().dialect
    kinds = [(column.name, column.type.dialect_impl(dialect)) for column in table.columns]
    columns = [(name, kind.bind_processor(dialect) or _as_it_is) for name, kind in kinds]
    ready = (tuple(process(row[name]) for name, process in columns) for row in rows)
    connection: Any = session.connection().connection.dbapi_connection
    quote = dialect.identifier_preparer.quote  # `case` is a word of SQL's own
    named = ", ".join(quote(name) for name, _process in columns)
    if dialect.name == "sqlite":
        places = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {quote(table.name)} ({named}) VALUES ({places})", ready)  # noqa: S608
        return
    with connection.cursor().copy(f"COPY {quote(table.name)} ({named}) FROM STDIN") as copy:
        for row in ready:
            copy.write_row(row)


def _as_it_is(value: Any) -> Any:
    return value


def without_gin(session: Session) -> list[str]:
    """Drop PostgreSQL's inverted indexes, which are made sooner than kept; returns how to make them again."""
    if session.get_bind().dialect.name != "postgresql":
        return []
    tables = [which.entry.__tablename__ for which in (PUBLIC, DESK)]
    found = session.execute(text(GIN), {"tables": tables}).all()
    for name, _definition in found:
        session.execute(text(f"DROP INDEX {name}"))
    return [definition for _name, definition in found]


def follow_numbers(session: Session) -> None:
    """Let the numbers that PostgreSQL gives out go on after those that the rows brought; SQLite looks by itself."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        key = table.autoincrement_column
        if key is None:
            continue
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', key.name)
        greatest = select(func.max(key)).scalar_subquery()
        session.execute(select(func.setval(sequence, greatest)).where(greatest.is_not(None), sequence.is_not(None)))
