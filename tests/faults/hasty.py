"""The site with less patience for its database, so that a small test need not wait as long as a visitor would."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Engine, event

from tribute import turns
from tribute.web import silence
from wsgi import app

__all__ = ["app"]

SECONDS = 2
silence.SECONDS = turns.PATIENCE = SECONDS


@event.listens_for(Engine, "connect")
def _hasten(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute(f"PRAGMA busy_timeout={SECONDS * 1000}")
