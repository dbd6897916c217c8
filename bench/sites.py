"""The databases that are measured, each with a synthetic corpus of its own, and the server over one of them."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, inspect, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bench import servers
from bench.servers import ROOT, Server
from tribute.config import Settings
from tribute.search.index import PUBLIC
from tribute.services import reindexing

FOLDER = ROOT / "instance" / "bench"
POSTGRESQL = "BENCH_POSTGRESQL"
DEFAULT_SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
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
    page_cache: int = 0  # megabytes; none: what a page costs, and not what it costs to have it already

    @property
    def environment(self) -> dict[str, str]:
        """The surroundings of its commands, without any setting of this machine's own site."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TRIBUTE_")}
        own = {
            "TRIBUTE_INSTANCE_PATH": str(self.folder), "TRIBUTE_DATABASE_URL": self.url, "TRIBUTE_LIMITS": "false",
            "TRIBUTE_PAGE_CACHE": str(self.page_cache),
        }  # fmt: skip
        return kept | {name: value for name, value in own.items() if value}

    @property
    def settings(self) -> Settings:
        """The same for an application within this process."""
        return Settings(
            instance_path=self.folder, database_url=self.url, limits=False, page_cache=self.page_cache
        ).with_secrets()

    def run(self, *arguments: str, shown: bool = False) -> None:
        """Run one of Tribute's commands."""
        told = sys.stderr if shown else subprocess.DEVNULL
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "tribute", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=told)  # noqa: S603  our own


def server() -> URL:
    """PostgreSQL, where databases for this are made."""
    return make_url(os.environ.get(POSTGRESQL) or DEFAULT_SERVER)


def engines() -> list[str]:
    """The databases that there are here."""
    try:
        with create_engine(server(), poolclass=NullPool, connect_args={"connect_timeout": 3}).connect():
            return list(ENGINES)
    except OperationalError:
        print(f"PostgreSQL does not answer at {server()}: left out. {POSTGRESQL} names another.")
        return [engine for engine in ENGINES if engine != "PostgreSQL"]


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


@cache
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


def copied(of: Site, name: str) -> Site:
    """A copy of an installation for what writes, made anew each time."""
    if of.engine == "SQLite":
        copy = Site(of.engine, FOLDER / name)
        shutil.rmtree(copy.folder, ignore_errors=True)
        shutil.copytree(of.folder, copy.folder)
        return copy
    with create_engine(server(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS tribute_bench_{name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE tribute_bench_{name} TEMPLATE {make_url(of.url).database}"))
    copy = site(of.engine, name)
    shutil.copytree(of.folder, copy.folder, dirs_exist_ok=True)
    return copy


def number_of_tributes(of: Site) -> int:
    """How many tributes a database holds; none where it has no tables."""
    with create_engine(of.settings.database, poolclass=NullPool).connect() as connection:
        if not inspect(connection).has_table("tribute"):
            return 0
        return int(connection.execute(text("SELECT count(*) FROM tribute")).scalar_one())


def version(of: Site) -> str:
    """Its database's version, and PostgreSQL's memory."""
    if of.engine == "SQLite":
        return sqlite3.sqlite_version
    with create_engine(of.url, poolclass=NullPool).connect() as connection:
        number, buffers = (
            str(connection.execute(text(f"SHOW {said}")).scalar_one()) for said in ("server_version", "shared_buffers")
        )
    return f"{number.split()[0]} with {buffers} of shared buffers"


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
def served(of: Site) -> Iterator[Server]:
    """The server that `make run` starts, over this installation."""
    with servers.granian("wsgi:app", of.environment) as server:
        yield server
