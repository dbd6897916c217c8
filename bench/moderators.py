"""Moderators who sign in and decide over HTTP, as the desk's own pages let them."""

from __future__ import annotations

import re
from http.client import HTTPConnection
from time import perf_counter
from urllib.parse import urlencode

from bench import sites
from bench.servers import Server
from bench.sites import Site
from tribute.app import create_app
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.models import Person, begin_write
from tribute.services import people
from tribute.web.passwords import hashed

EMAIL, PASSWORD = "bench@memorial.example", "a password for measuring"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
CARD = re.compile(r'data-at="([^"]+)"\s+data-version="(\d+)"')
MINE = "/desk/?mine=1"


def with_moderator(site: Site, *others: str) -> Site:
    """The same with somebody who may decide, and with others by their addresses."""
    sites.warm(site)
    with create_app(site.settings).app_context():
        session = db.session()
        begin_write(session)
        for email in (EMAIL, *others):
            if session.scalars(db.select(Person).where(Person.email == email)).first() is None:
                people.add(session, email, "Bench", Role.MODERATOR, hashed(PASSWORD), "en", now())
        session.commit()
    return site


class Moderator:
    """A browser of somebody at the desk; what it waited for each answer, in milliseconds, and what went wrong."""

    def __init__(self, server: Server, email: str = EMAIL, password: str = PASSWORD) -> None:
        """Sign in."""
        self.connection: HTTPConnection = server.connection()
        self.cookies: dict[str, str] = {}
        self.waits: list[float] = []
        self.failures: list[str] = []
        self._cards: list[tuple[str, str]] = []
        self.token = self._token("/account/login")
        self.post("/account/login", email=email, password=password)
        self.token = self._token("/desk/")
        self.waits.clear()

    @property
    def cookie(self) -> str:
        """What its browser sends along."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def decide(self) -> None:
        """Publish the next card; where there is none, take ten."""
        if not self._cards:
            self.post("/desk/claim")
            self._cards = CARD.findall(self.get(MINE))
        if self._cards:
            address, version = self._cards.pop(0)
            self.post(f"{address}approve", version=version)

    def get(self, path: str) -> str:
        """Open a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> str:
        """Press a button."""
        return self._ask("POST", path, urlencode({"csrf_token": self.token, **fields}))

    def _ask(self, method: str, path: str, body: str | None) -> str:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        start = perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        said = answer.read().decode()
        self.waits.append((perf_counter() - start) * 1000)
        if answer.status >= 400:
            self.failures.append(f"{answer.status} for {method} {path}")
        for header in answer.headers.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return said

    def _token(self, path: str) -> str:
        found = TOKEN.search(self.get(path))
        if found is None:
            raise RuntimeError(f"{path} holds no form")
        return found[1]
