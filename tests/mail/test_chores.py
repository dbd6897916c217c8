"""What the worker does beside sending: what must go goes, from the folder of mail too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.cast import PASSWORD, Cast, a_tribute
from tests.mail.posted import folder, posted
from tests.services.acts import places_of
from tests.web.steps import decide
from tribute.cli import work
from tribute.cli.work import Routine
from tribute.domain import emails
from tribute.domain.lifecycle import Status
from tribute.domain.mail import State
from tribute.extensions import db, now
from tribute.mail import chores
from tribute.mail.chores import FILES_STAY
from tribute.models import Message, Tribute
from tribute.services import authors

EMAIL = "leyla@memorial.example"


def files(app: Flask) -> list[str]:
    """What lies in the folder of mail."""
    return sorted(file.name for file in folder(app).iterdir())


def asked(app: Flask, status: Status = Status.PENDING) -> str:
    """A tribute whose author was asked to confirm their address."""
    with app.app_context():
        public_id = a_tribute(app, status, email=EMAIL)
    assert posted(app)
    return public_id


def test_removing_a_tribute_takes_its_mail_out_of_the_folder_at_once(app: Flask, cast: Cast) -> None:
    public_id, keeper = asked(app), cast.keeper
    with app.app_context():
        a_tribute(app, Status.PENDING, email="another@memorial.example")
    assert len(posted(app)) == 2
    assert decide(keeper, public_id, "remove", ground="family", password=PASSWORD).status_code == 303
    left = files(app)
    assert len(left) == 1
    assert EMAIL not in (folder(app) / left[0]).read_text()
    with app.app_context():
        assert places_of(db.session(), emails.digest(app.config["EMAIL_KEYS"], EMAIL)) == set()


def test_what_was_withdrawn_long_ago_is_erased_within_the_hour_with_its_mail(app: Flask) -> None:
    public_id = asked(app, Status.APPROVED)
    with app.app_context():
        tribute = db.session.scalars(select(Tribute)).one()
        authors.withdraw(db.session(), tribute, now(), tribute.version)
        db.session.commit()
    chores.daily(app)
    assert len(files(app)) == 1
    with time_machine.travel(now() + authors.RETURN_WITHIN + timedelta(hours=1)):
        chores.daily(app)
    assert files(app) == []
    with app.app_context():
        assert db.session.scalars(select(Tribute.status)).one() == Status.REMOVED
    assert public_id


@pytest.mark.parametrize("command", ["erase", "prepare"])
def test_the_commands_do_it_too(app: Flask, command: str) -> None:
    asked(app, Status.APPROVED)
    with app.app_context():
        tribute = db.session.scalars(select(Tribute)).one()
        authors.withdraw(db.session(), tribute, now(), tribute.version)
        db.session.commit()
    with time_machine.travel(now() + authors.RETURN_WITHIN + timedelta(hours=1)):
        assert app.test_cli_runner().invoke(args=["tribute", command]).exit_code == 0
        with app.app_context():
            assert db.session.scalars(select(Tribute.status)).one() == Status.REMOVED
            assert db.session.scalars(select(Message.email_digest)).all() == [None]
    assert files(app) == []


def test_mail_in_the_folder_goes_after_thirty_days_and_so_does_what_nobody_knows(app: Flask) -> None:
    asked(app)
    (folder(app) / "not-ours.eml").write_text("x")
    at = now()
    with app.app_context():
        chores.clear_folder(folder(app), at)
        assert len(files(app)) == 1
        chores.clear_folder(folder(app), at + FILES_STAY + timedelta(hours=2))
    assert files(app) == []


def test_a_folder_that_is_not_there_is_nothing_to_clear(app: Flask) -> None:
    chores.daily(app)
    assert not folder(app).exists()


def test_a_routine_is_done_when_it_is_due_and_not_before_whatever_the_clock_says(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    seconds = 1000.0
    monkeypatch.setattr(work, "monotonic", lambda: seconds)
    routine = Routine(lambda _app: done.append(1), 60.0)
    for year in (2026, 2029, 2024):  # the machine's clock jumps ahead and back
        with time_machine.travel(datetime(year, 1, 20, tzinfo=UTC), tick=False):
            routine.do(app)
    assert len(done) == 1
    seconds += 60
    routine.do(app)
    assert len(done) == 2


def test_mail_that_a_clock_which_stood_ahead_had_put_off_goes_now(app: Flask) -> None:
    ahead = now() + timedelta(days=1000)
    with app.app_context():
        a_tribute(app, Status.PENDING, email="other@memorial.example")
        due = db.session.scalars(select(Message.due_at)).one()
        with time_machine.travel(ahead):
            a_tribute(app, Status.PENDING, email=EMAIL, at=now())
    chores.tell(app)
    with app.app_context():
        assert [at <= now() for at in db.session.scalars(select(Message.due_at))] == [True, True]
        assert due in db.session.scalars(select(Message.due_at)).all()
    assert app.test_cli_runner().invoke(args=["tribute", "work", "--once"]).exit_code == 0
    assert len(files(app)) == 2


def test_working_once_sends_what_is_due_and_ends(app: Flask) -> None:
    with app.app_context():
        a_tribute(app, Status.PENDING, email=EMAIL)
    assert app.test_cli_runner().invoke(args=["tribute", "work", "--once"]).exit_code == 0
    with app.app_context():
        assert db.session.scalars(select(Message.state)).all() == [State.SENT]
    assert len(files(app)) == 1
