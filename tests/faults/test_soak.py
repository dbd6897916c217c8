"""Mixed load for as long as SOAK says: no error, no memory that grows, and nothing that drifts from its tables.

`make soak` lasts 30 minutes. A short run is over before the caches are full, and says nothing of memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event, Lock, Thread
from time import sleep
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import func, select

from bench.moderators import Moderator
from bench.processes import PROC, family
from bench.servers import Server
from tests.cast import PASSWORD, WORDS, Cast
from tests.deploy.crowd import words
from tests.deploy.machines import until
from tests.faults.site import Site, assert_is_whole, running
from tests.faults.sizes import SOAK
from tribute.domain.lifecycle import Action, Status
from tribute.domain.permissions import Role
from tribute.models import Decision, Revision

MODERATORS = tuple(f"moderator-{number}@memorial.example" for number in range(3))
READERS, SEARCHERS, SENDERS = 4, 2, 2
PAUSES = {"read": 0.05, "search": 0.5, "send": 0.5, "decide": 1.0}  # seconds: about half of two cores
PLACES = ("", "tributes/", "archive/", "archive/on-this-day/", "editions/", "feed.atom", "tributes/?gesture=candle")
PAGES = [f"/{lang}/20-january/{place}" for lang in ("az", "en", "ru", "tr") for place in PLACES]
SEARCHED = (
    "silence",
    "morning",
    "unutmadıq",
    "память",
    "anma",
    "20 yanvar",
    "sehid",
    "remember -number",
    '"the silence"',
)
WAITING = 12  # tributes that the moderators find
EACH = 3  # times at least that everything is done, however busy the machine is
PATIENT = 120  # seconds of load from which memory is compared
WARM = 3  # the part of the time after which it is looked at first
GROWS = 1.1  # times at most


@dataclass
class Load:
    """Everybody who comes, and what went wrong for any of them."""

    site: Site
    is_over: Event = field(default_factory=Event)
    done: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    acknowledged: list[int] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Everybody, for the length of a block."""
        moderators = [Moderator(Server(self.site.port, ()), email, PASSWORD) for email in MODERATORS]
        threads = [Thread(target=self._go_on, args=act) for act in self._acts(moderators)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.is_over.set()
            for thread in threads:
                thread.join()
            for moderator in moderators:
                moderator.connection.close()

    def is_mixed(self) -> bool:
        """Whether there was some of everything."""
        return min(self.done[kind] for kind in PAUSES) >= EACH

    def _acts(self, moderators: list[Moderator]) -> list[tuple[str, Callable[[], None]]]:
        acts: list[tuple[str, Callable[[], None]]] = [("read", self._read)] * READERS
        acts += [("search", self._search)] * SEARCHERS + [("send", self._send)] * SENDERS
        return acts + [("decide", partial(self._decide, each)) for each in moderators]

    def _go_on(self, kind: str, act: Callable[[], None]) -> None:
        while not self.is_over.wait(PAUSES[kind]):
            try:
                act()
            except Exception as error:  # whatever it is, it must not happen
                self._tell(f"{kind}: {error!r}")
            with self._lock:
                self.done[kind] += 1

    def _tell(self, what: str) -> None:
        with self._lock:
            self.wrong[what] += 1

    def _expect(self, status: int, path: str, number: int) -> None:
        found = self.site.ask(path, source=address(number)).status
        if found != status:
            self._tell(f"{found} for {path}")

    def _next(self) -> int:
        with self._lock:
            return next(self._numbers)

    def _read(self) -> None:
        number = self._next()
        self._expect(200, PAGES[number % len(PAGES)], number)

    def _search(self) -> None:
        number = self._next()
        self._expect(200, f"/en/search?q={quote(SEARCHED[number % len(SEARCHED)])}", number)

    def _send(self) -> None:
        number = self._next()
        source = address(number)
        answer = self.site.send(self.site.open_form(source=source, message=words(number)), source=source)
        if answer.status == 303:
            self.acknowledged.append(number)
        else:
            self._tell(f"{answer.status} for a tribute")

    def _decide(self, moderator: Moderator) -> None:
        moderator.decide()
        for failure in moderator.failures:
            self._tell(failure)
        moderator.failures.clear()


def address(number: int) -> str:
    """One of many that people come from."""
    return f"127.{1 + number % 50}.{1 + number // 50 % 250}.1"


def memory(site: Site) -> int:
    """Bytes that the site and its worker hold for themselves; the database's file, which they map, is the system's."""
    assert site.machine.process
    files = [PROC / str(process.number) / "smaps_rollup" for process in family(site.machine.process.pid)]
    lines = [line.split() for file in files for line in file.read_text().splitlines()]
    return sum(int(line[1]) << 10 for line in lines if line[0] == "Pss_Anon:")


def test_under_mixed_load_nothing_fails_nothing_grows_and_nothing_drifts(
    app: Flask, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cast = Cast(app)
    cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
    for email in MODERATORS:
        cast.person(Role.MODERATOR, email, email)
    for _each in range(WAITING):
        cast.tribute(Status.PENDING)
    with running(database, tmp_path / "instance", workers=2) as site:
        load = Load(site)
        with load.going_on():
            sleep(SOAK / WARM)
            warm = memory(site)
            sleep(SOAK - SOAK / WARM)
            until(load.is_mixed, f"not everything was done: {load.done}, {load.wrong}")
            end = memory(site)
        with capsys.disabled():
            print(f"\n{SOAK} s: {dict(load.done)}; {warm >> 20} MiB when warm, {end >> 20} MiB at the end")
        assert not load.wrong, (load.wrong, site.machine.log())
        assert_all_is_there(site, load)
        assert_is_whole(site)
        assert "Traceback" not in site.machine.log()
    assert SOAK < PATIENT or end <= warm * GROWS, f"{warm} bytes when it was warm, {end} at the end"


def assert_all_is_there(site: Site, load: Load) -> None:
    """Each tribute that was acknowledged, once; and decisions."""
    with site.session() as session:
        expected = Counter(map(words, load.acknowledged)) + Counter({WORDS: WAITING})
        assert Counter(session.scalars(select(Revision.words))) == expected
        decided = select(func.count()).select_from(Decision).where(Decision.action == Action.APPROVE)
        assert session.scalar(decided)
