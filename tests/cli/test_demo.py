"""`flask tribute demo --count`: a database of synthetic tributes."""

from __future__ import annotations

from flask import Flask

from tests import databases
from tests.cli.conftest import Run, done, refused
from tribute.extensions import db


def test_synthetic_tributes_are_added_and_nothing_is_wrong_after(run: Run) -> None:
    done(run("people", "add", "k@memorial.example", "--role", "keeper", "--name", "K", "--password-stdin",
             typed="long enough, Rəna\n"))  # fmt: skip
    assert "Added 40 synthetic tributes." in done(run("demo", "--count", "40"))
    assert "All is well." in done(run("check"))


def test_they_are_never_mixed_with_others(run: Run) -> None:
    done(run("demo"))
    assert "a database of their own" in refused(run("demo", "--count", "40"))


def test_nor_added_to_a_second_time(run: Run) -> None:
    done(run("demo", "--count", "40"))
    assert "a database of their own" in refused(run("demo", "--count", "40", "--seed", "2"))


SAFE: dict[str, dict[str, int | str]] = {
    "sqlite": {"PRAGMA synchronous": 2, "PRAGMA foreign_keys": 1, "PRAGMA secure_delete": 1},
    "postgresql": {"SHOW synchronous_commit": "on"},
}


def test_nobody_else_gets_the_connection_that_waited_for_no_disk(app: Flask, run: Run) -> None:
    with app.app_context():
        if db.engine.dialect.name == "postgresql":  # as a server has it, where the tests' own databases do not
            databases.run(f"ALTER DATABASE {db.engine.url.database} SET synchronous_commit = on")
    done(run("demo", "--count", "10"))
    with app.app_context(), db.engine.connect() as connection:
        safe = SAFE[connection.dialect.name]
        assert {asked: connection.exec_driver_sql(asked).scalar() for asked in safe} == safe
