"""Measuring: pages over HTTP by one client, the engine against its own bare query, and the room of the index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPConnection
from time import perf_counter
from typing import Any
from urllib.parse import quote

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tribute.models import Memorial, TributeEntry
from tribute.search import match, postgres, sqlite
from tribute.search.engine import EVERYTHING, Spent
from tribute.search.index import PUBLIC, engine_of
from tribute.search.query import parse
from tribute.services import search
from tribute.services.search import RESULTS, Narrowed

OLDER = re.compile(r"[?;&]before=([0-9a-z]{13})")
BARE_LIMIT = 2_000  # milliseconds that PostgreSQL's bare query may take
MATCH_NEWEST = (
    "SELECT rowid FROM tribute_entry_fts WHERE tribute_entry_fts MATCH :match ORDER BY rowid DESC LIMIT :most"
)
MATCH_FIRST = (
    "WITH hit AS MATERIALIZED (SELECT number FROM tribute_entry WHERE terms @@ CAST(:match AS tsquery)) "
    "SELECT number FROM hit ORDER BY number DESC LIMIT :most"
)
WALK = (
    "SELECT number FROM (SELECT number, terms FROM tribute_entry ORDER BY number DESC OFFSET 0) AS walked "
    "WHERE terms @@ CAST(:match AS tsquery) LIMIT :most"
)
BARE = {"sqlite": (MATCH_NEWEST,), "postgresql": (MATCH_FIRST, WALK)}


@dataclass(frozen=True)
class Times:
    """How long each of many took, in milliseconds."""

    all: tuple[float, ...]

    def share(self, part: float) -> float:
        """The time that this part of them stayed within."""
        return sorted(self.all)[min(len(self.all) - 1, int(len(self.all) * part))]

    @property
    def told_of_95(self) -> str:
        """The 95 of 100 alone; nothing where none was taken, as of words that never meet, which have no later page."""
        return f"{self.share(0.95):.1f}" if self.all else ""

    @property
    def told(self) -> str:
        """Median, 95 of 100, the longest."""
        return f"{self.share(0.5):.1f} / {self.share(0.95):.1f} / {max(self.all):.0f}"


def timed(do: Callable[[], Any]) -> tuple[float, Any]:
    """How many milliseconds it took, and what came of it."""
    start = perf_counter()
    found = do()
    return (perf_counter() - start) * 1000, found


class Reader:
    """One client on one connection, who reads every answer to its end."""

    def __init__(self, connection: HTTPConnection) -> None:
        self.connection = connection

    def get(self, path: str) -> str:
        """A page; anything but 200 ends the run."""
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} for {path}")
        return body

    def search(self, query: str, **more: str) -> tuple[float, str]:
        """One page of results."""
        path = f"/en/search?q={quote(query)}" + "".join(f"&{name}={value}" for name, value in more.items())
        return timed(lambda: self.get(path))

    def pages(self, queries: Iterable[str]) -> dict[str, list[float]]:
        """The first page with its facets, the later one that it links to, if any, and the best, of each query."""
        found: dict[str, list[float]] = {"facets": [], "newest": [], "relevance": []}
        for query in queries:
            took, page = self.search(query)
            found["facets"].append(took)
            older = OLDER.search(page)
            found["newest"] += [self.search(query, before=older[1])[0]] if older else []
            found["relevance"].append(self.search(query, sort="relevance", page="2")[0])
        return found

    def plain(self, times: int) -> list[float]:
        """A page that the program answers without asking anything: what server, framework and network cost here."""
        return [timed(lambda: self.get("/robots.txt"))[0] for _ in range(times)]

    def suggestions(self, typed: Iterable[str]) -> list[float]:
        """What is offered while somebody types."""
        return [timed(lambda: self.get(f"/en/search/suggestions?q={quote(one)}"))[0] for one in typed]  # noqa: B023  asked at once

    def corrections(self, misspelt: Iterable[str]) -> list[float]:
        """The page of each query that finds nothing."""
        return [self.search(query)[0] for query in misspelt]


def newest(session: Session, queries: Iterable[str]) -> tuple[Times, Times]:
    """The newest matches: by the engine, and by the database's own query for the same match."""
    memorials = list(session.query(Memorial))
    ours, bare = [], []
    for query in queries:
        chosen = search.chosen_by(parse(query), Narrowed(), memorials)
        wanted = match.match(session, PUBLIC.vocabulary, parse(query), chosen)
        if wanted.is_hopeless:
            continue
        ours.append(_engine(session, wanted))
        bare.append(_bare(session, wanted))
    return Times(tuple(ours)), Times(tuple(bare))


def _engine(session: Session, wanted: match.Match) -> float:
    engine = engine_of(session)
    start = perf_counter()
    try:
        with engine.within(session, search.SECONDS):
            return min(
                timed(lambda: engine.numbers(session, TributeEntry, wanted, EVERYTHING, RESULTS + 1))[0]
                for _ in range(2)
            )
    except Spent:
        return (perf_counter() - start) * 1000


def _bare(session: Session, wanted: match.Match) -> float:
    """The quickest of the plain ways that the database has; each asked twice, so that its pages are in memory."""
    dialect = session.get_bind().dialect.name
    said = (sqlite if dialect == "sqlite" else postgres).expression(wanted)
    return min(_asked(session, query, said) for query in BARE[dialect] for _ in range(2))


def _asked(session: Session, query: str, said: str) -> float:
    savepoint = session.begin_nested()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL statement_timeout = {BARE_LIMIT}; SET LOCAL jit = off"))
    try:
        return timed(lambda: session.execute(text(query), {"match": said, "most": RESULTS + 1}).all())[0]
    except OperationalError:
        return float(BARE_LIMIT)
    finally:
        savepoint.rollback()


@dataclass(frozen=True)
class Room:
    """The bytes of SQLite's index, of the texts as they were typed, and of the terms that stand for them."""

    index: int
    typed: int
    terms: int


def room(session: Session) -> Room:
    """Measure the public index."""
    shadows = ("data", "idx", "docsize", "config")
    named = ", ".join(f"'tribute_entry_fts_{shadow}'" for shadow in shadows)
    index = f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({named})"  # noqa: S608
    typed = (
        "SELECT sum(length(CAST(r.words || r.name || r.place AS BLOB))) FROM tribute_entry e "
        "JOIN tribute t ON t.id = e.source_id JOIN revision r ON r.id = t.public_revision_id"
    )
    terms = "SELECT sum(length(CAST(words || name || place AS BLOB))) FROM tribute_entry"
    return Room(*(int(session.execute(text(query)).scalar_one()) for query in (index, typed, terms)))
