"""Two web processes behind nginx, two workers, PostgreSQL and Redis; and under load one after another goes.

LOAD says how many tributes are sent: `make storm` sends more.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, func, select, update
from sqlalchemy.orm import Session

from tests import databases
from tests.conftest import SECRET
from tests.deploy import machines, nginx
from tests.deploy.crowd import Crowd, words
from tests.deploy.machines import Cluster, Machine, until, until_none
from tests.deploy.nginx import NAME, Proxy
from tests.mail import smtp
from tribute.config import Settings
from tribute.domain.mail import State
from tribute.extensions import now
from tribute.models import Message, Revision, Tribute
from tribute.services import decisions

LOAD = int(os.environ.get("LOAD", "160"))


@dataclass
class Site:
    """Everything that runs."""

    proxy: Proxy
    database: Cluster
    redis: Machine
    web: list[Machine]
    workers: list[Machine]
    mail: smtp.Server


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Each machine has a folder of its own, and nothing in common but the settings."""
    with ExitStack() as stack:
        database = stack.enter_context(machines.cluster())
        databases.furnish(database.url)
        mail = stack.enter_context(smtp.server())
        redis = machines.redis(tmp_path)

        def settings(name: str) -> Settings:
            return Settings(
                instance_path=tmp_path / name, database_url=database.url, redis_url=f"redis://127.0.0.1:{redis.port}/0",
                base_url=f"https://{NAME}", proxies=1, mail_url=mail.url, mail_from="memorial@memorial.example",
                secret_key=SECRET, password_salt=SECRET, receipt_keys=SECRET, email_keys=SECRET, factor_keys=SECRET,
            )  # fmt: skip

        web = [machines.web(number, settings(f"web{number}"), tmp_path) for number in (1, 2)]
        workers = [machines.worker(number, settings(f"worker{number}"), tmp_path) for number in (1, 2)]
        stack.enter_context(machines.running([redis, *web, *workers]))
        proxy = stack.enter_context(nginx.before(tmp_path / "nginx", [machine.port for machine in web]))
        yield Site(proxy, database, redis, web, workers, mail)


def test_whatever_goes_under_load_no_tribute_is_lost_and_hardly_a_mail_comes_twice(site: Site) -> None:
    crowd = Crowd(site.proxy, f"https://{NAME}")
    threads = crowd.gather(LOAD)
    try:
        crowd.have_sent(LOAD // 8)
        site.web[0].kill()  # nginx goes by the other
        crowd.have_sent(LOAD * 2 // 8)
        site.web[0].start()
        crowd.have_sent(LOAD * 3 // 8)
        site.database.stop()  # as if the power went
        site.database.start()
        crowd.have_sent(LOAD * 5 // 8)
        site.redis.kill()  # for good: each process counts by itself
        site.workers[0].kill()
        site.workers[0].start()
        crowd.have_sent(LOAD)
    finally:
        crowd.is_over.set()
        for thread in threads:
            thread.join()

    assert set(crowd.refusals) <= {503}, (crowd.refusals, [machine.log() for machine in site.web])
    assert set(crowd.read) == {200}  # whoever read noticed nothing
    assert_each_stands_once(site, crowd)
    assert_mail_is_as_the_docs_say(site, failures=3)


def assert_each_stands_once(site: Site, crowd: Crowd) -> None:
    """What was acknowledged is there, once, and opens by its private link, whichever machine is asked."""
    engine = create_engine(site.database.url, poolclass=NullPool)
    with Session(engine) as session:
        found = Counter(session.scalars(select(Revision.words)))
        assert found == {words(number): 1 for number in crowd.receipts}
        assert session.scalar(select(func.count()).select_from(Tribute)) == LOAD
        assert decisions.broken_row(session) is None
    for number in list(crowd.receipts)[:: max(1, LOAD // 40)]:
        page = site.proxy.ask(crowd.receipts[number])
        assert page.status == 200
        assert words(number) in page.body.decode()


def assert_mail_is_as_the_docs_say(site: Site, failures: int) -> None:
    """Each has one mail; one more at most for each worker and each failure, a quarter of an hour later."""
    engine = create_engine(site.database.url, poolclass=NullPool)

    def number(*states: State) -> int:
        with Session(engine) as session:
            return session.scalar(select(func.count()).where(Message.state.in_(states))) or 0

    held = failures * len(site.workers)
    until_none(lambda: number(State.WAITING) + max(0, number(State.SENDING) - held), "mail waits for no worker")
    with Session(engine) as session:  # the quarter of an hour is over
        session.execute(update(Message).where(Message.state == State.SENDING).values(due_at=now()))
        session.commit()
    until(lambda: number(State.WAITING, State.SENDING) == 0, "what was held is not taken up")
    assert number(State.FAILED, State.DROPPED) == 0
    sent = Counter(str(mail["Message-ID"]) for mail in site.mail.taken)
    to = {str(mail["To"]) for mail in site.mail.taken}
    assert to == {f"visitor-{each}@memorial.example" for each in range(LOAD)}
    assert len(sent) == LOAD
    assert max(sent.values()) <= 2
    assert sum(sent.values()) - LOAD <= held
