"""The shipped nginx before the served site: what it keeps, for whom, how long, what it writes down, whom it stops."""

from __future__ import annotations

import gzip
import http.server
import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Any

import brotli
import pytest
from flask import Flask

from tests import databases
from tests.browser.server import serve
from tests.deploy import nginx
from tests.deploy.behind import MARK, Brief, Served, addresses, opens
from tests.deploy.nginx import NAME, Answer, Proxy
from tribute.app import create_app
from tribute.config import Settings
from tribute.web.page_cache import PAGES

HOME, WALL = "/en/20-january/", "/en/20-january/tributes/"
CODINGS = {
    "gzip, deflate, br": "br", "br;q=1.0, gzip;q=0.8": "br", "br;q=0, gzip": "gzip", "br;q=0.0,gzip;q=0.5": "gzip",
    "gzip": "gzip", "BR": "br", "": "", "identity": "", "brotli, gzipped": "", "deflate": "",
}  # fmt: skip
READ = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
LANGUAGES = ("az", "en", "ru", "tr")

# What guards a reader of the pages that nginx itself answers with; of the others it is the site's.
GUARDS = {"strict-transport-security", "content-security-policy", "x-content-type-options", "referrer-policy"}


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site as it is set up behind the shipped nginx."""
    folder = tmp_path_factory.mktemp("behind-nginx")
    with ExitStack() as stack:
        database = databases.sqlite_copy(sqlite_template, folder)
        site = stack.enter_context(serve(database, folder, base_url=f"https://{NAME}", proxies=1))
        yield Served(site, stack.enter_context(nginx.before(folder / "nginx", [int(site.url.rsplit(":", 1)[1])])))


# ---- what is kept


@pytest.mark.parametrize("asked", CODINGS)
def test_a_page_is_kept_once_for_each_coding_and_everybody_can_read_it(served: Served, asked: str) -> None:
    plain = served.proxy.ask(HOME)
    served.proxy.ask(HOME, {"Accept-Encoding": asked})
    answer = served.proxy.ask(HOME, {"Accept-Encoding": asked})
    assert (answer.status, answer.kept) == (200, "HIT")
    assert answer.headers.get("content-encoding", "") == CODINGS[asked]
    assert READ[CODINGS[asked]](answer.body) == READ[""](plain.body)


def test_ways_to_ask_for_one_coding_share_what_is_kept(served: Served) -> None:
    page = f"{WALL}?year=2026"
    first = served.proxy.ask(page, {"Accept-Encoding": "gzip, deflate, br, zstd"})
    again = served.proxy.ask(page, {"Accept-Encoding": "br"})
    assert (first.kept, again.kept) == ("MISS", "HIT")
    assert served.proxy.ask(page, {"Accept-Encoding": "br", "If-None-Match": again.headers["etag"]}).status == 304


def sessions() -> list[str]:
    """What the site calls its session's cookie, under https and without."""
    names = []
    for base in ("https://a.example", "http://a.example"):
        secret = "x" * 32
        app = create_app(Settings(base_url=base, secret_key=secret, password_salt=secret, receipt_keys=secret,
                                  email_keys=secret, factor_keys=secret, limits=False,
                                  database_url="postgresql://nobody@127.0.0.1:1/none"))  # fmt: skip
        names.append(app.config["SESSION_COOKIE_NAME"])
    return names


def test_who_has_a_session_is_answered_by_the_site_and_nothing_of_it_is_kept(served: Served) -> None:
    found = sessions()
    assert found == ["__Host-session", "session"]
    for number, name in enumerate(found):
        page = f"{WALL}?gesture=candle&year={2000 + number}"
        for said in (f"{name}=x", f"a=b; {name}=x", f"a=b;{name}=x; c=d"):
            assert served.proxy.ask(page, {"Cookie": said}).kept == "BYPASS", said
        assert served.proxy.ask(page).kept == "MISS"
        assert served.proxy.ask(page).kept == "HIT"
        assert served.proxy.ask(page, {"Cookie": f"{name}=x"}).kept == "BYPASS"
    assert served.proxy.ask(HOME, {"Authorization": "Basic eDp5"}).kept == "BYPASS"
    assert served.proxy.ask(HOME, {"Cookie": "theme=dark; no-session=1"}).kept != "BYPASS"


def test_nothing_but_public_pages_and_files_is_kept(served: Served) -> None:
    kept = set()
    for rule, path in addresses(served.app, "GET"):
        answers = [served.proxy.ask(path) for _each in range(2)]
        if answers[1].kept == "HIT":
            kept.add(rule.endpoint)
            assert "set-cookie" not in answers[1].headers, path
            assert answers[1].headers["cache-control"].startswith("public"), path
    assert {"memorial.show", "tributes.wall", "search.results", "feeds.atom"} <= kept
    assert kept <= set(PAGES) | {"static", "numbers.show"}


def test_the_form_gives_each_a_key_of_their_own(served: Served) -> None:
    forms = [served.proxy.ask(f"{WALL}new") for _each in range(2)]
    assert [form.kept for form in forms] == ["MISS", "MISS"]
    assert forms[0].headers["set-cookie"] != forms[1].headers["set-cookie"]
    assert forms[0].body != forms[1].body


def test_a_file_is_kept_too(served: Served) -> None:
    style = re.search(rb"/static/css/[\w.]+\.css", served.proxy.ask(HOME).body)
    assert style
    answers = [served.proxy.ask(style[0].decode(), {"Accept-Encoding": "br"}) for _each in range(2)]
    assert (answers[1].kept, answers[1].headers["content-encoding"]) == ("HIT", "br")


# ---- how long: a server whose pages live for a second, so that nobody waits


@pytest.fixture
def brief(tmp_path: Path) -> Iterator[tuple[http.server.HTTPServer, Proxy]]:
    """nginx before such a server."""
    Brief.status, Brief.count = 200, 0
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Brief) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        with nginx.before(tmp_path / "nginx", [server.server_address[1]]) as proxy:
            yield server, proxy
        server.shutdown()


def until(happened: Any, what: str) -> Answer:
    """The first answer that is as wanted."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        answer: Answer = happened()
        if answer.status:
            return answer
        time.sleep(0.2)
    raise AssertionError(what)


def test_what_is_withdrawn_ends_and_what_cannot_be_asked_for_stays_as_long_as_the_page_says(
    brief: tuple[http.server.HTTPServer, Proxy],
) -> None:
    server, proxy = brief
    pages = {name: proxy.ask(f"/{name}").body for name in ("withdrawn", "database", "down", "fault")}
    time.sleep(3.5)  # past s-maxage and stale-while-revalidate
    for status in (404, 410):
        Brief.status = status
        assert proxy.ask("/withdrawn").status == status
    Brief.status = 500
    assert proxy.ask("/fault").status == 500
    Brief.status = 503
    assert (proxy.ask("/database").kept, proxy.ask("/database").body) == ("STALE", pages["database"])
    assert proxy.ask("/never-asked-before").status == 503
    server.shutdown()
    server.server_close()
    assert (proxy.ask("/down").kept, proxy.ask("/down").body) == ("STALE", pages["down"])
    time.sleep(5)  # past stale-if-error
    gone = proxy.ask("/down")
    assert (gone.status, gone.headers["cache-control"], gone.headers["retry-after"]) == (503, "no-store", "30")
    assert set(gone.headers) >= GUARDS
    assert [code for code in LANGUAGES if f"<p lang={code}>" not in gone.body.decode()] == []


def test_one_asks_for_a_page_while_the_others_are_answered(brief: tuple[http.server.HTTPServer, Proxy]) -> None:
    _server, proxy = brief
    answers: list[Answer] = []
    crowd = [Thread(target=lambda: answers.append(proxy.ask("/crowded"))) for _each in range(40)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert {answer.status for answer in answers} == {200}
    assert Brief.count < 5  # the page lives for a second; a busy machine may need more than one


# ---- what is written down


def with_tokens(app: Flask) -> list[str]:
    """Every such address, a token in its place."""
    found = []
    for method in ("GET", "POST"):
        for rule, path in addresses(app, method):
            if opens(app, rule):
                assert MARK in path, path
                found.append(path)
    return sorted(set(found))


def test_no_private_link_and_no_address_is_written_down(served: Served) -> None:
    paths = with_tokens(served.app)
    assert len(paths) > 12
    spelt = []
    for path in paths:
        room, _, rest = path.partition(MARK)
        spelt += [path, path.removesuffix("/"), f"{room.replace('t', '%74')}{MARK}{rest}", f"/{room}{MARK}{rest}",
                  f"{room}{MARK}%0A{MARK}", f"{room}{MARK}{rest}?next={room}{MARK}",
                  f"{room}{MARK}/{MARK}"]  # fmt: skip
    for path in spelt:
        for method in ("GET", "POST"):
            served.proxy.ask(path, {"Referer": f"https://{NAME}{path}"}, method=method)
        served.proxy.ask(path, plain=True)
    written = served.proxy.log()
    assert 'GET "/en/receipt/***/amend" ' in written
    assert 'POST "/mail/decide/***/approve" ' in written
    assert MARK not in written
    assert "127.0.0.1" not in written.replace("upstream=", "")


def test_while_the_site_is_down_no_private_link_is_written_down_either(served: Served, tmp_path: Path) -> None:
    with nginx.before(tmp_path / "nginx", [nginx.free_port()]) as proxy:
        for path in with_tokens(served.app):
            assert proxy.ask(path).status == 503
        written = proxy.log()
    assert "upstream=502" in written
    assert MARK not in written
    assert "127.0.0.1" not in written


def test_what_is_written_down_tells_what_was_asked_and_how_it_went(served: Served) -> None:
    served.proxy.ask(f"{HOME}?q=whoever", {"User-Agent": "Somebody"})
    written = served.proxy.log()
    line = re.compile(rf'^\S+ [0-9a-f]{{32}} GET "{HOME}" 200 \d+ [\d.]+s upstream=\S+ cache=\w+$', re.MULTILINE)
    assert line.search(written)
    assert "whoever" not in written
    assert "Somebody" not in written


# ---- whom it stops


def test_slow_senders_hold_none_of_the_sites_threads(served: Served) -> None:
    head = (
        f"POST {WALL}new HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 1000\r\n\r\nname=a"
    )
    with ExitStack() as lines:
        for number in range(300):  # more than twice the site's threads, from more than one address
            line = socket.create_connection(("127.0.0.1", served.proxy.port), 60, (f"127.0.0.{2 + number % 3}", 0))
            lines.enter_context(served.proxy.tls.wrap_socket(line, server_hostname=NAME)).sendall(head.encode())
        answer = served.proxy.ask(f"{WALL}new")
    assert (answer.status, answer.kept) == (200, "MISS")


def test_a_flood_from_one_address_waits_and_others_are_answered(served: Served) -> None:
    line = served.proxy.connection()
    answer = Answer(200, {}, b"")
    for _each in range(5_000):
        if answer.status == 200:
            line.request("GET", HOME, headers={"Host": NAME})
            answer = nginx.read(line.getresponse())
    assert (answer.status, answer.headers["retry-after"]) == (429, "60")
    assert set(answer.headers) >= GUARDS
    assert [code for code in LANGUAGES if f"<p lang={code}>" not in answer.body.decode()] == []
    assert served.proxy.ask(HOME, source="127.0.0.9").status == 200
    line.close()


def test_bodies_beyond_what_the_site_takes_are_refused_with_its_own_page(served: Served) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    large = served.proxy.ask(f"{WALL}new", kind, method="POST", body=b"message=" + b"a" * 300_000)
    assert (large.status, b"</html>" in large.body) == (413, True)
    with pytest.raises((AssertionError, OSError)):  # it hangs up on what nobody would read
        assert served.proxy.ask(f"{WALL}new", kind, method="POST", body=b"a" * 6_000_000).status != 413


# ---- TLS


def test_whoever_comes_without_tls_is_led_to_it(served: Served) -> None:
    answer = served.proxy.ask(f"{HOME}?q=1", plain=True)
    assert (answer.status, answer.headers["location"]) == (301, f"https://{NAME}{HOME}?q=1")
    assert served.proxy.ask(HOME).headers["strict-transport-security"] == "max-age=31536000"


def test_a_certificate_is_renewed_by_a_file_in_the_open(served: Served) -> None:
    folder = served.proxy.folder / "www" / ".well-known" / "acme-challenge"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "asked").write_text("answered")
    assert served.proxy.ask("/.well-known/acme-challenge/asked", plain=True).body == b"answered"


@pytest.mark.parametrize("name", ["other.example", None])
def test_under_another_name_nobody_is_answered(served: Served, name: str | None) -> None:
    context = ssl.create_default_context(cafile=served.proxy.folder / "fullchain.pem")
    context.check_hostname = False
    line = socket.create_connection(("127.0.0.1", served.proxy.port), 60)
    with line, pytest.raises(ssl.SSLError, match="unrecognized"):
        context.wrap_socket(line, server_hostname=name)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")  # that is what the test is about
def test_only_tls_1_2_and_later_is_spoken(served: Served) -> None:
    spoken = {}
    for version in (ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.create_default_context(cafile=served.proxy.folder / "fullchain.pem")
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        line = socket.create_connection(("127.0.0.1", served.proxy.port), 60)
        try:
            with line, context.wrap_socket(line, server_hostname=NAME) as secured:
                spoken[version.name] = secured.version()
        except OSError:
            spoken[version.name] = None
    assert spoken == {"TLSv1_1": None, "TLSv1_2": "TLSv1.2", "TLSv1_3": "TLSv1.3"}
