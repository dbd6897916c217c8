"""The worker: what is due is written and sent, what fails waits its time, what a killed worker held comes once more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from tests.browser.server import environment
from tests.cast import a_tribute
from tests.mail.posted import folder, newly_posted, posted, work
from tests.mail.smtp import greylisting, server
from tribute.app import ROOT, create_app
from tribute.config import Settings
from tribute.domain.lifecycle import Status
from tribute.domain.mail import State
from tribute.extensions import db, now
from tribute.mail.delivery import Relay, delivery_of
from tribute.models import Message
from tribute.services import outbox

EMAIL = "leyla@memorial.example"
PATIENCE = 240  # seconds until a worker has to have done something


def asked_to_confirm(app: Flask, number: int = 1) -> None:
    """So many tributes came in, each with an address."""
    with app.app_context():
        for each in range(number):
            a_tribute(app, Status.PENDING, email=f"{each}-{EMAIL}", at=now())


def rows(app: Flask) -> list[Message]:
    """The outbox."""
    with app.app_context():
        return list(db.session.scalars(select(Message).order_by(Message.id)))


def over_smtp(settings: Settings, url: str) -> Settings:
    """The same settings with a mail server."""
    return settings.model_copy(update={"mail_url": url, "mail_from": "Memorial <memorial@memorial.example>"})


def test_mail_that_is_due_is_written_and_marked(app: Flask) -> None:
    asked_to_confirm(app, 2)
    assert sorted(str(mail["To"]) for mail in posted(app)) == [f"0-{EMAIL}", f"1-{EMAIL}"]
    assert {row.state for row in rows(app)} == {State.SENT}
    assert newly_posted(app)
    work(app)
    assert newly_posted(app) == []


def test_a_greylisting_server_has_it_within_minutes(settings: Settings) -> None:
    with server(answer_to=greylisting(2)) as grey:
        app = create_app(over_smtp(settings, grey.url), TESTING=True)
        began = now()
        with time_machine.travel(began, tick=False) as clock:
            asked_to_confirm(app)
            for minutes in (0, 1, 2, 5, 6):
                clock.move_to(began + timedelta(minutes=minutes))
                work(app)
        assert grey.asked == 3
        assert len(grey.taken) == 1
    (row,) = rows(app)
    assert (row.state, row.tries, row.error) == (State.SENT, 3, "refused:451")
    with app.app_context():
        db.engine.dispose()


def test_one_mail_that_is_refused_does_not_keep_another(settings: Settings) -> None:
    with server(answer_to=lambda address: "550 no" if address.startswith("0-") else None) as refusing:
        app = create_app(over_smtp(settings, refusing.url), TESTING=True)
        asked_to_confirm(app, 2)
        work(app)
        assert refusing.recipients == [f"1-{EMAIL}"]
        assert str(refusing.taken[0]["From"]) == "Memorial <memorial@memorial.example>"
    assert {row.state for row in rows(app)} == {State.FAILED, State.SENT}
    with app.app_context():
        db.engine.dispose()


def test_a_mail_that_cannot_be_written_is_tried_again_and_keeps_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked_to_confirm(app, 2)
    first = rows(app)[0].id
    with app.app_context():
        db.session.execute(update(Message).where(Message.id == first).values(kind="of a newer version"))
        db.session.commit()
    assert len(posted(app)) == 1
    found = rows(app)[0]
    assert (found.state, found.error) == (State.WAITING, "rendering:0")
    assert EMAIL not in caplog.text


def test_an_address_whose_key_is_gone_is_said(settings: Settings) -> None:
    app = create_app(settings, TESTING=True)
    asked_to_confirm(app)
    other = create_app(
        settings.model_copy(update={"email_keys": "another key that never sealed anything"}), TESTING=True
    )
    work(other)
    assert rows(other)[0].error == "unreadable:0"
    for each in (app, other):
        with each.app_context():
            db.engine.dispose()


@contextmanager
def a_worker(settings: Settings, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as `make run` starts it; gone at the end of the block, however that is reached."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "tribute", "work"]
    with (
        log.open("a") as written,
        subprocess.Popen(command, cwd=ROOT, stderr=written, env=os.environ | environment(settings)) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def until(happened: Callable[[], bool], what: str) -> None:
    """Return once something has happened."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError(what)


def test_a_worker_killed_between_sending_and_marking_sends_once_more_and_never_loses(
    settings: Settings, tmp_path: Path
) -> None:
    killed: list[subprocess.Popen[bytes]] = []

    def kill(_said: str) -> None:
        if killed:
            killed.pop().send_signal(signal.SIGKILL)  # the mail is taken; the worker never learns of it

    with server(answer_data=kill) as taking:
        sending = over_smtp(settings, taking.url)
        app = create_app(sending, TESTING=True)
        asked_to_confirm(app)
        with a_worker(sending, tmp_path / "log") as victim:
            killed.append(victim)
            assert victim.wait(PATIENCE) == -signal.SIGKILL, (tmp_path / "log").read_text()
        until(lambda: len(taking.taken) == 1, "the first mail never came")
        (row,) = rows(app)
        assert (row.state, row.tries) == (State.SENDING, 1)
        with time_machine.travel(now() + outbox.LEASE - timedelta(minutes=1)):
            work(app)
            assert len(taking.taken) == 1  # it may still be at work
        with time_machine.travel(now() + outbox.LEASE):
            work(app)
        with time_machine.travel(now() + timedelta(days=4)):
            work(app)
        assert len(taking.taken) == 2
        assert len({str(mail["Message-ID"]) for mail in taking.taken}) == 1
    (row,) = rows(app)
    assert (row.state, row.tries) == (State.SENT, 2)
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_stop_ends_with_the_mail_in_hand_sent_and_marked(
    settings: Settings, tmp_path: Path, number: signal.Signals
) -> None:
    told: list[subprocess.Popen[bytes]] = []

    def tell(_said: str) -> None:
        if told:
            told.pop().send_signal(number)

    with server(answer_data=tell) as taking:
        sending = over_smtp(settings, taking.url)
        app = create_app(sending, TESTING=True)
        asked_to_confirm(app, 3)
        with a_worker(sending, tmp_path / "log") as process:
            told.append(process)
            assert process.wait(PATIENCE) == 0, (tmp_path / "log").read_text()
        assert len(taking.taken) == 1
    assert sorted(row.state for row in rows(app)) == [State.SENT, State.WAITING, State.WAITING]
    assert "Traceback" not in (tmp_path / "log").read_text()
    with app.app_context():
        db.engine.dispose()


def minds(process: subprocess.Popen[bytes]) -> bool:
    """Whether a worker has begun: whether it knows what to do when it is told to stop."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def test_two_workers_at_once_send_each_mail_once(settings: Settings, tmp_path: Path) -> None:
    with server() as taking:
        sending = over_smtp(settings, taking.url)
        app = create_app(sending, TESTING=True)
        asked_to_confirm(app, 8)
        with a_worker(sending, tmp_path / "one") as one, a_worker(sending, tmp_path / "two") as two:
            until(lambda: all(row.state == State.SENT for row in rows(app)), "not every mail was sent")
            for process in (one, two):
                until(partial(minds, process), "a worker has not begun")  # what has not yet would be killed, not told
                process.terminate()
                assert process.wait(PATIENCE) == 0
        assert len(taking.taken) == 8
        assert len({str(mail["Message-ID"]) for mail in taking.taken}) == 8
    with app.app_context():
        db.engine.dispose()


def test_the_way_out_is_the_server_or_the_folder(app: Flask, settings: Settings) -> None:
    assert isinstance(delivery_of(over_smtp(settings, "smtps://host")), Relay)
    asked_to_confirm(app)
    assert posted(app)
    assert len(list(folder(app).iterdir())) == 1
