"""The libraries that are bound to the application, and how a database connection is opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask_babel import Babel
from flask_security import Security
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from tribute import turns
from tribute.models import Base

View = TypeVar("View", bound=Callable[..., Any])

db = SQLAlchemy(model_class=Base)
csrf = CSRFProtect()
babel = Babel()
security = Security()

BUSY_TIMEOUT = round(1000 * turns.PATIENCE)  # milliseconds
MAPPED = 1 << 30  # bytes of the database
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # an acknowledged tribute survives a loss of power
    f"PRAGMA busy_timeout={BUSY_TIMEOUT}",  # for writers that take no turns
    "PRAGMA foreign_keys=ON",
    f"PRAGMA mmap_size={MAPPED}",  # read where the system has it, not copied into each connection's own small cache
    "PRAGMA secure_delete=ON",  # erased words are overwritten, not only unlinked
)


def checks_its_own_token(view: View) -> View:
    """Leave a view's CSRF token to its form, so that a refusal comes back with every word kept."""
    csrf.exempt(view)
    return view


def let_go(_error: BaseException | None = None) -> None:
    """End what a request has read. A database that goes in this very moment must not take the answer with it."""
    try:
        db.session.close()
    except OperationalError:
        db.session().invalidate()


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


@event.listens_for(Engine, "connect")
def _on_connect(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in PRAGMAS:
            connection.execute(pragma)


@event.listens_for(Engine, "begin")
def _on_begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        if connection.get_execution_options().get("tribute_begin") == "IMMEDIATE":
            turns.begin(connection)
        else:
            connection.exec_driver_sql("BEGIN")
