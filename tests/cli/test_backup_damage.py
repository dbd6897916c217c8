"""A backup that was damaged on its way is refused; one that is whole mends a database that was."""

from __future__ import annotations

import io
import json
import stat
import tarfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event, make_url

from tests.cast import Cast
from tests.cli.conftest import Run, done, refused
from tests.services.acts import everything
from tribute.app import create_app
from tribute.config import Settings
from tribute.extensions import db


@pytest.fixture
def file(run: Run, cast: Cast, tmp_path: Path) -> Path:
    """A backup of a site with one published tribute."""
    cast.tribute()
    target = tmp_path / "kept.tar.gz"
    done(run("backup", str(target)))
    return target


def rows(app: Flask) -> object:
    """All that a site holds."""
    with app.app_context():
        return everything(db.session())


def parts_of(file: Path) -> dict[str, bytes]:
    """A backup's parts."""
    with tarfile.open(file) as tar:
        opened = {name: tar.extractfile(name) for name in tar.getnames()}
        return {name: part.read() for name, part in opened.items() if part is not None}


def packed(parts: dict[str, bytes], target: Path) -> Path:
    """A backup of these parts."""
    with tarfile.open(target, "w:gz") as tar:
        for name, content in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return target


def test_a_backup_cut_short_anywhere_is_refused_and_changes_nothing(
    app: Flask, run: Run, file: Path, tmp_path: Path
) -> None:
    before, whole, cut = rows(app), file.read_bytes(), tmp_path / "cut.tar.gz"
    for length in (0, 1, 10, 100, 600, len(whole) // 3, len(whole) * 9 // 10):
        cut.write_bytes(whole[:length])
        said = refused(run("restore", str(cut), "--force"))
        assert "damaged" in said, length
    assert rows(app) == before


def test_a_backup_with_a_changed_byte_is_refused_and_changes_nothing(
    app: Flask, run: Run, file: Path, tmp_path: Path
) -> None:
    before, whole, changed = rows(app), file.read_bytes(), tmp_path / "changed.tar.gz"
    for place in range(20, len(whole) - 8, len(whole) // 25):
        changed.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        assert "damaged" in refused(run("restore", str(changed), "--force")), place
    assert rows(app) == before


def test_a_file_that_is_no_backup_is_refused(app: Flask, run: Run, file: Path, tmp_path: Path) -> None:
    before, whole = rows(app), parts_of(file)
    other = tmp_path / "other.tar.gz"
    for wrong in (
        {}, {"words.txt": b"words"}, {"manifest.json": b"{}"}, {"manifest.json": b"[]"}, {"manifest.json": b"\xff"},
        whole | {"manifest.json": b"{"}, {name: part for name, part in whole.items() if name != "secrets.json"},
        {name: part for name, part in whole.items() if name in ("manifest.json", "secrets.json")},
    ):  # fmt: skip
        said = refused(run("restore", str(packed(wrong, other)), "--force"))
        assert "damaged" in said, sorted(wrong)
    other.write_bytes(b"SQLite format 3\x00 or so")
    assert "is not a backup of this program" in refused(run("restore", str(other), "--force"))
    assert rows(app) == before


def test_a_part_that_leads_out_of_its_folder_is_not_written(run: Run, file: Path, tmp_path: Path) -> None:
    sneaky = packed({"../../escaped.txt": b"words", **parts_of(file)}, tmp_path / "sneaky.tar.gz")
    run("restore", str(sneaky), "--force")
    assert not list(tmp_path.rglob("escaped.txt"))
    assert not list(tmp_path.parent.glob("escaped.txt"))


def test_a_part_that_is_a_link_or_a_folder_is_refused(app: Flask, run: Run, file: Path, tmp_path: Path) -> None:
    before, secret = rows(app), tmp_path / "secret.txt"
    secret.write_text("not to be read")
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE):
        sneaky = packed({k: v for k, v in parts_of(file).items() if k != "secrets.json"}, tmp_path / "sneaky.tar.gz")
        with tarfile.open(sneaky) as tar:
            kept = {name: tar.extractfile(name) for name in tar.getnames()}
            with tarfile.open(tmp_path / "link.tar.gz", "w:gz") as linked:
                for name, part in kept.items():
                    linked.addfile(tar.getmember(name), part)
                entry = tarfile.TarInfo("secrets.json")
                entry.type, entry.linkname = kind, str(secret)
                linked.addfile(entry)
        assert "damaged" in refused(run("restore", str(tmp_path / "link.tar.gz"), "--force")), kind
    assert rows(app) == before


def test_a_backup_of_the_other_database_is_refused(run: Run, file: Path, tmp_path: Path) -> None:
    parts = parts_of(file)
    manifest = json.loads(parts["manifest.json"])
    manifest["database"] = "postgresql" if manifest["database"] == "sqlite" else "sqlite"
    other = packed(parts | {"manifest.json": json.dumps(manifest).encode()}, tmp_path / "other.tar.gz")
    assert "TRIBUTE_DATABASE_URL names" in refused(run("restore", str(other), "--force"))


def test_a_database_file_that_broke_is_mended_by_its_backup(
    app: Flask, settings: Settings, run: Run, cast: Cast, file: Path
) -> None:
    if make_url(settings.database).get_backend_name() != "sqlite":
        return  # PostgreSQL's files are the server's
    before = rows(app)
    broken = Path(make_url(settings.database).database or "")
    with app.app_context():
        db.engine.dispose()
    broken.write_text("These are words, not a database. " * 50)
    assert "not a database" in refused(run("restore", str(file)))
    done(run("restore", str(file), "--force"))
    assert rows(app) == before


def test_the_restored_database_and_keys_are_their_owners_alone_and_the_former_keys_are_kept(
    app: Flask, settings: Settings, run: Run, file: Path
) -> None:
    settings.secrets_file.parent.mkdir(exist_ok=True)
    settings.secrets_file.write_text(json.dumps({"receipt_keys": "r" * 40}))
    done(run("restore", str(file), "--force"))
    kept = json.loads(settings.secrets_file.read_text())
    assert kept["receipt_keys"] == settings.receipt_keys
    assert stat.S_IMODE(settings.secrets_file.stat().st_mode) == 0o600
    aside = settings.secrets_file.with_name("secrets.before-restore.json")
    assert json.loads(aside.read_text()) == {"receipt_keys": "r" * 40}
    if make_url(settings.database).get_backend_name() == "sqlite":
        database = Path(make_url(settings.database).database or "")
        assert stat.S_IMODE(database.stat().st_mode) == 0o600


def hasten(engine: Engine) -> None:
    """Let nobody wait for SQLite's lock: who has it is the test itself."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout=1"))


def test_a_backup_is_written_while_somebody_writes(app: Flask, run: Run, cast: Cast, tmp_path: Path) -> None:
    cast.tribute()
    with app.app_context():
        session = db.session()
        session.execute(db.text("UPDATE page SET title = 'not committed'"))
        target, other = tmp_path / "meanwhile.tar.gz", create_app(app.config["SETTINGS"])
        with other.app_context():
            hasten(db.engine)
        done(other.test_cli_runner().invoke(args=["tribute", "backup", str(target)]))
        session.rollback()
    with other.app_context():
        db.engine.dispose()
    assert not any(b"not committed" in part for part in parts_of(target).values())


def test_without_a_name_a_backup_lies_in_the_instances_own_folder(run: Run, cast: Cast, settings: Settings) -> None:
    cast.tribute()
    done(run("backup"))
    (made,) = (settings.instance_path / "backups").iterdir()
    assert made.name.startswith("tribute-")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
