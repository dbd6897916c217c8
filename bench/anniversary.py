"""The anniversary: nearly all read, some search, some leave words, and three moderators decide all the while."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from threading import Event, Thread
from urllib.parse import quote

from bench import sites, visitors, wrk
from bench.arrivals import Sent, arrive
from bench.loads import FIRST
from bench.measure import Times
from bench.moderators import Moderator, with_moderator
from bench.queries import Words
from bench.servers import Server
from bench.sites import Site
from bench.stages import WALL, written
from tribute.app import create_app
from tribute.extensions import db

SEED = 20
SHARES = {"read": 0.95, "search": 0.03, "submit": 0.02}
OF_CAPACITY = 0.7
WARM, CAPACITY, SECONDS = 2, 5, 20
MOST = 6_000  # requests a second that capacity is looked for with
MODERATORS = tuple(f"bench-{number}@memorial.example" for number in range(3))
PAUSE = 1.0  # seconds between two decisions of a moderator
TRIBUTE = re.compile(r'href="(/\w\w/20-january/tributes/[0-9a-z]{13}/)"')
LANGUAGES = {"az": 60, "ru": 15, "en": 15, "tr": 10}
PAGES = {"": 60, "tributes/": 20, "archive/": 5, "archive/on-this-day/": 5}
ONE_TRIBUTE = 10
BROWSER = {"Accept_Encoding": "gzip, deflate, br"}


@dataclass(frozen=True)
class Day:
    """How it went: how many answers a second the server can give, and what each kind took at a part of that."""

    capacity: float
    took: dict[str, Times]
    failures: list[str]

    @property
    def all(self) -> Times:
        """What everybody waited, whatever for."""
        return Times(tuple(wait for times in self.took.values() for wait in times.all))


def of(engine: str, seconds: int = SECONDS) -> Day:
    """The day on one database, on a site of its own, at a part of what the site can do."""
    site = with_moderator(written(engine, "anniversary"), *MODERATORS)
    with sites.served(site) as server:
        crowd = Crowd(site, server)
        visitors.send(server, visitors.submissions(server, FIRST))
        wrk.each(server, WARM, crowd.requests(WARM * MOST), once=True)
        with moderators(server):
            run = wrk.each(server, CAPACITY, crowd.requests(CAPACITY * MOST), once=True)
        capacity = (run.answers - run.failed) / run.seconds
        return spent(server, crowd.plan(round(OF_CAPACITY * capacity * seconds)), capacity)


def spent(server: Server, plan: Sequence[Sent], capacity: float) -> Day:
    """Let everybody come, at their part of so many a second."""
    with moderators(server) as deciding:
        answers = arrive(server, plan, OF_CAPACITY * capacity)
    took = {kind: Times(tuple(answer.took for answer in answers if answer.kind == kind)) for kind in SHARES}
    took["decide"] = Times(tuple(wait for moderator in deciding for wait in moderator.waits))
    failures = [f"{answer.status} for {answer.kind}" for answer in answers if not 200 <= answer.status < 400]
    failures += [failure for moderator in deciding for failure in moderator.failures]
    return Day(capacity, {kind: times for kind, times in took.items() if times.all}, failures)


class Crowd:
    """Who comes, in an order of chance that is the same in every run."""

    def __init__(self, site: Site, server: Server) -> None:
        self.server, self.chance = server, Random(SEED)  # noqa: S311  the same in every run
        self.reads, self.searches = reading(server, self.chance), searching(site, self.chance)

    def plan(self, number: int) -> list[Sent]:
        """So many requests; whoever will send a tribute has opened the form."""
        kinds = self.chance.choices(list(SHARES), list(SHARES.values()), k=number)
        submissions = visitors.submissions(self.server, kinds.count("submit"))
        makers = {"read": self.reads, "search": self.searches, "submit": iter(submissions)}
        return [Sent(kind, next(makers[kind])) for kind in kinds]

    def requests(self, number: int) -> list[bytes]:
        """The same for wrk."""
        return [sent.request for sent in self.plan(number)]


def reading(server: Server, chance: Random) -> Iterator[bytes]:
    """Pages that people open on the day, in their languages."""
    connection = server.connection()
    connection.request("GET", WALL)
    newest = TRIBUTE.findall(connection.getresponse().read().decode())
    connection.close()
    weighed = {f"/{lang}/20-january/{page}": of_all * each for lang, of_all in LANGUAGES.items()
               for page, each in PAGES.items()}  # fmt: skip
    weighed |= dict.fromkeys(newest, ONE_TRIBUTE * sum(LANGUAGES.values()) / len(newest))
    requests = [visitors.request("GET", path, **BROWSER) for path in weighed]
    while True:
        yield from chance.choices(requests, list(weighed.values()), k=1000)


def searching(site: Site, chance: Random) -> Iterator[bytes]:
    """Searches of every kind that is hard."""
    with create_app(site.settings).app_context():
        queries = [query for _kind, query in Words(db.session()).queries(1000)]
        db.session.rollback()
        db.engine.dispose()
    while True:
        yield visitors.request("GET", f"/en/search?q={quote(chance.choice(queries))}", **BROWSER)


@contextmanager
def moderators(server: Server) -> Iterator[list[Moderator]]:
    """Moderators at the desk until the end of the block, each with a decision a second."""
    deciding, over = [Moderator(server, email) for email in MODERATORS], Event()

    def decide(moderator: Moderator) -> None:
        while not over.wait(PAUSE):
            moderator.decide()

    threads = [Thread(target=decide, args=(moderator,)) for moderator in deciding]
    for thread in threads:
        thread.start()
    try:
        yield deciding
    finally:
        over.set()
        for thread in threads:
            thread.join()
        for moderator in deciding:
            moderator.connection.close()
