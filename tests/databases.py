"""Databases for tests: a migrated template of each kind is made once a worker, and copied for each test."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from tribute.services import schema

SERVER = make_url(os.environ.get("TRIBUTE_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"))
REQUIRED = frozenset(os.environ.get("TRIBUTE_REQUIRE", "").replace(",", " ").split())


def server() -> Engine:
    """PostgreSQL's own database, from which others are made."""
    return create_engine(SERVER, isolation_level="AUTOCOMMIT", poolclass=NullPool, connect_args={"connect_timeout": 3})


def has_postgresql() -> bool:
    """Whether a server answers where the tests look for one."""
    try:
        with server().connect():
            return True
    except OperationalError:
        return False


def run(statement: str) -> None:
    """Run a statement on the server, outside a transaction."""
    with server().connect() as connection:
        connection.execute(text(statement))


def migrated(url: str | URL) -> None:
    """Bring an empty database to the newest schema."""
    engine = create_engine(url, poolclass=NullPool)
    schema.migrate(engine)
    engine.dispose()


def postgresql_template() -> Iterator[str]:
    """The name of a migrated database that others are copied from; dropped at the end."""
    name = f"tribute_template_{uuid.uuid4().hex[:12]}"
    run(f"CREATE DATABASE {name}")
    migrated(SERVER.set(database=name))
    yield name
    run(f"DROP DATABASE {name} WITH (FORCE)")


def postgresql_copy(template: str) -> Iterator[str]:
    """The address of a fresh copy; dropped at the end."""
    name = f"tribute_test_{uuid.uuid4().hex[:12]}"
    run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log")
    yield SERVER.set(database=name).render_as_string(hide_password=False)
    run(f"DROP DATABASE {name} WITH (FORCE)")


def sqlite_copy(template: Path, folder: Path) -> str:
    """The address of a fresh copy in a test's own folder."""
    target = folder / "tribute.db"
    shutil.copyfile(template, target)
    return f"sqlite:///{target}"
