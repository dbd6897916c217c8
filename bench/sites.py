"""The databases that are measured, each with a synthetic corpus of its own, and the server over one of them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, inspect, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tribute.config import Settings
from tribute.search.index import PUBLIC
from tribute.services import reindexing

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "instance" / "bench"
POSTGRESQL = "BENCH_POSTGRESQL"
DEFAULT_SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
STARTS_WITHIN = 60  # seconds
ENGINES = ("SQLite", "PostgreSQL")
PREWARM = (
    "SELECT sum(pg_prewarm(oid, 'read')) FROM pg_class "
    "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')"
)


@dataclass(frozen=True)
class Site:
    """One installation: its engine, its folder and its database."""

    engine: str
    folder: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The surroundings of its commands, without any setting of this machine's own site."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TRIBUTE_")}
        own = {
            "TRIBUTE_INSTANCE_PATH": str(self.folder), "TRIBUTE_DATABASE_URL": self.url, "TRIBUTE_LIMITS": "false",
            "TRIBUTE_PAGE_CACHE": "0",  # what a page costs, and not what it costs to have it already
        }  # fmt: skip
        return kept | {name: value for name, value in own.items() if value}

    @property
    def settings(self) -> Settings:
        """The same for an application within this process."""
        return Settings(instance_path=self.folder, database_url=self.url, limits=False, page_cache=0).with_secrets()

    def run(self, *arguments: str, shown: bool = False) -> None:
        """Run one of Tribute's commands."""
        told = sys.stderr if shown else subprocess.DEVNULL
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "tribute", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=told)  # noqa: S603  our own


def server() -> URL:
    """PostgreSQL, where databases for this are made."""
    return make_url(os.environ.get(POSTGRESQL) or DEFAULT_SERVER)


def has_postgresql() -> bool:
    """Whether it answers."""
    try:
        with create_engine(server(), poolclass=NullPool, connect_args={"connect_timeout": 3}).connect():
            return True
    except OperationalError:
        return False


def site(engine: str, name: str) -> Site:
    """An installation of that name, empty or as it was left."""
    if engine == "SQLite":
        return Site(engine, FOLDER / name)
    database = f"tribute_bench_{name}"
    with create_engine(server(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        known = "SELECT 1 FROM pg_database WHERE datname = :name"
        if connection.execute(text(known), {"name": database}).first() is None:
            connection.execute(text(f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8'"))
    url = server().set(database=database).render_as_string(hide_password=False)
    return Site(engine, FOLDER / f"{name}-postgresql", url)


def with_corpus(engine: str, count: int) -> Site:
    """An installation with so many synthetic tributes, made now where they are not there yet."""
    found = site(engine, str(count))
    there = number_of_tributes(found)
    found.run("prepare")  # where it is there already, its schema may be an older one
    if not there:
        found.run("demo", "--count", str(count), shown=True)
        settle(found)
    elif there != count:
        sys.exit(f"{found.settings.database} holds {there} tributes, not {count}: a run was cut off. Delete it.")
    found.run("migrate")
    if there and is_stale(found):
        print(f"{found.settings.database} was indexed by an earlier program. Delete it for numbers of this one.")
    return found


def number_of_tributes(of: Site) -> int:
    """How many tributes a database holds; none where it has no tables."""
    with create_engine(of.settings.database, poolclass=NullPool).connect() as connection:
        if not inspect(connection).has_table("tribute"):
            return 0
        return int(connection.execute(text("SELECT count(*) FROM tribute")).scalar_one())


def is_stale(of: Site) -> bool:
    """Whether this program would index the newest tributes otherwise."""
    with Session(create_engine(of.settings.database, poolclass=NullPool)) as session:
        return reindexing.is_stale(session, PUBLIC)


def settle(of: Site) -> None:
    """Let PostgreSQL do what it does by itself within a minute or two of such a load."""
    if of.engine == "PostgreSQL":
        engine = create_engine(of.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text("VACUUM (ANALYZE)"))


def warm(of: Site) -> None:
    """Read the database once, as it lies in the memory of a server that has been up for a while."""
    if of.engine == "SQLite":
        with Path(make_url(of.settings.database).database or "").open("rb") as file:
            while file.read(1 << 24):
                pass
        return
    with create_engine(of.url, poolclass=NullPool).begin() as connection:
        there = connection.execute(text("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_prewarm'")).first()
        if there is None:
            print("This PostgreSQL has no pg_prewarm: its first answers wait for the disk.", file=sys.stderr)
            return
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_prewarm"))
        connection.execute(text(PREWARM))


@contextmanager
def served(of: Site) -> Iterator[HTTPConnection]:
    """A connection to the server that `make run` starts, over this installation."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    process = subprocess.Popen(  # noqa: S603  our own program, no shell
        [sys.executable, "-m", "granian", "--interface=wsgi", "--http=1", "--no-ws", "--host=127.0.0.1",
         f"--port={port}", "--workers=2", "--blocking-threads=128", "--workers-kill-timeout=10", "--log-level=error",
         "wsgi:app"],
        cwd=ROOT, env=of.environment,
    )  # fmt: skip
    connection = HTTPConnection("127.0.0.1", port, timeout=STARTS_WITHIN)
    try:
        _wait_for(connection)
        yield connection
    finally:
        connection.close()
        while process.poll() is None:  # a signal that comes while it starts is lost
            process.terminate()
            time.sleep(0.2)


def _wait_for(connection: HTTPConnection) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            connection.request("GET", "/robots.txt")
            connection.getresponse().read()
        except OSError:
            connection.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return
