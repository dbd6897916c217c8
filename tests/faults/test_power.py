"""A loss of power: what was acknowledged had reached the disk, for each commit of the site waits for it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from tribute.extensions import db

FULL = 2  # SQLite's number for synchronous=FULL
WAITS = "SELECT source FROM pg_settings WHERE name = 'synchronous_commit'"


def test_each_of_the_sites_own_connections_waits_for_the_disk(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as one, db.engine.connect() as another:
        for connection in (one, another):
            if connection.dialect.name == "sqlite":
                said = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("synchronous", "journal_mode")]
                assert said == [FULL, "wal"]
            else:  # PostgreSQL waits by itself, unless whoever runs it forgoes that; the site never does
                assert connection.execute(text(WAITS)).scalar() not in ("session", "client", "user")
