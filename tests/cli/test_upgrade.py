"""A newer version over a database that holds data: backed up first, brought up by one at a time, and the way back."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from tests.browser.server import environment
from tests.cast import Cast
from tests.cli.conftest import Run, done, refused
from tribute.app import ROOT
from tribute.config import Settings
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.services import backup, schema

EARLIER = "0004"  # before tables that the newer ones lean on


def backups(settings: Settings) -> list[Path]:
    """What lies where backups go."""
    return sorted((settings.instance_path / "backups").glob("tribute-*.tar.gz"))


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table has."""
    with app.app_context(), db.engine.connect() as connection:
        return backup.row_counts(connection)


def test_data_is_backed_up_before_it_is_migrated_and_the_way_back_is_open(
    app: Flask, settings: Settings, run: Run, cast: Cast
) -> None:
    cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
    for status in Status:
        cast.tribute(status)
    done(run("migrate", "--to", EARLIER))
    earlier = rows(app)
    said = done(run("prepare"))
    (file,) = backups(settings)
    assert str(file) in said.splitlines()[0]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert done(run("prepare")) == ""
    assert backups(settings) == [file]

    done(run("restore", str(file), "--force"))
    with app.app_context():
        assert schema.current(db.engine) == schema.head()  # it is brought up to date at once
    after = rows(app)
    assert {table: after[table] for table in earlier} == earlier
    done(run("prepare"))
    assert backups(settings) == [file]
    assert "T011" not in run("check").output


def test_an_empty_database_is_migrated_without_a_backup(settings: Settings, run: Run) -> None:
    done(run("migrate", "--to", EARLIER))
    assert "The database is ready" in done(run("prepare"))
    assert backups(settings) == []


def test_without_room_for_a_backup_nothing_is_migrated_unless_it_is_forgone(
    app: Flask, settings: Settings, run: Run, cast: Cast
) -> None:
    cast.tribute()
    done(run("migrate", "--to", EARLIER))
    settings.instance_path.mkdir(exist_ok=True)
    (settings.instance_path / "backups").write_text("no folder")
    assert "could not be backed up" in refused(run("prepare"))
    with app.app_context():
        assert schema.current(db.engine) == EARLIER
    assert "The database is ready" in done(run("prepare", "--no-backup"))


def test_a_schema_that_the_program_does_not_know_is_said_and_left(app: Flask, run: Run) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert "9999" in refused(run("prepare", "--no-backup"))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_machines_that_start_at_once_migrate_one_after_another(
    app: Flask, settings: Settings, run: Run, cast: Cast
) -> None:
    cast.tribute()
    done(run("migrate", "--to", EARLIER))
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "tribute", "prepare"]

    def machine(_number: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=ROOT, env=environment(settings), capture_output=True, text=True, check=False)

    with ThreadPoolExecutor(3) as machines:
        ended = list(machines.map(machine, range(3)))
    assert [each.returncode for each in ended] == [0, 0, 0], [each.stderr for each in ended]
    assert sum("is backed up" in each.stdout for each in ended) == 1
    assert len(backups(settings)) == 1
