"""After a backup is put back, what had gone since is gone again; and backups end after their days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import make_url

from tests.cast import Author, Cast
from tests.cli.conftest import Run, done, refused
from tests.services.acts import places_of
from tests.web.steps import found, press, version_of
from tribute.config import Settings
from tribute.domain import ids
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.models import Person, StoppedAddress, Tribute
from tribute.services import addresses, backup, decisions
from tribute.services.gone import Gone, together

THEN = datetime(2026, 1, 20, 8, tzinfo=UTC)
EMAIL = "author@memorial.example"


def remove(cast: Cast, key: str) -> None:
    """A keeper removes a tribute for good."""
    sent = {"version": version_of(cast.app, key), "ground": "law"}
    assert press(cast.keeper, f"/desk/tributes/{key}/remove", **sent).status_code == 303


def withdraw(author: Author) -> None:
    """An author withdraws their tribute."""
    assert press(author.client, f"{author.receipt}withdraw", version="1").status_code == 303


def stop(app: Flask, key: str) -> None:
    """The owner of an address wants no mail."""
    with app.app_context():
        tribute = db.session.get_one(Tribute, ids.decode(key))
        addresses.stop(db.session(), tribute, now())
        db.session.commit()


def close(app: Flask, run: Run) -> None:
    """A moderator leaves."""
    done(run("people", "close", "rena@memorial.example"))


def test_what_went_after_the_backup_goes_again(app: Flask, run: Run, cast: Cast, tmp_path: Path) -> None:
    removed, erased = cast.tribute(words="Unforgettable sentence"), cast.author(message="Perishable sentence")
    withdrawn, mailed = cast.author(), cast.tribute(email=EMAIL)
    linked = cast.tribute()
    cast.person(Role.MODERATOR, "Rəna", "rena@memorial.example")
    done(run("backup", str(tmp_path / "before.tar.gz")))
    remove(cast, removed)
    withdraw(erased)
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        done(run("erase"))
    withdraw(withdrawn)
    press(cast.keeper, f"/desk/tributes/{linked}/new-link", generation="1")
    stop(app, mailed)
    close(app, run)
    said = done(run("restore", str(tmp_path / "before.tar.gz"), "--force"))
    assert "2 erased, 1 withdrawn, 1 of their private links ended, 1 addresses taken away, 1 accounts closed" in said
    assert "back, and must be let go by hand" not in said
    for key in (removed, erased.public_id):
        assert found(app, key).status == Status.REMOVED
    assert found(app, withdrawn.public_id).status == Status.WITHDRAWN
    assert found(app, linked).receipt_generation == 2
    assert found(app, mailed).email_sealed is None
    with app.app_context():
        assert db.session.query(StoppedAddress).count() == 1
        assert not db.session.query(Person).filter_by(email="rena@memorial.example").one().active
        assert not places_of(db.session(), b"unforgettable") | places_of(db.session(), b"perishable")
        assert decisions.broken_row(db.session()) is None
        db.session.rollback()
    assert "T03" not in run("check").output


def test_a_withdrawal_keeps_its_moment_so_that_its_thirty_days_go_on(
    app: Flask, run: Run, cast: Cast, tmp_path: Path
) -> None:
    with time_machine.travel(THEN, tick=False) as clock:
        author = cast.author()
        done(run("backup", str(tmp_path / "before.tar.gz")))
        clock.shift(timedelta(days=1))
        withdraw(author)
        clock.shift(timedelta(days=20))
        done(run("restore", str(tmp_path / "before.tar.gz"), "--force"))
        assert found(app, author.public_id).withdrawn_at == THEN + timedelta(days=1)
        clock.shift(timedelta(days=11))
        assert "Erased 1" in done(run("erase"))


def test_a_newer_backup_tells_an_older_one_where_the_database_is_lost(
    app: Flask, settings: Settings, run: Run, cast: Cast, tmp_path: Path
) -> None:
    key, author = cast.tribute(), cast.author()
    done(run("backup", str(tmp_path / "older.tar.gz")))
    remove(cast, key)
    withdraw(author)
    done(run("backup", str(tmp_path / "newer.tar.gz")))
    lose(app, settings, run)
    said = done(run("restore", str(tmp_path / "older.tar.gz"), "--force"))
    assert "1 erased, 1 withdrawn" in said
    assert "must be let go by hand" in said, "nobody knows what went after the newer one"
    assert found(app, key).status == Status.REMOVED


def test_where_nothing_else_knows_it_is_said_so(
    app: Flask, settings: Settings, run: Run, cast: Cast, tmp_path: Path
) -> None:
    key = cast.tribute()
    done(run("backup", str(tmp_path / "only.tar.gz")))
    remove(cast, key)
    lose(app, settings, run)
    said = done(run("restore", str(tmp_path / "only.tar.gz"), "--force"))
    assert "must be let go by hand" in said
    assert found(app, key).status == Status.APPROVED


def lose(app: Flask, settings: Settings, run: Run) -> None:
    """The database is gone, or broken."""
    with app.app_context():
        db.engine.dispose()
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        Path(url.database or "").write_text("These are words, not a database. " * 50)
    else:
        done(run("migrate", "--to", "base"))


def test_another_sites_database_tells_nothing(run: Run, cast: Cast, tmp_path: Path) -> None:
    one, other = Gone(site="a", withdrawn={"x": "2026"}), Gone(site="a", removed={"y": "law"})
    assert together([one, other]) == Gone(site="a", removed={"y": "law"})
    author = cast.author()
    done(run("backup", str(tmp_path / "before.tar.gz")))
    withdraw(author)
    done(run("migrate", "--to", "base"))
    done(run("prepare"))
    said = done(run("restore", str(tmp_path / "before.tar.gz"), "--force"))
    assert "must be let go by hand" in said


def test_a_backup_of_a_newer_version_is_refused(
    app: Flask, run: Run, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = cast.tribute()
    monkeypatch.setattr("tribute.services.backup.schema.current", lambda _engine: "9999")
    done(run("backup", str(tmp_path / "newer.tar.gz")))
    assert "a newer version of the program" in refused(run("restore", str(tmp_path / "newer.tar.gz"), "--force"))
    assert found(app, key).status == Status.APPROVED


def test_backups_end_after_their_days_and_never_the_newest(run: Run, settings: Settings) -> None:
    folder = backup.backups_folder(settings)
    second = THEN + timedelta(days=30)
    with time_machine.travel(THEN, tick=False) as clock:
        done(run("backup"))
        own = folder / "letters-20260101.tar.gz"
        own.write_text("of the operator's own naming")
        clock.shift(timedelta(days=30))
        done(run("backup"))
        assert len(list(folder.glob("tribute-*"))) == 2
        clock.shift(timedelta(seconds=1))
        said = done(run("backup"))
        assert "Deleted tribute-20260120-080000.tar.gz" in said
        clock.shift(timedelta(days=400))
        assert backup.prune(folder, now(), 30) == [folder / second.strftime(backup.NAMED)]
        assert [file.name for file in folder.glob("tribute-*")] == [f"{second + timedelta(seconds=1):{backup.NAMED}}"]
    assert own.exists()


def test_what_a_broken_off_backup_left_is_deleted_after_a_day(tmp_path: Path) -> None:
    left = tmp_path / f"{backup.UNFINISHED}x"
    left.mkdir()
    (left / "database.sqlite").write_text("words")
    backup.prune(tmp_path, now() + timedelta(hours=1), 30)
    assert left.exists(), "it may be one that is just being made"
    backup.prune(tmp_path, now() + timedelta(days=2), 30)
    assert not left.exists()
