"""What stands beside the site and its database: Redis and the mail server, gone, hanging and back."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.deploy import machines
from tests.deploy.crowd import FORM, HOME
from tests.deploy.machines import until
from tests.faults.line import line
from tests.faults.site import Site, assert_is_whole, running, with_keeper
from tests.mail import smtp
from tribute.domain.mail import State
from tribute.extensions import now
from tribute.models import Message

WORDS = "I remember the silence, whoever else was silent."
EMAIL = "visitor@memorial.example"
READ = (HOME, FORM, "/en/20-january/archive/", "/en/search?q=silence")
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def assert_all_goes_on(site: Site, **said: str) -> None:
    """Reading, searching and sending, with no refusal."""
    assert {site.ask(path).status for path in READ} == {200}
    assert site.send(site.open_form(message=WORDS, **said)).status == 303


def test_without_redis_all_goes_on(database: str, tmp_path: Path) -> None:
    with_keeper(database)
    redis = machines.redis(tmp_path)
    url = f"redis://127.0.0.1:{redis.port}/0"
    with machines.running([redis]), running(database, tmp_path / "instance", redis_url=url) as site:
        assert redis.process
        assert_all_goes_on(site)
        os.kill(redis.process.pid, signal.SIGSTOP)  # it takes connections, and says nothing
        assert_all_goes_on(site)
        os.kill(redis.process.pid, signal.SIGCONT)
        redis.kill()
        assert_all_goes_on(site)
        redis.start()
        assert_all_goes_on(site)
        assert_is_whole(site)
    assert "Traceback" not in site.machine.log()


def test_while_the_mail_server_hangs_or_is_gone_all_goes_on_and_mail_follows(database: str, tmp_path: Path) -> None:
    with_keeper(database)
    with smtp.server() as server, line(server.port) as way:
        way.hold()
        url, sender = f"smtp://127.0.0.1:{way.port}?starttls=no", "memorial@memorial.example"
        with running(database, tmp_path / "instance", mail_url=url, mail_from=sender) as site:
            assert_all_goes_on(site, email=EMAIL)
            until(lambda: states(site) == [State.SENDING], "the worker does not try to send")
            assert_all_goes_on(site, email=f"other-{EMAIL}")
            way.cut()
            way.release()
            until(lambda: states(site) == [State.WAITING] * 2, "the worker holds on to a server that is gone")
            assert_all_goes_on(site)
            way.mend()
            hasten(site)
            until(lambda: states(site) == [State.SENT] * 2, "mail does not follow")
            assert_is_whole(site)
        assert sorted(server.recipients) == sorted([EMAIL, f"other-{EMAIL}"])


def states(site: Site) -> list[str]:
    """How it stands with each mail."""
    with site.session() as session:
        return list(session.scalars(select(Message.state).order_by(Message.id)))


def hasten(site: Site) -> None:
    """Let the pause before the next try be over."""
    with site.session() as session:
        session.execute(update(Message).where(Message.state == State.WAITING).values(due_at=now()))
        session.commit()
