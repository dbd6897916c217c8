"""What opens something, or is somebody's, is in no log: not in the site's in either form, the worker's or nginx's.

A visitor, a keeper and a monitor do what they do, slips of the hand and failures of every server included.
"""

from __future__ import annotations

import html
import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from sqlalchemy import func, select

from tests import databases
from tests.cast import FORM, Cast
from tests.deploy import machines, nginx
from tests.deploy.behind import MARK
from tests.deploy.machines import Cluster, Machine, until
from tests.deploy.nginx import NAME, Answer, Proxy
from tests.deploy.test_nginx import with_tokens
from tests.mail import smtp
from tests.web.second_step import code_of
from tribute.app import create_app
from tribute.config import Settings
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.models import Message

SIGN_IN, SECOND_STEP = "/account/login", "/account/tf-validate"
KEYS = ("secret_key", "password_salt", "receipt_keys", "email_keys", "factor_keys", "metrics_token")
LEAST = 6  # letters of a secret: fewer stand anywhere by chance


@dataclass
class Site:
    """Everything that runs: the first web process writes its log as JSON, the second for a terminal."""

    database: Cluster
    mail: smtp.Server
    web: list[Machine]
    workers: list[Machine]
    proxies: list[Proxy]
    cast: Cast
    passwords: dict[str, str]

    def logs(self) -> dict[str, str]:
        """Everything that was written down, by who wrote it."""
        written = {machine.name: machine.log() for machine in (*self.web, *self.workers)}
        return written | {f"nginx{number}": proxy.log() for number, proxy in enumerate(self.proxies, 1)}

    def failed(self) -> int:
        """How many mails could not be sent."""
        with self.cast.app.app_context():
            return int(db.session.scalar(select(func.count()).where(Message.error != "")) or 0)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The site with a password wherever one can stand. The second worker's mail server does not take its."""
    kept: dict[str, Any] = {name: secrets.token_urlsafe(32) for name in (*KEYS, "database", "mail")}
    with ExitStack() as stack:
        database, mail = stack.enter_context(machines.cluster()), stack.enter_context(smtp.server())
        databases.furnish(database.url)
        settings = Settings(
            instance_path=tmp_path / "instance", base_url=f"https://{NAME}", proxies=1, limits=False,
            database_url=database.url.replace("postgres@", f"postgres:{kept['database']}@"), mail_url=mail.url,
            mail_from="memorial@memorial.example", **{name: kept[name] for name in KEYS},
        )  # fmt: skip
        refused = settings.model_copy(update={"mail_url": mail.url.replace("//", f"//tribute:{kept['mail']}@")})
        web = [machines.web(number, settings, tmp_path) for number in (1, 2)]
        workers = [machines.worker(number, each, tmp_path) for number, each in ((1, settings), (2, refused))]
        web[1].is_read = workers[1].is_read = True
        stack.enter_context(machines.running([*web, workers[0]]))
        proxies = [stack.enter_context(nginx.before(tmp_path / f"nginx{each.port}", [each.port])) for each in web]
        cast = Cast(create_app(settings))
        yield Site(database, mail, web, workers, proxies, cast, kept)
        if workers[1].process:
            workers[1].kill()
        with cast.app.app_context():
            db.engine.dispose()


@dataclass
class Somebody:
    """A browser before one of the proxies; what it was given and what it gave must be in no log."""

    proxy: Proxy
    cookies: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    page: str = ""

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page, and keep what it holds: cookies, the keys of forms, where it leads."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form with the keys of the page before."""
        said = dict(re.findall(r'<input[^>]*name="(csrf_token|key|version)"[^>]*value="([^"]*)"', self.page)) | fields
        self.known |= set(said.values())
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{NAME}{path}"}
        return self._ask("POST", path, urlencode(said), kind)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with closing(self.proxy.connection()) as line:
            line.request(method, path, body, {"Host": NAME, "Cookie": cookie} | headers)
            response = line.getresponse()
            given = SimpleCookie("; ".join(response.headers.get_all("Set-Cookie", [])))
            answer = nginx.read(response)
        self.cookies |= {name: each.value for name, each in given.items()}
        self.known |= {each.value for each in given.values()}
        self.page = html.unescape(answer.body.decode("utf-8", "replace"))
        return answer


def leaves_words(site: Site, somebody: Somebody, email: str, name: str) -> str:
    """A tribute with an email; gives the private page. It is looked at, mended, and its link is sent again."""
    somebody.get(FORM)
    words = f"Unforgotten, says {name}."
    said = {"name": name, "place": "", "message": words, "gesture": "candle", "email": email, "consent": "y"}
    answer = somebody.post(FORM, **said)
    assert answer.status == 303, somebody.page
    receipt = answer.headers["location"]
    somebody.known |= {receipt.strip("/").rpartition("/")[2]}
    assert somebody.get(receipt).status == 200
    assert somebody.get(f"{receipt}amend").status == 200
    assert somebody.post(f"{receipt}amend", **said | {"message": f"{words} Again."}).status == 303, somebody.page
    somebody.get("/en/receipt/")
    somebody.post("/en/receipt/", email=email)
    until(lambda: email in site.mail.recipients, "no mail came")
    return receipt


def signs_in(site: Site, somebody: Somebody, email: str) -> None:
    """A wrong password, a lost one, the link of the mail, an app for codes, a wrong code and a right one."""
    old, new = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    site.cast.person(Role.KEEPER, "Aytən", email, old)
    somebody.get(SIGN_IN)
    assert somebody.post(SIGN_IN, email=email, password=new).status == 200
    assert somebody.get("/account/reset").status == 200
    somebody.post("/account/reset", email=email)
    link = link_in(site, email, "/account/reset/")
    somebody.known |= {link.rpartition("/")[2]}
    assert somebody.get(link).status == 200
    assert somebody.post(link, password=new, password_confirm=new).status in (302, 303), somebody.page
    somebody.cookies.clear()
    somebody.get(SIGN_IN)
    assert somebody.post(SIGN_IN, email=email, password=new).status in (302, 303), somebody.page
    somebody.get("/account/tf-setup")
    somebody.post("/account/tf-setup", setup="authenticator")
    secret = "".join(re.findall(r"<code>(\w+)</code>", somebody.page))
    confirm = re.search(r'action="(/account/tf-setup/[^"]+)"', somebody.page)
    assert confirm, somebody.page
    somebody.known |= {secret, confirm[1].rpartition("/")[2], code_of(secret, -1), code_of(secret)}
    assert somebody.post(confirm[1], code=code_of(secret, -1)).status == 303, somebody.page
    somebody.cookies.clear()
    somebody.get(SIGN_IN)
    somebody.post(SIGN_IN, email=email, password=new)
    for code in ("918273", code_of(secret)):
        somebody.get(SECOND_STEP)
        somebody.post(SECOND_STEP, code=code)
    assert somebody.get("/desk/").status == 200


def link_in(site: Site, email: str, room: str) -> str:
    """The link to a room in the newest mail to somebody."""

    def found() -> list[str]:
        mails = [mail for mail in site.mail.taken if email in str(mail["To"])]
        bodies = [body.get_content() for mail in mails if (body := mail.get_body(("plain",)))]
        return [link for body in bodies for link in re.findall(rf"https://{NAME}({room}\S+)", body)]

    until(lambda: bool(found()), f"no mail with {room}")
    return found()[-1]


def looks_around(site: Site, somebody: Somebody) -> None:
    """Links that open nothing, searches, what no browser would send, and the monitor with its token and without."""
    for path in with_tokens(site.cast.app):
        somebody.get(path, Referer=f"https://{NAME}{path}")
        somebody.post(path, password=MARK, email=f"{MARK}@memorial.example")
    for path in ("/nowhere", f"/en/search?q={MARK}", f"{SIGN_IN}?next=/en/receipt/{MARK}/", f"/en/receipt/{MARK}%ff/"):
        somebody.get(path, **{"User-Agent": MARK, "X-Forwarded-For": MARK, "Authorization": f"Bearer {MARK}"})
    somebody.get("/desk/", Cookie=f"__Host-session={MARK}", **{"X-Request-ID": f"{MARK}/"})
    assert somebody.get("/metrics", Authorization=f"Bearer {site.passwords['metrics_token']}").status in (200, 404)
    somebody.get("/metrics", Authorization=f"Bearer {MARK}")
    for head in (f"GET /en/receipt/{MARK}/ HTTP/9.9", f"GET /en/receipt/{MARK}/ HTTP/1.1\r\nHost: {MARK} {MARK}",
                 f"{MARK} / HTTP/1.1", f"GET / HTTP/1.1\r\nCookie: {MARK * 4000}"):  # fmt: skip
        line = socket.create_connection(("127.0.0.1", somebody.proxy.port), 60)
        with somebody.proxy.tls.wrap_socket(line, server_hostname=NAME) as secured:
            secured.sendall(f"{head}\r\n\r\n".encode())
            secured.recv(1000)


def test_nothing_that_opens_or_is_somebodys_is_in_any_log(site: Site) -> None:
    people = [Somebody(proxy) for proxy in site.proxies]
    receipts = []
    for number, somebody in enumerate(people):
        visitor, keeper = f"ziver.{number}@memorial.example", f"gunduz.{number}@memorial.example"
        somebody.known |= {visitor, keeper, visitor.partition("@")[0], keeper.partition("@")[0], f"Zivər{number}"}
        receipts.append(leaves_words(site, somebody, visitor, f"Zivər{number}"))
        signs_in(site, somebody, keeper)
        looks_around(site, somebody)
    site.workers[0].kill()
    site.workers[1].start()
    forgetful = Somebody(site.proxies[0])
    forgetful.get("/account/reset")
    forgetful.post("/account/reset", email="gunduz.0@memorial.example")
    until(lambda: site.failed() > 0, "every mail was sent")
    site.database.stop()
    for somebody, receipt in zip(people, receipts, strict=True):
        assert somebody.get(receipt).status == 503
        somebody.post(SIGN_IN, email="gunduz.0@memorial.example", password=f"{MARK} {MARK}")
    written = site.logs()
    assert '"route": "receipt.show"' in written["web1"]
    assert "\x1b[" in written["web2"]
    assert "receipt.show" in written["web2"]
    assert all("Traceback" in written[name] for name in ("web1", "web2"))
    assert all(" 503 " in written[name] for name in ("nginx1", "nginx2"))
    secret = {MARK, "127.0.0.1:", *site.passwords.values()}.union(*(somebody.known for somebody in people))
    spelt = {way for said in secret if len(said) >= LEAST for way in (said, quote(said), quote(said, safe=""))}
    found = [(name, said) for name, log in written.items() for said in spelt if said in log.replace("upstream=", "")]
    assert found == []
