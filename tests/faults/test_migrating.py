"""Migrations over many rows, down and up again; and one that breaks halfway, after which all goes on as before."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, QueuePool, inspect, text
from sqlalchemy.exc import DBAPIError

from tests.cast import WALL, Cast
from tests.cli.conftest import done, refused
from tests.faults.sizes import ROWS
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.services import schema

FIRST = "0001"
GUARDS = {
    "sqlite": "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('trigger', 'index')",
    "postgresql": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes "
    "WHERE schemaname = 'public' UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) "
    "FROM pg_trigger WHERE NOT tgisinternal",
}
BROKEN = '''
"""Broken: it changes tables and rows, and then fails."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999", "{head}"
def upgrade():
    with op.batch_alter_table("tribute") as table:
        table.add_column(sa.Column("added", sa.Integer(), nullable=False, server_default="1"))
    op.create_table("further", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("UPDATE revision SET words = 'gone'")
    op.execute("INSERT INTO further SELECT id FROM nowhere")
'''


def guards(connection: Connection) -> list[tuple[str, ...]]:
    """Triggers, indexes and what refers to what, as the database has them."""
    found = [tuple(map(str, row)) for row in connection.execute(text(GUARDS[connection.dialect.name]))]
    if connection.dialect.name == "sqlite":
        seen = inspect(connection)
        found += [(name, str(seen.get_foreign_keys(name))) for name in sorted(seen.get_table_names())]
    return sorted(found)


def columns(connection: Connection) -> dict[str, list[str]]:
    """Those of each table that the first migration made, without the indexes, which are made anew."""
    seen = inspect(connection)
    tables = [name for name in seen.get_table_names() if "entry" not in name and name != "alembic_version"]
    return {name: [column["name"] for column in seen.get_columns(name)] for name in tables}


def digest(connection: Connection, tables: dict[str, list[str]]) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and what they hold together."""
    return {name: _rows(connection, name, names) for name, names in tables.items()}


def _rows(connection: Connection, table: str, names: Sequence[str]) -> tuple[int, str]:
    number, held = 0, hashlib.sha256()
    said, key = _quoted(names), _quoted(inspect(connection).get_pk_constraint(table)["constrained_columns"])
    for row in connection.execute(text(f'SELECT {said} FROM "{table}" ORDER BY {key}')):  # noqa: S608  our own names
        number += 1
        held.update(repr(tuple(row)).encode())
    return number, held.hexdigest()


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def test_many_rows_go_down_to_the_first_migration_and_up_again_unharmed(app: Flask, cast: Cast) -> None:
    run = app.test_cli_runner().invoke
    cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
    done(run(args=["tribute", "demo", "--count", str(ROWS)]))
    with app.app_context(), db.engine.connect() as connection:
        guarded, now_there = guards(connection), columns(connection)
    done(run(args=["tribute", "migrate", "--to", FIRST]))
    with app.app_context(), db.engine.connect() as connection:
        kept = columns(connection)
        assert {"tribute", "revision", "decision", "person"} <= set(kept)
        before = digest(connection, kept)
    assert before["tribute"][0] == ROWS
    assert before["decision"][0] > ROWS
    done(run(args=["tribute", "prepare", "--no-backup"]))
    with app.app_context(), db.engine.connect() as connection:
        assert guards(connection) == guarded
        assert columns(connection) == now_there
        assert digest(connection, kept) == before
    assert done(run(args=["tribute", "check"])) == "All is well.\n"
    assert_guarded(app)


def assert_guarded(app: Flask) -> None:
    """The log refuses to be changed, and nothing may refer to what is not there."""
    for statement, why in {
        "UPDATE decision SET reason = 'x'": "append-only",
        "UPDATE revision SET tribute_id = 1": "(?i)foreign key",
    }.items():
        with app.app_context(), pytest.raises(DBAPIError, match=why), db.engine.begin() as connection:
            connection.execute(text(statement))


def test_after_a_migration_that_breaks_halfway_the_site_serves_and_writes_as_before(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, head = cast.tribute(), schema.head()
    with app.app_context(), db.engine.connect() as connection:
        guarded, tables = guards(connection), columns(connection)
        before = digest(connection, tables)
    shutil.copytree(schema.FOLDER, tmp_path / "migrations")
    (tmp_path / "migrations" / "versions" / "9999_broken.py").write_text(BROKEN.format(head=head))
    with monkeypatch.context() as broken:
        broken.setattr(schema, "FOLDER", tmp_path / "migrations")
        assert "nowhere" in refused(app.test_cli_runner().invoke(args=["tribute", "migrate"]))
    with app.app_context(), db.engine.connect() as connection:
        assert schema.current(db.engine) == head
        assert (guards(connection), columns(connection)) == (guarded, tables)
        assert digest(connection, tables) == before
    assert_each_connection_checks_references(app)
    assert shown in cast.client().get(WALL).text
    cast.author()
    cast.tribute(Status.DECLINED)
    assert_guarded(app)


def assert_each_connection_checks_references(app: Flask) -> None:
    """Also the one over which the migration ran, which goes on without them: SQLite knows that of a connection only."""
    with app.app_context(), ExitStack() as stack:
        pool = db.engine.pool
        assert isinstance(pool, QueuePool)
        kept = [stack.enter_context(db.engine.connect()) for _each in range(pool.checkedin())]
        assert kept
        if db.engine.dialect.name == "sqlite":
            assert {each.execute(text("PRAGMA foreign_keys")).scalar() for each in kept} == {1}
