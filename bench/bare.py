"""A guestbook without anything: a POST becomes a row that is on the disk before it is answered, unchecked and unread.

Served as `bench.bare:app`; BENCH_DATABASE is a file for SQLite, or the address of a database of PostgreSQL's.
"""

from __future__ import annotations

import os
import sqlite3
from queue import LifoQueue
from typing import Any

import psycopg
from flask import Flask, redirect, request
from werkzeug.wrappers import Response

DATABASE = os.environ["BENCH_DATABASE"]
IS_POSTGRESQL = DATABASE.startswith("postgresql")
AT_ONCE = 16  # connections of a process, as the site's
TABLE = "CREATE TABLE IF NOT EXISTS bare (name text NOT NULL, place text NOT NULL, message text NOT NULL)"
INSERT = "INSERT INTO bare (name, place, message) VALUES (%s, %s, %s)"

app = Flask(__name__)
connections: LifoQueue[Any] = LifoQueue()
for _ in range(AT_ONCE):
    connections.put(None)


def opened() -> Any:
    """A connection that has written to the disk when it says so."""
    if IS_POSTGRESQL:
        return psycopg.connect(DATABASE, autocommit=True)
    connection = sqlite3.connect(DATABASE, timeout=30, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


@app.get("/robots.txt")
def there() -> str:
    """It answers, and has its table."""
    opened().execute(TABLE)
    return ""


@app.post("/")
def write() -> Response:
    """Write it down."""
    form = request.form
    connection = connections.get() or opened()
    try:
        connection.execute(
            INSERT if IS_POSTGRESQL else INSERT.replace("%s", "?"), (form["name"], form["place"], form["message"])
        )
    finally:
        connections.put(connection)
    return redirect("/", 303)
