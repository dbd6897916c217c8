"""backup and restore: everything, on a bare instance."""

from __future__ import annotations

import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url

from tests import databases
from tests.cast import Author, Cast
from tests.cli.conftest import Run, done, refused
from tribute.app import create_app
from tribute.config import Settings
from tribute.domain.lifecycle import Status
from tribute.extensions import db
from tribute.models import Person, Tribute
from tribute.services import backup, decisions, last_done
from tribute.services.last_done import Chore


@pytest.fixture
def bare(settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Another installation, on the same kind of database, that holds nothing and has keys of its own."""
    folder = tmp_path / "bare"
    if make_url(settings.database).get_backend_name() == "sqlite":
        yield Settings(instance_path=folder)
    else:
        for url in databases.postgresql_copy("template0"):
            yield Settings(instance_path=folder, database_url=url)


@pytest.fixture
def file(run: Run, cast: Cast, tmp_path: Path) -> Path:
    """A backup of a site with a tribute of every status."""
    for status in Status:
        cast.tribute(status)
    target = tmp_path / "kept.tar.gz"
    assert "tributes" in done(run("backup", str(target)))
    return target


def restored(bare: Settings, file: Path, *words: str) -> Flask:
    """Restore into an installation, and start it."""
    app = create_app(bare.with_secrets(), TESTING=True)
    done(app.test_cli_runner().invoke(args=["tribute", "restore", str(file), *words]))
    closed(app)
    return create_app(
        Settings(instance_path=bare.instance_path, database_url=bare.database_url).with_secrets(), TESTING=True
    )


def closed(app: Flask) -> None:
    """Let go of an installation's connections."""
    with app.app_context():
        db.engine.dispose()


def test_a_bare_instance_holds_everything_after_a_restore(
    app: Flask, cast: Cast, bare: Settings, run: Run, tmp_path: Path
) -> None:
    author: Author = cast.author(message="Kept through a restore")
    cast.keeper.get("/desk/")
    for status in Status:
        cast.tribute(status)
    file = tmp_path / "kept.tar.gz"
    done(run("backup", str(file)))
    again = restored(bare, file)
    there = Cast(again)
    assert "Kept through a restore" in there.visitor.get(author.receipt).text
    with app.app_context(), db.engine.connect() as connection:
        rows = backup.row_counts(connection)
    with again.app_context():
        with db.engine.connect() as connection:
            assert backup.row_counts(connection) == rows
        assert decisions.broken_row(db.session()) is None
        assert db.session.query(Person).count() == 1
        assert db.session.query(Tribute).count() == 1 + len(Status)
    closed(again)


def test_a_backup_is_its_owners_alone_and_holds_the_keys(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as tar:
        assert {"manifest.json", "secrets.json"} <= set(tar.getnames())


def test_a_backup_is_noted_and_work_too_for_every_machine_to_see(app: Flask, run: Run, file: Path) -> None:
    with app.app_context():
        assert set(last_done.when(db.session())) == {Chore.BACKUP}
        db.session.rollback()
        done(run("work", "--once"))
        assert set(last_done.when(db.session())) == set(Chore)


def test_an_earlier_schema_is_backed_up_and_restored_too(run: Run, cast: Cast, tmp_path: Path) -> None:
    kept = cast.tribute()
    done(run("migrate", "--to", "0008"))
    assert "could not be noted" in done(run("backup", str(tmp_path / "before.tar.gz")))
    done(run("migrate"))
    later = cast.tribute()
    assert "Restored 1 tributes" in done(run("restore", str(tmp_path / "before.tar.gz"), "--force"))
    done(run("migrate"))
    found = [cast.visitor.get(f"/en/20-january/tributes/{each}/").status_code for each in (kept, later)]
    assert found == [200, 404]


def test_a_place_that_cannot_be_written_to_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("no folder")
    assert "full/today.tar.gz cannot be written" in refused(run("backup", str(tmp_path / "full" / "today.tar.gz")))


def test_a_backup_never_replaces_a_file(run: Run, file: Path) -> None:
    assert "already there" in refused(run("backup", str(file)))


def test_a_target_that_holds_data_is_refused_unless_told(run: Run, cast: Cast, file: Path) -> None:
    later = cast.tribute()
    assert "--force" in refused(run("restore", str(file)))
    assert cast.visitor.get(f"/en/20-january/tributes/{later}/").status_code == 200
    done(run("restore", str(file), "--force"))
    assert cast.visitor.get(f"/en/20-january/tributes/{later}/").status_code == 404


def test_a_damaged_backup_is_refused_and_nothing_changes(run: Run, cast: Cast, file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert "damaged" in refused(run("restore", str(broken), "--force"))
    assert cast.visitor.get("/en/20-january/tributes/").status_code == 200


def test_a_part_that_was_changed_is_named(run: Run, file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    with tarfile.open(file) as tar:
        tar.extractall(folder, filter="data")
    (folder / "secrets.json").write_text("{}")
    changed = tmp_path / "changed.tar.gz"
    with tarfile.open(changed, "w:gz") as tar:
        for part in folder.iterdir():
            tar.add(part, part.name)
    assert "secrets.json does not have the checksum" in refused(run("restore", str(changed), "--force"))
