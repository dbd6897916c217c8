"""The site as it is served in earnest, for a browser: granian on an instance of its own, and hands on its data."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import make_url, update

from tests.cast import Cast, step
from tribute.app import ROOT, create_app
from tribute.config import Settings
from tribute.domain import ids
from tribute.domain.lifecycle import Action
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.models import Person, Tribute
from tribute.services import authors

PATIENCE = 1200  # twentieths of a second until a server has to listen


@dataclass
class Site:
    """A served site. What a test puts into its database is there for the browser at once."""

    url: str
    app: Flask
    log: Path

    @property
    def cast(self) -> Cast:
        """Who comes to the site, for tributes that are there beforehand."""
        return Cast(self.app)

    def person(self, role: Role, name: str, email: str, language: str = "en") -> str:
        """Add somebody who may sign in; returns the address they sign in with."""
        added = self.cast.person(role, name, email)
        with self.app.app_context():
            db.session.execute(update(Person).where(Person.id == added).values(language=language))
            db.session.commit()
        return email

    def receipt(self, public_id: str, language: str = "en") -> str:
        """The private page of a tribute."""
        with self.app.app_context():
            tribute = db.session.get_one(Tribute, ids.decode(public_id))
            return f"/{language}/receipt/{authors.token_of(tribute, self.app.config['RECEIPT_KEYS'])}/"

    def tributes(self) -> list[tuple[str, str]]:
        """Every tribute there is: its public id and its status."""
        with self.app.app_context():
            return [(found.public_id, found.status) for found in db.session.scalars(db.select(Tribute))]

    def publish(self, public_id: str) -> None:
        """Publish what waits."""
        with self.app.app_context():
            tribute = db.session.get_one(Tribute, ids.decode(public_id))
            step(db.session(), tribute, Action.APPROVE, now())
            db.session.commit()

    def failures(self) -> str:
        """What the server wrote down as its own mistakes."""
        written = self.log.read_text()
        return written if "Traceback" in written else ""


@contextmanager
def serve(database: str, folder: Path, clock: Path | None = None, **others: Any) -> Iterator[Site]:
    """Serve a database of the tests until the end of the block; `clock` holds the moment that it shall be there.

    `others` are settings that differ from those of the tests.
    """
    port = _free_port()
    told: dict[str, Any] = {
        "instance_path": folder / "instance", "database_url": database, "base_url": f"http://127.0.0.1:{port}",
        "limits": False,
    }  # fmt: skip
    settings = Settings(**told | others).with_secrets()
    site = Site(f"http://127.0.0.1:{port}", create_app(settings), folder / "server.log")
    with site.log.open("a") as log, subprocess.Popen(
        command(port, "tests.browser.moved:app" if clock else "wsgi:app"), cwd=ROOT,
        env=os.environ | environment(settings) | {"CLOCK_FILE": str(clock)}, stdout=log, stderr=subprocess.STDOUT,
    ) as server:  # fmt: skip
        try:
            _await(server, port, site.log)
            yield site
        finally:
            server.terminate()
    with site.app.app_context():
        db.engine.dispose()


def command(port: int, application: str = "wsgi:app", workers: int = 1) -> list[str]:
    """The server as `make run` starts it; so many processes answer."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--host", "127.0.0.1",
        "--port", str(port), "--workers", str(workers), "--blocking-threads", "128", "--respawn-failed-workers",
        "--workers-kill-timeout", "10", "--log-level", "error", application,
    ]  # fmt: skip


def environment(settings: Settings) -> dict[str, str]:
    """Settings as the server reads them."""
    return {f"TRIBUTE_{name.upper()}": str(value) for name, value in settings.model_dump().items()}


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return int(found.getsockname()[1])


def _await(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(PATIENCE):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        with suppress(subprocess.TimeoutExpired):
            raise RuntimeError(f"The server ended with {server.wait(0.05)}: {log.read_text()}")
    raise RuntimeError(f"The server does not listen: {log.read_text()}")


class Snapshot:
    """A served SQLite database as it was, to put back between two tests without a new server."""

    def __init__(self, site: Site) -> None:
        self._live = str(make_url(site.app.config["SQLALCHEMY_DATABASE_URI"]).database)
        self._kept = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self._live)) as live:
            live.backup(self._kept)

    def restore(self) -> None:
        """Put every page of the database back."""
        with closing(sqlite3.connect(self._live, timeout=10)) as live:
            self._kept.backup(live)

    def close(self) -> None:
        """Let the copy go."""
        self._kept.close()
