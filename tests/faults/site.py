"""The site and its worker as `make run` starts them, on a folder of their own, for a test to hurt."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.orm import Session

from bench.processes import family
from tests.browser.server import command, environment
from tests.conftest import SECRET
from tests.deploy import machines
from tests.deploy.crowd import FORM, Direct, Filled, filled
from tests.deploy.machines import Machine, until
from tests.deploy.nginx import Answer, free_port
from tests.deploy.programs import ROOT
from tribute.config import Settings
from tribute.domain.permissions import Role
from tribute.extensions import now
from tribute.services import people

TOGETHER = [sys.executable, str(ROOT / "deploy" / "together.py")]
HERE = "127.0.0.1"
NOTHING: Mapping[str, str] = {}
COMMAND = [sys.executable, "-m", "flask", "--app", "wsgi", "tribute"]


@dataclass(kw_only=True)
class Site(Direct):
    """What runs: one program that holds the site and the worker."""

    settings: Settings
    machine: Machine

    def open_form(self, lang: str = "en", source: str = HERE, **said: str) -> Filled:
        """A form that somebody has filled in and not yet sent."""
        return self.filled(self.ask(FORM.replace("/en/", f"/{lang}/"), source=source), **said)

    def filled(self, page: Answer, **said: str) -> Filled:
        """The form on a page, filled in."""
        return filled(page, self.settings.base_url, **said)

    def send(self, form: Filled, lang: str = "en", source: str = HERE) -> Answer:
        """Send it."""
        path = FORM.replace("/en/", f"/{lang}/")
        return self.ask(path, form.headers, method="POST", body=form.body, source=source)

    def session(self) -> Session:
        """The site's database, past the site."""
        return Session(create_engine(self.settings.database, poolclass=NullPool))

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One of its commands."""
        return subprocess.run(
            [*COMMAND, *words], cwd=ROOT, env=os.environ | environment(self.settings), capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    def processes(self, name: str) -> list[int]:
        """The numbers of those that are called so."""
        assert self.machine.process
        found = [process.number for process in family(self.machine.process.pid)]
        return [number for number in found if name in called(number)]


def called(number: int) -> str:
    """How a process was started; nothing where it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


@contextmanager
def running(
    database: str, folder: Path, *, application: str = "wsgi:app", workers: int = 1,
    beside: Mapping[str, str] = NOTHING, **others: Any,
) -> Iterator[Site]:  # fmt: skip
    """Run the site on a database that is furnished, in an instance folder of its own, until the end of the block.

    `others` are settings that differ from those of the tests; `application` may be the site with something done to it,
    and `beside` is what its two programs find in their surroundings.
    """
    port = free_port()
    told: dict[str, Any] = {
        "instance_path": folder, "database_url": database, "base_url": f"http://127.0.0.1:{port}",
        "secret_key": SECRET, "password_salt": SECRET, "receipt_keys": SECRET, "email_keys": SECRET,
        "factor_keys": SECRET,
    }  # fmt: skip
    settings = Settings(**told | others)
    folder.mkdir(parents=True, exist_ok=True)
    told_too = ["env", *(f"{name}={value}" for name, value in beside.items())]
    program = [*TOGETHER, *told_too, *command(port, application, workers), "--", *told_too, *COMMAND, "work"]
    site = Site(port, settings=settings, machine=Machine("site", program, settings, folder.parent, port))
    with machines.running([site.machine]):
        try:
            yield site
        finally:
            assert site.machine.process
            site.machine.process.send_signal(signal.SIGTERM)
            site.machine.process.wait(60)


def with_keeper(database: str) -> None:
    """Add a keeper: without one `check` would have something to say."""
    with Session(create_engine(database, poolclass=NullPool)) as session:
        people.add(session, "keeper@memorial.example", "Aytən", Role.KEEPER, "not a hash", "en", now())
        session.commit()


def assert_is_whole(site: Site) -> None:
    """The database and all that is kept twice in it are as they must be."""
    checked = site.run("check")
    assert (checked.returncode, checked.stdout) == (0, "All is well.\n"), checked.stderr
    url = make_url(site.settings.database)
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return
    with site.session() as session:  # amcheck reads every row of every index
        session.execute(text("CREATE EXTENSION IF NOT EXISTS amcheck"))
        session.execute(text(EVERY_INDEX))


EVERY_INDEX = """SELECT bt_index_check(c.oid, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND c.relnamespace = 'public'::regnamespace"""


def alive(number: int) -> bool:
    """Whether a process still runs."""
    return bool(called(number))


def is_up(site: Site) -> bool:
    """Whether it answers."""
    with suppress(OSError):
        return site.ask("/healthz").status == 200
    return False


def comes_back(site: Site) -> None:
    """Start it again where it has ended, as systemd would, and wait until it answers."""
    assert site.machine.process
    if site.machine.process.poll() is not None:
        site.machine.start()
    until(lambda: is_up(site), f"the site does not come back: {site.machine.log()}")
