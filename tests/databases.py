"""Databases for tests: a template of each kind, with what ships, is made once a worker and copied for each test."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tribute.extensions import now
from tribute.services import content, schema

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


def run(statement: str, **values: str | None) -> None:
    """Run a statement on the server, outside a transaction."""
    with server().connect() as connection:
        connection.execute(text(statement), values)


def furnish(url: str | URL) -> None:
    """Bring an empty database to the newest schema, with what ships loaded."""
    engine = create_engine(url, poolclass=NullPool)
    schema.migrate(engine)
    with Session(engine) as session:
        content.load(session, now())
        session.commit()
    engine.dispose()


def postgresql_template() -> Iterator[str]:
    """The name of a furnished database that others are copied from; dropped at the end."""
    name = f"tribute_template_{uuid.uuid4().hex[:12]}"
    run(f"CREATE DATABASE {name}")
    furnish(SERVER.set(database=name))
    engine = create_engine(SERVER.set(database=name), poolclass=NullPool)
    with engine.begin() as connection:
        for statement in KEEP:
            connection.execute(text(statement))
    yield name
    run(f"DROP DATABASE {name} WITH (FORCE)")


def postgresql_copy(template: str) -> Iterator[str]:
    """The address of a fresh copy; dropped at the end."""
    name = f"tribute_test_{uuid.uuid4().hex[:12]}"
    run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log")
    run(f"ALTER DATABASE {name} SET synchronous_commit = off")  # no test outlives a failure of the machine
    yield SERVER.set(database=name).render_as_string(hide_password=False)
    run(f"DROP DATABASE {name} WITH (FORCE)")


class Reused:
    """A PostgreSQL database that one test after another is given, emptied to the template's rows in between.

    Making and dropping a database waits for the disk each time; a test that changed the schema gets a new one all the
    same.
    """

    def __init__(self, template: str) -> None:
        self.template = template
        self.copies = postgresql_copy(template)
        self.url = next(self.copies)
        with self._engine().begin() as connection:
            self.shape = connection.execute(SHAPE).all()

    def renew(self) -> None:
        """Make it as it was."""
        run(OTHERS, name=make_url(self.url).database)
        with self._engine().begin() as connection:
            if connection.execute(SHAPE).all() == self.shape:
                connection.execute(text("SET LOCAL session_replication_role = replica"))  # no trigger, no foreign key
                connection.execute(text("SELECT kept.put_back()"))
                return
        self.drop()
        self.copies = postgresql_copy(self.template)
        self.url = next(self.copies)

    def drop(self) -> None:
        """Let go of it."""
        for _rest in self.copies:
            pass

    def _engine(self) -> Engine:
        return create_engine(self.url, poolclass=NullPool)


OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"

# Rows are copied beside the tables, and only what a test changed is put back, row by row: TRUNCATE makes every file of
# a table anew, and waits for the disk.
KEEP = (
    "CREATE SCHEMA kept",
    """DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%1$I', name);
        END LOOP;
    END $$""",
    """CREATE FUNCTION kept.put_back() RETURNS void LANGUAGE plpgsql AS $$ DECLARE name text; differs bool; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept' LOOP
            EXECUTE format(
                'WITH now AS (SELECT r::text FROM public.%I AS r), before AS (SELECT r::text FROM kept.%1$I AS r) '
                'SELECT EXISTS (TABLE now EXCEPT ALL TABLE before) OR EXISTS (TABLE before EXCEPT ALL TABLE now)',
                name) INTO differs;
            IF differs THEN
                EXECUTE format('DELETE FROM public.%I', name);
                EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%1$I', name);
            END IF;
        END LOOP;
        PERFORM setval(format('%I', sequencename)::regclass, start_value, false)
            FROM pg_sequences WHERE schemaname = 'public';
    END $$""",
)

# What a test may have changed of the schema: columns, indexes, triggers, constraints.
SHAPE = text(
    "SELECT relname, relkind, relnatts, reltriggers FROM "
    "(SELECT c.relname, c.relkind, c.relnatts, (SELECT string_agg(tgname, ',' ORDER BY tgname) FROM pg_trigger"
    " WHERE tgrelid = c.oid AND NOT tgisinternal AND tgenabled = 'O') AS reltriggers"
    " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace) AS shapes ORDER BY relname"
)


def sqlite_copy(template: Path, folder: Path) -> str:
    """The address of a fresh copy in a test's own folder."""
    target = folder / "tribute.db"
    shutil.copyfile(template, target)
    return f"sqlite:///{target}"
