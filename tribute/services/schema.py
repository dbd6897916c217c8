"""The schema's one truth: the migrations, run over one connection with foreign keys looked after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, func, inspect, literal, select

from tribute.domain.errors import BadSetup
from tribute.models import Base

LOCK = int.from_bytes(b"tribute", "big")  # PostgreSQL's advisory locks have a number
FOLDER = Path(__file__).parent.parent.parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration: where the migrations lie, and the connection they run over."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    if connection is not None:
        made.attributes["connection"] = connection
    return made


def head() -> str:
    """The newest migration."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def current(engine: Engine) -> str | None:
    """The migration a database stands at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Whether this program has a migration of that name: a newer one's it has not."""
    return revision in {step.revision for step in ScriptDirectory.from_config(config()).walk_revisions()}


def prepare_new(engine: Engine) -> None:
    """Bring a database that holds nothing to this program's schema. Raises BadSetup where it holds a row."""
    with engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        tables = [table for table in Base.metadata.sorted_tables if table.name in there and table.name != "log_head"]
        held = [
            table.name for table in tables if connection.execute(select(literal(1)).select_from(table).limit(1)).first()
        ]
    if held:
        raise BadSetup(
            f"the database already holds something (in {', '.join(held[:3])}{' …' if held[3:] else ''}), and nothing "
            "is ever mixed with what is there. Name a new database, and do not prepare it"
        )
    migrate(engine)


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Let one at a time change a schema that several machines share: the others wait. SQLite's is one machine's."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()  # the lock is the connection's: it goes when that does, however this ends
        connection.execute(select(func.pg_advisory_lock(LOCK)))
        yield


def migrate(engine: Engine, to: str = "head") -> None:
    """Bring a database up or down to a migration, in one transaction.

    Raises BadSetup where no migration has that name, or where a reference is left broken.

    On SQLite a table is changed by copying it, and with foreign keys on that would delete its children.
    """
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _run_outside(connection, "PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                _step(connection, to)
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise BadSetup(
                        "after the migration a row would refer to one that is not there; nothing was changed"
                    )
        finally:
            if is_sqlite:
                _run_outside(connection, "PRAGMA foreign_keys=ON")


def _step(connection: Connection, to: str) -> None:
    steps = ScriptDirectory.from_config(config())
    present = MigrationContext.configure(connection).get_current_revision()
    goes_down = to == "base" or (
        to != "head" and present is not None and to in {step.revision for step in steps.walk_revisions(head=present)}
    )
    try:
        (command.downgrade if goes_down else command.upgrade)(config(connection), to)
    except CommandError as error:
        raise BadSetup(str(error)) from error


def _run_outside(connection: Connection, statement: str) -> None:
    """Run a statement that SQLite takes only between transactions."""
    raw = connection.connection.dbapi_connection
    if raw is not None:
        raw.cursor().execute(statement)
