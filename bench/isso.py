"""Isso, the peer that anyone can install: https://isso-comments.de/, in an environment of its own, from PyPI.

Served as its page on deployment says, by gunicorn with four workers; its database is filled in its own schema.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench import servers
from bench.servers import Server
from bench.sites import FOLDER
from tribute.services import corpus

NEEDED = ("isso==0.14.*", "gunicorn==27.*")
HOME = FOLDER / "isso"
BIN = HOME / "venv" / "bin"
URI, LISTED = "/20-january/", 25
PATH = f"/?uri={URI}&limit={LISTED}"
SEED = 20
BEGIN = 1_700_000_000  # when the first was written; the others follow by the minute
CONFIGURATION = """[general]
dbpath = {database}
host = http://127.0.0.1/
[guard]
enabled = false
"""
INSERT = (
    "INSERT INTO comments (tid, created, mode, remote_addr, text, author, voters) "
    "VALUES (1, ?, 1, '127.0.0.0', ?, ?, zeroblob(256))"
)


def install() -> str | None:
    """Install it where it is not there yet; returns why that failed."""
    try:
        if not (BIN / "python").exists():
            subprocess.run([sys.executable, "-m", "venv", str(HOME / "venv")], check=True, capture_output=True)  # noqa: S603
        pip = [str(BIN / "python"), "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check", *NEEDED]
        subprocess.run(pip, check=True, capture_output=True)  # noqa: S603  no shell
    except (OSError, subprocess.CalledProcessError) as error:
        return str(error)
    return None


def version() -> str:
    """Which one is installed."""
    command = [str(BIN / "python"), "-c", "from importlib.metadata import version; print(version('isso'))"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603  no shell


@contextmanager
def served(comments: int) -> Iterator[Server]:
    """Isso with so many comments on one page."""
    folder = HOME / str(comments)
    port = servers.free_port()
    command = [
        str(BIN / "gunicorn"), f"--bind=127.0.0.1:{port}", "--workers=4", "--preload", "--log-level=error", "isso.run",
    ]  # fmt: skip
    environment = {**os.environ, "ISSO_SETTINGS": str(_prepared(folder, comments))}
    with servers.started(command, port, environment) as server:
        yield server


def _prepared(folder: Path, comments: int) -> Path:
    """The settings of an installation with so many comments, made anew."""
    folder.mkdir(parents=True, exist_ok=True)
    database, settings = folder / "comments.db", folder / "isso.cfg"
    database.unlink(missing_ok=True)
    settings.write_text(CONFIGURATION.format(database=database))
    make = f"from isso import config, db; db.SQLite3({str(database)!r}, config.load(config.default_file()))"
    subprocess.run([str(BIN / "python"), "-c", make], check=True, capture_output=True)  # noqa: S603  no shell
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT INTO threads (id, uri, title) VALUES (1, ?, 'Tributes')", (URI,))
        texts = corpus.texts(SEED, comments, 0, comments)
        connection.executemany(INSERT, ((BEGIN + 60 * at, each.words, each.name) for at, each in enumerate(texts)))
    return settings
