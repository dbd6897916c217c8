"""A database that is locked, slow, silent or gone: reading goes on, and who sends keeps every word."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from itertools import cycle, islice
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import make_url, select, text

from tests import databases
from tests.deploy import machines
from tests.deploy.crowd import HOME
from tests.deploy.machines import Cluster, until
from tests.deploy.nginx import Answer
from tests.faults.line import Line, line
from tests.faults.site import HERE, Site, assert_is_whole, running, with_keeper
from tests.faults.sizes import APPLICATION, CROWD
from tribute.models import LogHead
from tribute.web.public_version import OnServer

KEPT = (HOME, "/az/20-january/", "/ru/20-january/tributes/")
UNKEPT = ("/tr/20-january/archive/", "/en/search?q=silence")
WORDS = "I remember the silence, and the database did not answer."
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
Hurt = Callable[[], object]


def assert_is_kept(answer: Answer) -> None:
    """An answer that says to try again, with the words."""
    assert (answer.status, WORDS in answer.body.decode()) == (503, True), answer.body.decode()
    assert answer.headers["cache-control"] == "no-store"


def assert_reading_survives(site: Site, hurt: Hurt, heal: Hurt, source: str = HERE) -> None:
    """Many send and many read while something is hurt: the ones keep their words, the others notice nothing.

    Once it is healed the same forms are taken, each once. They come from one address.
    """
    assert [site.ask(path).status for path in KEPT] == [200] * len(KEPT)
    forms = [site.open_form(message=f"{WORDS} {number}") for number in range(CROWD)]
    hurt()
    with ThreadPoolExecutor(2 * CROWD) as crowd:
        sent = [crowd.submit(site.send, form, source=source) for form in forms]
        read = [crowd.submit(site.ask, path) for path in islice(cycle(KEPT), CROWD)]
        assert {each.result().status for each in read} == {200}
        for each in sent:
            assert_is_kept(each.result())
        assert {site.ask(path).status for path in KEPT} == {200}
    heal()
    for form in forms:
        assert site.send(form, source=source).status == 303


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_while_somebody_holds_sqlites_lock_reading_goes_on_and_words_are_kept(database: str, tmp_path: Path) -> None:
    with_keeper(database)
    with (
        running(database, tmp_path / "instance", application=APPLICATION) as site,
        closing(sqlite3.connect(str(make_url(database).database), isolation_level=None)) as other,
    ):
        assert_reading_survives(site, lambda: other.execute("BEGIN IMMEDIATE"), lambda: other.execute("ROLLBACK"))
        other.execute("BEGIN IMMEDIATE")
        assert [site.ask(path).status for path in UNKEPT] == [200] * len(UNKEPT)
        other.execute("ROLLBACK")
        assert_is_whole(site)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL that these tests may stop."""
    with machines.cluster() as made:
        databases.furnish(made.url)
        with_keeper(made.url)
        yield made


@contextmanager
def reached(cluster: Cluster, folder: Path) -> Iterator[tuple[Site, Line]]:
    """The site, and the line over which it reaches its database."""
    with ExitStack() as stack:
        way = stack.enter_context(line(cluster.port))
        url = make_url(cluster.url).set(port=way.port).render_as_string(hide_password=False)
        yield stack.enter_context(running(url, folder / "instance", application=APPLICATION)), way


def test_while_postgresql_is_gone_slow_or_silent_reading_goes_on_and_words_are_kept(
    cluster: Cluster, tmp_path: Path
) -> None:
    with reached(cluster, tmp_path) as (site, way):
        assert_reading_survives(site, cluster.stop, cluster.start, "127.0.0.2")
        assert_reading_survives(site, way.cut, way.mend, "127.0.0.3")
        assert_reading_survives(site, way.hold, way.release, "127.0.0.4")
        way.delay = 0.01  # each statement and each answer
        assert site.send(site.open_form(message=WORDS)).status == 303
        assert [site.ask(path).status for path in UNKEPT] == [200] * len(UNKEPT)
        way.delay = 0
        assert_is_whole(site)


def test_while_more_wait_to_write_than_there_are_connections_reading_goes_on(cluster: Cluster, tmp_path: Path) -> None:
    crowd = 24  # a process has 16 connections
    with reached(cluster, tmp_path) as (site, _way), site.session() as other, ThreadPoolExecutor(crowd) as senders:
        forms = [site.open_form(message=f"{WORDS} {number}") for number in range(crowd)]
        other.execute(select(LogHead).with_for_update())
        sent = [senders.submit(site.send, form, source=f"127.0.1.{number}") for number, form in enumerate(forms)]
        until(lambda: other.scalar(text(WAITING)) > 0, "nobody waits for the head of the log")
        assert [site.ask(path).status for path in UNKEPT * 3] == [200] * 3 * len(UNKEPT)
        assert not any(each.done() for each in sent)
        other.rollback()
        assert [each.result().status for each in sent] == [303] * crowd


def test_while_postgresql_is_silent_nobody_waits_for_who_asks_it(cluster: Cluster) -> None:
    with line(cluster.port) as way:
        versions = OnServer(make_url(cluster.url).set(port=way.port))
        assert versions.read()
        way.hold()
        versions.renew()
        assert versions.read() is None
        versions.renew()
        asking = Thread(target=versions.read)
        asking.start()
        until(versions._lock.locked, "nobody asks")
        assert versions.read() is None
        assert versions._lock.locked()  # by who still asks
        asking.join()
        way.release()
        versions.renew()
        assert versions.read()
