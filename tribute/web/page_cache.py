"""The page cache: whole public pages, kept before all else until something public changes.

A page is kept under the version of all that was public when its rendering began, and no longer than to the next
midnight of a memorial, since pages count the years. Nobody who has a session is answered from here.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from math import inf
from pathlib import Path
from threading import Lock, get_ident
from time import perf_counter, time
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

import brotli
from flask import Flask, current_app, has_app_context
from sqlalchemy import event, make_url
from sqlalchemy.orm import Session
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header
from werkzeug.wsgi import ClosingIterator, get_path_info

from tribute.web.public_version import Version, Versions, end_of_day, only_more_since, versions_of
from tribute.web.watch import CACHE, NONE, ROUTE

# Every public page, and what it reads of its query; nothing else reaches it, so that nobody can fill the cache.
PAGES: dict[str, tuple[str, ...]] = {
    "memorial.show": (), "memorial.editions": (), "memorial.edition": (), "memorial.undated": (),
    "tributes.wall": ("year", "language", "gesture", "before", "after"), "tributes.show": (),
    "archive.index": (), "archive.on_this_day": (), "archive.year": (), "archive.month": ("day", "before", "after"),
    "search.results": ("q", "memorial", "year", "language", "kind", "sort", "before", "after", "page"),
    "search.suggestions": ("q",), "pages.show": (),
    "feeds.atom": (), "feeds.sitemap": (), "feeds.robots": (),
}  # fmt: skip
FRESH = 10  # seconds for which a cache in front may answer by itself
WHILE_RENEWED = 10  # and for which it may go on doing so while it asks
WHILE_DOWN = 3600  # and while the site does not answer
PATIENCE = 1.0  # seconds for which others wait while one thread renders a page
BEHIND = 1.0  # seconds for which a page may lack what was added to it, while other pages are being rendered
LONGEST_DAY = 25 * 3600.0  # seconds, where clocks are set back in autumn
TURNS = 256  # pages that are rendered at once, each by one thread
LONGEST_KNOWN = 300  # letters of an address that is remembered with what it means
MOST_KNOWN = 10_000
QUERIED = 4  # one part in so many is for pages with a query: they never push out those without
SMALLEST = 500  # bytes from which on a body is compressed
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
# What a public page must not depend on: it is rendered as if nobody in particular had asked.
OF_A_READER = (
    "HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_RANGE", "REQUEST_URI", "RAW_URI",
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO",
)  # fmt: skip
# No request id: what is handed on to thousands is of no one request.
SET_HERE = ("cache-control", "content-length", "etag", "vary", "x-request-id")

# What came of a request for a public page: what is kept was served, or it was rendered; or what is kept was served,
# though it is of before, while the database or the rendering fails, or while another thread takes long to render it.
HIT, MISS, STALE, FORMER = "hit", "miss", "stale", "former"
STARTED = "tribute.started"  # in the environ: when it came

Headers = list[tuple[str, str]]
Body = Iterable[bytes]


class Key(NamedTuple):
    """What tells pages apart."""

    root: str
    path: str
    query: str


class Answer(NamedTuple):
    """What Flask said."""

    status: str
    headers: Headers
    body: bytes
    route: str

    @property
    def is_for_everyone(self) -> bool:
        """Whether it may be kept."""
        said = {name.lower(): value for name, value in self.headers}
        is_public = said.get("cache-control", "").startswith("public")
        return self.status.startswith("200") and is_public and "set-cookie" not in said


class Ready(NamedTuple):
    """A page in one coding; the headers lack what depends on the moment."""

    tag: str
    body: bytes
    headers: Headers
    headers_of_304: Headers


@dataclass(slots=True)
class Page:
    """A page as it was rendered; `until` is when its day ends, in seconds of the epoch."""

    version: Version
    until: float
    headers: Headers
    body: bytes
    route: str
    codings: dict[str, Ready] = field(default_factory=dict)
    was_used: bool = False
    lacks_since: float = inf  # when it was first seen to lack something that was added

    @property
    def size(self) -> int:
        """Its bytes, in every coding that somebody asked for."""
        return len(self.body) + sum(len(ready.body) for ready in self.codings.values())

    def is_fresh(self, version: Version, at: float) -> bool:
        """Whether it still says what is public on this day."""
        return self.version == version and self.is_of_day(at)

    def is_of_day(self, at: float) -> bool:
        """Whether its day is not over; nor yet to come, by a clock that stood ahead and was set right."""
        return at < self.until <= at + LONGEST_DAY

    def may_lack(self, version: Version, at: float) -> bool:
        """Whether it is right but for what was added within the last second."""
        if not self.is_of_day(at) or not only_more_since(self.version, version):
            return False
        self.lacks_since = min(self.lacks_since, at)
        return at < self.lacks_since + BEHIND

    def ready(self, coding: str) -> Ready:
        """Make the page in a coding; a small one stays as it is."""
        found = self.codings[coding] = self._in(coding if len(self.body) >= SMALLEST else "")
        return found

    def _in(self, coding: str) -> Ready:
        body = packed_in(coding, self.body)
        tag = f'"{hashlib.sha256(self.body).hexdigest()[:24]}{coding and "-" + coding}"'
        packed = [("Content-Encoding", coding)] if coding else []
        headers = [*self.headers, *packed, ("ETag", tag), ("Vary", "Accept-Encoding")]
        of_304 = [each for each in headers if each[0] != "Content-Type"]
        return Ready(tag, body, [*headers, ("Content-Length", str(len(body)))], of_304)


def packed_in(coding: str, body: bytes) -> bytes:
    """A body in a coding."""
    if coding == "br":
        packed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
        return packed
    return gzip.compress(body, GZIP_LEVEL, mtime=0) if coding == "gzip" else body


class Store:
    """Pages within a number of bytes: what was not used since it was last looked at goes first."""

    def __init__(self, most: int) -> None:
        self.most, self.bytes = most, 0
        self.pages: dict[Key, Page] = {}
        self._sizes: dict[Key, int] = {}
        self._lock = Lock()

    def get(self, key: Key) -> Page | None:
        """The page, fresh or not."""
        page = self.pages.get(key)
        if page is not None:
            page.was_used = True
        return page

    def put(self, key: Key, page: Page) -> None:
        """Keep a page."""
        with self._lock:
            self._keep(key, page)

    def grew(self, key: Key, page: Page) -> None:
        """Count a page again that has one more coding, unless another took its place meanwhile."""
        with self._lock:
            if self.pages.get(key) is page:
                self._keep(key, page)

    def _keep(self, key: Key, page: Page) -> None:
        self._drop(key)
        self.pages[key] = page
        self._sizes[key] = page.size
        self.bytes += page.size
        while self.bytes > self.most:
            oldest = next(iter(self.pages))
            there, size = self.pages[oldest], self._drop(oldest)
            if there.was_used and oldest != key:
                there.was_used = False
                self.pages[oldest], self._sizes[oldest] = there, size
                self.bytes += size

    def _drop(self, key: Key) -> int:
        self.pages.pop(key, None)
        size = self._sizes.pop(key, 0)
        self.bytes -= size
        return size


def init_app(app: Flask, most: int) -> None:
    """Put the cache before all that stands before the application; at most so many bytes, and 0 leaves it out."""
    if most:
        url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
        app.extensions["public_version"] = versions = versions_of(url, Path(app.instance_path))
        app.wsgi_app = PageCache(app, versions, most)  # type: ignore[method-assign]  # Flask's documented way to wrap


@event.listens_for(Session, "after_commit")
def _look_again(_session: Session) -> None:
    """What this process has written is seen by its very next answer."""
    versions: Versions | None = current_app.extensions.get("public_version") if has_app_context() else None
    if versions is not None:
        versions.renew()


class PageCache:
    """WSGI before Flask, and before the layers that serve files and read what proxies say."""

    def __init__(self, app: Flask, versions: Versions, most: int) -> None:
        """Hold at most so many bytes."""
        self.inner, self.versions, self.meter = app.wsgi_app, versions, app.extensions["meter"]
        self._addresses = app.url_map.bind("")
        self._session = f"{app.config['SESSION_COOKIE_NAME']}="
        site = urlsplit(app.config["BASE_URL"])
        self._site = {"HTTP_HOST": site.netloc, "wsgi.url_scheme": site.scheme, "REQUEST_METHOD": "GET"}
        self._stores = Store(most - most // QUERIED), Store(most // QUERIED)
        self._known: dict[tuple[str, str, str], Key | None] = {}
        self._turns = [Lock() for _ in range(TURNS)]
        self._under_way: set[int] = set()  # the threads that render a page now

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Body:
        """Answer from what is kept, or keep what is answered."""
        key = self._key(environ)
        if key is None:
            return self.inner(environ, start_response)
        environ[STARTED] = perf_counter()
        page, version = self._store(key).get(key), self.versions.read()
        if page is not None and (version is None or page.is_fresh(version, time())):
            return self._serve(key, page, environ, start_response, STALE if version is None else HIT)
        if page is not None and version is not None and self._under_way and page.may_lack(version, time()):
            return self._serve(key, page, environ, start_response, FORMER)
        turn = self._turns[hash(key) % TURNS]
        if not turn.acquire(timeout=PATIENCE):
            if page is None:
                return self.inner(environ, start_response)
            return self._serve(key, page, environ, start_response, FORMER)
        try:
            return self._renew(key, page, environ, start_response)
        finally:
            turn.release()

    def _renew(self, key: Key, former: Page | None, environ: dict[str, Any], start_response: Any) -> Body:
        """Render a page and keep it, unless somebody has done so by now; what cannot be kept is passed on."""
        page, version = self._store(key).get(key), self.versions.read()
        if page is not None and page is not former and version is not None and page.is_fresh(version, time()):
            return self._serve(key, page, environ, start_response, HIT)
        answer = self._ask(key, environ)
        if answer.is_for_everyone and version is not None:
            headers = [(name, value) for name, value in answer.headers if name.lower() not in SET_HERE]
            page = Page(version, end_of_day(version, time()), headers, answer.body, answer.route)
            self._store(key).put(key, page)
            return self._serve(key, page, environ, start_response, MISS)
        if former is not None and answer.status.startswith("5"):
            return self._serve(key, former, environ, start_response, STALE)
        start_response(answer.status, answer.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def _serve(self, key: Key, page: Page, environ: dict[str, Any], start_response: Any, outcome: str) -> Body:
        coding = best_coding(environ.get("HTTP_ACCEPT_ENCODING", "")[:LONGEST_KNOWN])
        ready = page.codings.get(coding)
        if ready is None:
            ready = page.ready(coding)
            self._store(key).grew(key, page)
        seen = environ.get("HTTP_IF_NONE_MATCH")
        is_known = seen is not None and (ready.tag in seen or seen.strip() == "*")
        left = int(page.until - time())
        control = lifetime(left if left < WHILE_DOWN else WHILE_DOWN, is_stale=outcome == STALE)
        headers = [*(ready.headers_of_304 if is_known else ready.headers), ("Cache-Control", control)]
        if outcome == STALE:
            headers.append(("Cache-Status", "tribute; hit; detail=stale"))
        if outcome != MISS:  # that was counted where it was rendered
            labels = environ["REQUEST_METHOD"], page.route, "304" if is_known else "200", outcome
            self.meter.count(labels, perf_counter() - environ[STARTED])
        start_response("304 NOT MODIFIED" if is_known else "200 OK", headers)
        return [] if is_known or environ["REQUEST_METHOD"] == "HEAD" else [ready.body]

    def _ask(self, key: Key, environ: dict[str, Any]) -> Answer:
        """Let Flask answer as if nobody in particular had asked."""
        asked = {name: value for name, value in environ.items() if name not in OF_A_READER}
        said: list[Any] = []

        def start(status: str, headers: Headers, _failure: Any = None) -> None:
            said[:] = status, headers

        asked |= self._site | {"QUERY_STRING": key.query, CACHE: MISS}
        self._under_way.add(get_ident())
        try:
            with closing(ClosingIterator(self.inner(asked, start))) as chunks:  # type: ignore[arg-type]
                body = b"".join(chunks)
        finally:
            self._under_way.discard(get_ident())
        return Answer(said[0], said[1], body, asked.get(ROUTE, NONE))

    def _store(self, key: Key) -> Store:
        return self._stores[bool(key.query)]

    def _key(self, environ: dict[str, Any]) -> Key | None:
        """Which page a request asks for; None for what is not a public page, or is asked by somebody with a session."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        if self._session in environ.get("HTTP_COOKIE", ""):
            return None
        asked = environ.get("SCRIPT_NAME", ""), environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        try:
            return self._known[asked]
        except KeyError:
            found = self._normal(Key(*asked), environ)
        if sum(map(len, asked)) <= LONGEST_KNOWN:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[asked] = found
        return found

    def _normal(self, asked: Key, environ: dict[str, Any]) -> Key | None:
        """The key with nothing in its query but what the page reads, in one order."""
        try:
            endpoint, _values = self._addresses.match(get_path_info(environ), method="GET")
            said = asked.query.encode("latin-1").decode("utf-8", "replace")
            given = dict(reversed(parse_qsl(said, errors="werkzeug.url_quote")))  # as Flask reads: the first of a name
        except (HTTPException, ValueError):
            return None
        names = PAGES.get(endpoint)
        if names is None:
            return None
        return asked._replace(query=urlencode({name: given[name] for name in names if name in given}))


@lru_cache(maxsize=512)
def best_coding(accepted: str) -> str:
    """The best of what a browser takes."""
    wanted: MIMEAccept = parse_accept_header(accepted)  # type: ignore[assignment]
    return next((coding for coding in ("br", "gzip") if wanted.quality(coding) > 0), "")


@lru_cache(maxsize=2 * WHILE_DOWN)
def lifetime(left: int, *, is_stale: bool = False) -> str:
    """What caches in front may do, with so many seconds left of the day: never past its midnight."""
    seconds = max(0, left)
    fresh = 0 if is_stale else min(FRESH, seconds)
    renewed = 0 if is_stale else min(WHILE_RENEWED, seconds - fresh)
    return (
        f"public, max-age=0, s-maxage={fresh}, stale-while-revalidate={renewed}, "
        f"stale-if-error={min(WHILE_DOWN, seconds)}"
    )
