"""Who is measured at reading and writing: nginx and a bare callable as limits, the site in each of its ways, a peer."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode

from sqlalchemy import NullPool, create_engine, text

from bench import isso, servers, sites, triage, visitors
from bench.loads import Load, Page, Pages, Posts, Stage
from bench.moderators import Moderator, with_moderator
from bench.queries import Words
from bench.servers import Server
from bench.sites import Site
from tribute.app import create_app
from tribute.extensions import db
from tribute.models import begin_write

HOME, WALL = "/en/20-january/", "/en/20-january/tributes/"
CACHE = 64  # megabytes, as the site has it by default
SIZES = (1_000, 100_000, 1_000_000)
COMMENTS = (1_000, 10_000)
WRITTEN = 10_000  # tributes of the site that is written to, and decisions that it has learnt from
TAUGHT = f"taught_{WRITTEN}"
QUERIES = 200
FORM = {"name": "Leyla M.", "place": "Bakı", "message": visitors.long("Unutmadıq, unutmayacağıq. ")}
CACHED = (
    "proxy_pass {site}; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_cache pages; "
    "proxy_cache_lock on; proxy_cache_use_stale updating error timeout;"
)
FILE = "root {folder}; try_files /page =404;"


@dataclass(frozen=True)
class Asked:
    """What to measure with."""

    engines: Sequence[str]
    sizes: Sequence[int]
    folder: Path  # for a while


def readers(asked: Asked) -> list[Stage]:
    """Who is asked for the page as it is kept, and the limits of that."""
    kept = {engine: replace(sites.with_corpus(engine, asked.sizes[0]), page_cache=CACHE) for engine in asked.engines}
    first = kept[asked.engines[0]]
    keep_page(first, asked.folder)
    raw = partial(servers.granian, "bench.raw:app", {**os.environ, "BENCH_PAGE": str(asked.folder)})
    found = [Stage(raw, [Page("raw", HOME)])]
    for engine, site in kept.items():
        loads = [Page("kept", HOME), Page("unchanged", HOME, headers=as_kept, status=304)]
        found.append(Stage(partial(sites.served, site), loads, engine))
    if shutil.which("nginx") is not None:
        file = FILE.format(folder=asked.folder)
        found.insert(0, Stage(partial(servers.nginx, asked.folder, file), [Page("nginx", HOME)]))
        found.append(Stage(partial(in_front, asked.folder, first), [Page("front", HOME)]))
    return found


def keep_page(of: Site, folder: Path) -> None:
    """Put the page and its headers into a folder, for those who serve the same bytes."""
    with sites.served(of) as server, closing(server.connection()) as connection:
        connection.request("GET", HOME)
        answer = connection.getresponse()
        (folder / "page").write_bytes(answer.read())
        sent_by_server = ("date", "server", "connection")
        headers = [each for each in answer.getheaders() if each[0].lower() not in sent_by_server]
        (folder / "headers.json").write_text(json.dumps(headers))


def as_kept(server: Server) -> Mapping[str, str]:
    """As a browser asks that has the page already."""
    with closing(server.connection()) as connection:
        connection.request("GET", HOME)
        answer = connection.getresponse()
        answer.read()
        return {"If-None-Match": answer.headers["ETag"]}


@contextmanager
def in_front(folder: Path, of: Site) -> Iterator[Server]:
    """The site with an nginx before it that keeps pages as their headers allow."""
    with sites.served(of) as site, servers.nginx(folder, CACHED.format(site=site.url)) as front:
        yield replace(front, processes=front.processes + site.processes)


def renderers(asked: Asked) -> Iterator[Stage]:
    """The site without its page cache, on small and large corpora; on the largest, what asks most of a database."""
    for engine in asked.engines:
        for size in asked.sizes:
            site = sites.with_corpus(engine, size)
            loads: list[Load] = [Page(f"page {size}", HOME)]
            if size == asked.sizes[-1]:
                with_moderator(site)
                loads += [Page("wall", WALL), Pages("search", searches(site)), Page("queue", "/desk/", headers=at_desk)]
            yield Stage(partial(sites.served, site), loads, engine)


def at_desk(server: Server) -> Mapping[str, str]:
    """As a moderator asks."""
    return {"Cookie": Moderator(server).cookie}


def searches(of: Site) -> list[bytes]:
    """Searches of every kind that is hard, as whole requests."""
    with create_app(of.settings).app_context():
        queries = Words(db.session()).queries(QUERIES)
        db.session.rollback()
        db.engine.dispose()
    return [visitors.request("GET", f"/en/search?q={quote(query)}") for _kind, query in queries]


def writers(asked: Asked) -> Iterator[Stage]:
    """The site that takes tributes in, and a bare guestbook on the same database."""
    for engine in asked.engines:
        site = written(engine, "written")
        posts = Posts("post", visitors.submissions, partial(sites.number_of_tributes, site))
        bare = Pages("bare", [visitors.request("POST", "/", urlencode(FORM))])
        yield Stage(partial(bare_guestbook, engine), [bare], engine)
        yield Stage(partial(sites.served, site), [posts], engine)


def written(engine: str, name: str) -> Site:
    """A site of its own to write to, which has learnt from decisions."""
    return replace(sites.copied(taught(engine), name), page_cache=CACHE)


def taught(engine: str) -> Site:
    """What that is copied from, made now where it is not there yet."""
    site = sites.site(engine, TAUGHT)
    site.run("prepare")
    if not sites.number_of_tributes(site):
        sites.copied(sites.with_corpus(engine, WRITTEN), TAUGHT)
        with create_app(site.settings).app_context():
            begin_write(db.session())
            triage.learn(db.session(), WRITTEN)
            db.session.commit()
            db.engine.dispose()
    return site


def bare_guestbook(engine: str) -> AbstractContextManager[Server]:
    """The least that takes a text in and has it on the disk; its rows of the last time are taken away."""
    database = sites.site(engine, "bare")
    database.folder.mkdir(parents=True, exist_ok=True)
    with create_engine(database.settings.database, poolclass=NullPool).begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS bare"))
    said = database.url.replace("+psycopg", "") or str(database.folder / "tribute.db")
    return servers.granian("bench.bare:app", {**os.environ, "BENCH_DATABASE": said})


def peers() -> Iterator[Stage]:
    """Isso, where it can be installed."""
    refused = isso.install()
    if refused is not None:
        print(f"Isso cannot be installed, and is left out: {refused}")
        return
    for comments in COMMENTS:
        yield Stage(partial(isso.served, comments), [Page(f"isso {comments}", isso.PATH)])
