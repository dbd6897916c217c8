"""Moving from SQLite to PostgreSQL: all of it, compared row by row; and everything goes on where it was."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from tests import databases
from tests.cast import PASSWORD, Cast
from tests.cli.conftest import done, refused
from tests.conftest import SECRET
from tests.web.steps import press
from tribute.app import create_app
from tribute.cli.demo import synthetic
from tribute.config import Settings
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.services import moves

COUNT = int(os.environ.get("TRIBUTE_REHEARSE", "2000"))  # tributes; `make rehearse` moves 100,000

pytestmark = pytest.mark.postgresql


@pytest.fixture
def settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    """A site on SQLite."""
    url = databases.sqlite_copy(sqlite_template, tmp_path)
    return Settings(
        instance_path=tmp_path / "instance", database_url=url, secret_key=SECRET, password_salt=SECRET,
        receipt_keys=SECRET, email_keys=SECRET, factor_keys=SECRET, limits=False,
    )  # fmt: skip


@pytest.fixture
def url(postgresql_template: str) -> Iterator[str]:
    """A new database on the server."""
    for made in databases.postgresql_copy("template0"):
        yield made.replace("postgresql+psycopg://", "postgresql://")


@pytest.fixture
def there(settings: Settings, url: str) -> Iterator[Flask]:
    """The same site once its setting names the new database."""
    app = create_app(settings.model_copy(update={"database_url": url}), TESTING=True)
    yield app
    with app.app_context():
        db.engine.dispose()


def move(app: Flask, url: str) -> Result:
    """Move, the site being stopped: nobody else has the database open."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return app.test_cli_runner().invoke(args=["tribute", "move", "--to", url])


def checked(app: Flask) -> str:
    """What `check` says."""
    return done(app.test_cli_runner().invoke(args=["tribute", "check"]))


def test_everything_goes_on_where_it_was(app: Flask, cast: Cast, url: str, there: Flask) -> None:
    author = cast.author(message="Silence on the morning after", email="author@memorial.example")
    for status in Status:
        cast.tribute(status)
    cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
    file = Path(make_url(app.config["SETTINGS"].database).database or "")
    with app.app_context():
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    said = done(move(app, url))
    assert "every one was read on both sides and is the same" in said
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before, "the old database stays as it is"
    new = Cast(there)
    assert "Silence" in new.visitor.get(author.receipt).text
    assert press(author.client, f"{author.receipt}withdraw", version="1").status_code == 303, "and the old one works"
    answer = press(new.visitor, "/account/login", email="keeper@memorial.example", password=PASSWORD)
    assert answer.status_code == 302
    assert "silence" in new.visitor.get("/en/search?q=silence").text
    assert checked(there) == "All is well.\n"
    assert new.person(Role.MODERATOR, "Rəna", "rena@memorial.example") == 2
    assert new.author().receipt


def test_while_the_site_has_the_database_open_nothing_is_moved(app: Flask, url: str) -> None:
    with app.app_context():
        db.engine.dispose()
    other = create_engine(app.config["SETTINGS"].database)
    with other.connect() as reader:
        reader.execute(text("SELECT count(*) FROM memorial"))
        assert "stop the site" in refused(app.test_cli_runner().invoke(args=["tribute", "move", "--to", url]))
    other.dispose()
    done(move(app, url))


def test_while_it_is_moved_nobody_writes(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        db.engine.dispose()
        address = db.engine.url
    with moves.held(address):
        other = create_engine(address, connect_args={"timeout": 0})
        with pytest.raises(Exception, match="locked"):
            other.connect()
        other.dispose()


def test_a_target_that_holds_something_is_refused(app: Flask, url: str) -> None:
    done(move(app, url))
    assert "already holds something" in refused(move(app, url))


def test_a_row_that_is_not_the_same_is_found_and_nothing_is_moved(
    app: Flask, cast: Cast, url: str, there: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.tribute()
    copied = moves.copy
    for wrong in (
        "UPDATE revision SET place = 'Leipzig'", "DELETE FROM revision",
        "UPDATE tribute_entry SET terms = to_tsvector('simple', 'other')", "INSERT INTO learnt VALUES ('spam', 1, 1)",
    ):  # fmt: skip

        def spoil(source: Any, target: Any, told: Any, wrong: str = wrong) -> None:
            copied(source, target, told)
            target.execute(text("SET CONSTRAINTS ALL DEFERRED"))
            target.execute(text("SET LOCAL session_replication_role = replica"))
            target.execute(text(wrong))

        monkeypatch.setattr(moves, "copy", spoil)
        assert "not the same on both sides" in refused(move(app, url)), wrong
        with there.app_context():
            assert db.session.execute(text("SELECT count(*) FROM tribute")).scalar_one() == 0
            db.session.remove()
            db.engine.dispose()
    monkeypatch.undo()
    done(move(app, url))


@pytest.mark.parametrize(
    ("other", "reason"),
    [("sqlite:///elsewhere.db", "must name a PostgreSQL database"), ("nonsense", "must read like postgresql://"),
     ("postgresql://postgres@127.0.0.1:1/none", "Connection refused")],
)  # fmt: skip
def test_what_is_no_new_database_is_said_so(app: Flask, other: str, reason: str) -> None:
    said = refused(move(app, other))
    assert reason in said
    assert "Traceback" not in said


def test_a_large_memorial_is_moved(app: Flask, cast: Cast, url: str, there: Flask) -> None:
    with app.app_context():
        synthetic(COUNT, seed=1)
    cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
    author = cast.author(message="Silence on the morning after")
    said = done(move(app, url))
    assert int(said.split("Moved ")[1].split()[0]) > 5 * COUNT
    with there.app_context():
        assert db.session.execute(text("SELECT count(*) FROM tribute")).scalar_one() == COUNT + 1
        db.session.rollback()
    assert "Silence" in Cast(there).visitor.get(author.receipt).text
    assert checked(there) == "All is well.\n"
