"""kill -9 of any process while forty people send tributes: what was acknowledged is there, once."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path
from time import sleep

from sqlalchemy import func, select

from bench.processes import family
from tests.deploy.crowd import CUT, Crowd, words
from tests.deploy.machines import until
from tests.faults.site import Site, alive, assert_is_whole, comes_back, running, with_keeper
from tests.faults.sizes import LOAD
from tribute.models import Revision, Tribute

WRITERS = 40
BETWEEN = 200  # tributes at most between two who are killed
SERVING, WORKER, SERVER, ALL = "one that serves", "tribute work", "granian --interface", "together.py"
VICTIMS = (SERVING, WORKER, SERVER, ALL)


def victim(site: Site, name: str) -> int:
    """A process of that name, once there is one: the one before may just have been killed."""
    until(lambda: bool(called_so(site, name)), f"no {name} runs: {site.machine.log()}")
    return called_so(site, name)[0]


def called_so(site: Site, name: str) -> list[int]:
    """Those of a name. Whoever holds them all is called by all of their names, and comes first."""
    if name == ALL:
        return site.processes(name)
    if name == SERVING:
        return [
            each.number for server in called_so(site, SERVER)[:1] for each in family(server) if each.number != server
        ]
    return site.processes(name)[1:]


def test_whatever_is_killed_what_was_acknowledged_is_there_once(database: str, tmp_path: Path) -> None:
    with_keeper(database)
    with running(database, tmp_path / "instance", workers=2) as site:
        crowd = Crowd(site, site.settings.base_url, senders=WRITERS)
        threads = crowd.gather(LOAD)
        rounds = max(len(VICTIMS), LOAD // BETWEEN)
        try:
            for number in range(rounds):
                crowd.have_sent(LOAD * number // (rounds + 1))
                kill(site, VICTIMS[number % len(VICTIMS)])
            crowd.have_sent(LOAD)
        finally:
            crowd.is_over.set()
            for thread in threads:
                thread.join()
        assert crowd.refusals[CUT], "nobody was under way when something was killed"
        assert set(crowd.refusals) <= {CUT, 503}, (crowd.refusals, site.machine.log())
        assert set(crowd.read) <= {CUT, 200}, crowd.read
        with site.session() as session:
            assert Counter(session.scalars(select(Revision.words))) == {words(number): 1 for number in crowd.receipts}
            assert session.scalar(select(func.count()).select_from(Tribute)) == LOAD
        for number in range(0, LOAD, max(1, LOAD // 20)):
            assert words(number) in site.ask(crowd.receipts[number]).body.decode()
    assert_is_whole(site)


def kill(site: Site, name: str) -> None:
    """Kill one; it or all of them are started again, by the server itself or as systemd would."""
    number = victim(site, name)
    os.kill(number, signal.SIGKILL)
    until(lambda: not alive(number), f"{name} outlives its end")
    if name != SERVING:
        assert site.machine.process
        site.machine.process.wait(60)
    sleep(0.1)
    comes_back(site)
