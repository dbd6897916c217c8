"""prepare, migrate, check, erase, reindex, log, memorial, people, demo."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from tests.cast import Cast
from tests.cli.conftest import Run, done, refused
from tribute.app import create_app
from tribute.cli import COMMANDS
from tribute.config import Settings
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.models import DeskVocabulary, Revision, Tally, TributeCount, TributeEntry
from tribute.search import index
from tribute.search.index import PUBLIC
from tribute.services import tallies


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does(run: Run, command: str) -> None:
    said = done(run(command, "--help"))
    assert len(said.splitlines()) > 4


def test_prepare_prints_a_link_until_there_is_a_keeper(run: Run, cast: Cast) -> None:
    assert "http://127.0.0.1:8000/account/invitation/" in done(run("prepare"))
    cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
    assert done(run("prepare")) == ""


def test_prepare_counts_the_log_of_a_database_that_an_earlier_program_wrote(app: Flask, run: Run, cast: Cast) -> None:
    cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
    cast.tribute(Status.DECLINED)
    with app.app_context():
        right = tallies.kept(db.session())
        db.session.execute(db.delete(Tally))
        db.session.commit()
    assert "T037" in refused(run("check"))
    done(run("prepare"))
    with app.app_context():
        assert tallies.kept(db.session()) == right
    assert done(run("check")) == "All is well.\n"


def test_check_names_what_is_wrong_and_its_remedy_mends_it(app: Flask, run: Run, cast: Cast) -> None:
    cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
    cast.tribute()
    assert done(run("check")) == "All is well.\n"
    with app.app_context():
        db.session.query(TributeCount).update({"number": 7})
        index.put(db.session(), PUBLIC, db.session.scalars(db.select(TributeEntry.source_id)).one(), None)
        db.session.query(DeskVocabulary).filter_by(term="silence").delete()
        db.session.commit()
    said = refused(run("check"))
    assert [line.split()[0] for line in said.splitlines()[::2]] == ["T031", "T032", "T036"]
    assert {line.strip() for line in said.splitlines()[1::2]} == {"flask tribute reindex"}
    assert done(run("reindex")).endswith("The search index and the counts are made anew.\n")
    assert done(run("check")) == "All is well.\n"


def test_between_its_steps_reindexing_holds_no_transaction(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[bool] = []
    monkeypatch.setattr("tribute.cli.tools.sleep", lambda _seconds: held.append(db.session().in_transaction()))
    done(run("reindex"))
    assert len(held) > 6
    assert not any(held)


def test_check_says_when_nobody_is_a_keeper(run: Run) -> None:
    assert "T021" in refused(run("check"))


def test_check_says_when_the_schema_is_another(run: Run) -> None:
    done(run("migrate", "--to", "base"))
    assert "T011" in refused(run("check"))
    done(run("migrate"))


def test_a_changed_log_is_found(app: Flask, run: Run, cast: Cast) -> None:
    cast.tribute()
    first = done(run("log", "verify"))
    assert first.startswith("2 rows, unbroken")
    newest = first.split()[-1]
    assert "unbroken" in done(run("log", "verify", "--known", newest))
    assert "rewritten" in refused(run("log", "verify", "--known", "f" * 64))
    with app.app_context():
        triggers = (
            ("decision_no_update",) if db.engine.dialect.name == "sqlite" else ("decision_no_change ON decision",)
        )
        for trigger in triggers:
            db.session.execute(text(f"DROP TRIGGER {trigger}"))
        db.session.execute(text("UPDATE decision SET reason = 'law' WHERE number = 2"))
        db.session.commit()
    assert "row 2" in refused(run("log", "verify"))


def test_erase_empties_what_was_withdrawn_30_days_ago(app: Flask, run: Run, cast: Cast) -> None:
    cast.tribute(Status.WITHDRAWN)
    assert "Erased 0" in done(run("erase"))
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        assert "Erased 1" in done(run("erase"))
    with app.app_context():
        assert [revision.words for revision in db.session.query(Revision)] == [""]


def test_a_memorial_is_added_and_listed(run: Run, cast: Cast) -> None:
    words = ("--date", "1992-02-26", "--time-zone", "Asia/Baku", "--name", "en=26 February Memorial")
    done(run("memorial", "add", "26-february", *words))
    assert "26-february" in done(run("memorial", "list"))
    assert "already here" in refused(run("memorial", "add", "26-february", *words))
    page = cast.visitor.get("/en/")
    assert "26 February Memorial" in page.text


@pytest.mark.parametrize("slug", ["search", "receipt", "pages", "contact", "Big", "a b", "-", ""])
def test_a_slug_that_no_address_can_have_is_refused(run: Run, slug: str) -> None:
    words = ("--date", "1992-02-26", "--time-zone", "Asia/Baku", "--name", "en=Name")
    assert "cannot be a memorial's address" in refused(run("memorial", "add", *words, "--", slug))


def test_a_time_zone_that_is_none_is_refused(run: Run) -> None:
    words = ("--date", "1992-02-26", "--time-zone", "Baku", "--name", "en=Name")
    assert "Asia/Baku" in refused(run("memorial", "add", "x", *words))


def test_people_are_added_listed_and_can_sign_in(run: Run, cast: Cast) -> None:
    add = ("people", "add", "Rena@Memorial.example", "--role", "moderator", "--name", "Rəna", "--password-stdin")
    done(run(*add, typed="long enough, Rəna\n"))
    assert "rena@memorial.example\tmoderator\tRəna" in done(run("people", "list"))
    assert "already has an account" in refused(run(*add, typed="long enough, Rəna\n"))


def test_a_password_that_is_short_or_known_is_refused(run: Run) -> None:
    add = ("people", "add", "a@memorial.example", "--role", "keeper", "--password-stdin")
    assert "at least 10 characters" in refused(run(*add, typed="short\n"))
    assert "on lists of known ones" in refused(run(*add, typed="password123\n"))


def test_a_link_ends_the_one_before_it(run: Run, cast: Cast) -> None:
    first, second = (done(run("people", "link")).strip().removeprefix("http://127.0.0.1:8000") for _ in range(2))
    assert cast.visitor.get(first).status_code == 404
    assert cast.visitor.get(second).status_code == 200


def test_a_link_is_under_the_sites_own_address(settings: Settings, cast: Cast) -> None:
    named = create_app(settings.model_copy(update={"base_url": "https://memorial.example"}), TESTING=True)
    said = done(named.test_cli_runner().invoke(args=["tribute", "people", "link"])).strip()
    assert said.startswith("https://memorial.example/account/invitation/")
    assert cast.visitor.get(said.removeprefix("https://memorial.example")).status_code == 200
    with named.app_context():
        db.engine.dispose()


def test_the_demo_adds_samples_of_every_status_once(app: Flask, run: Run) -> None:
    assert "Added 47" in done(run("demo"))
    assert "already here" in done(run("demo"))
    with app.app_context():
        found = db.session.scalars(db.select(TributeCount.status).where(TributeCount.number > 0)).all()
        assert set(found) == set(Status)
