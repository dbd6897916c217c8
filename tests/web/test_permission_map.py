"""Every address declares whom it is open to, and holds to it for everybody who may come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule
from werkzeug.test import TestResponse

from tests import databases
from tests.cast import PASSWORD, Cast
from tests.conftest import SECRET
from tests.page import PageClient
from tribute.app import create_app
from tribute.config import Settings
from tribute.domain.permissions import Access, Permission, Role, allows
from tribute.extensions import db
from tribute.models import Person
from tribute.web.access import OPEN, declared

# What an address is asked with: nothing of these is there, so that nothing is changed by asking.
VALUES = {
    "lang": "en", "memorial": "20-january", "public_id": "0000000000000", "token": "nothing", "year": 2026, "month": 1,
    "number": 999_999, "batch_id": "0000000000000", "digest": "00", "action": "nothing",
    "of": "nothing", "part": "undated", "language": "en",
    "deed": "nothing", "name": "nothing", "change": "nothing", "filename": "nothing", "path": "nothing",
}  # fmt: skip
HELD = {"moderator": Role.MODERATOR, "keeper": Role.KEEPER}
ENDING = ("account.end_sessions", "security.logout")  # asked last: after these a cookie opens nothing
WAY_IN = "security."  # its addresses look for themselves how far somebody has come, and lead on accordingly


@dataclass(frozen=True)
class Visit:
    """One request: an address, how it is asked, and what it declares."""

    rule: Rule
    method: str
    asks: Access | Permission | None

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole site, without tokens in its forms: what is asked here is who comes."""
    folder = tmp_path_factory.mktemp("map")
    settings = Settings(
        instance_path=folder / "instance", database_url=databases.sqlite_copy(sqlite_template, folder),
        secret_key=SECRET, password_salt=SECRET, receipt_keys=SECRET, email_keys=SECRET, factor_keys=SECRET,
        limits=False,
    )  # fmt: skip
    app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def cookies(site: Flask) -> dict[str, str]:
    """What each of the cast shows the server: nothing, a form's session, an account's, one that was closed."""
    cast = Cast(site)
    author = cast.client()
    author.get("/en/20-january/tributes/new")
    shown = {"visitor": "", "author": session_of(author)}
    for name, role in (*HELD.items(), ("outsider", Role.KEEPER)):
        cast.person(role, name, f"{name}@memorial.example")
        client = cast.client()
        answer = client.post("/account/login", data={"email": f"{name}@memorial.example", "password": PASSWORD})
        assert answer.status_code == 302
        shown[name] = session_of(client)
    with site.app_context():
        db.session.execute(db.update(Person).where(Person.name == "outsider").values(active=False))
        db.session.commit()
    return shown


def session_of(client: PageClient) -> str:
    """The session's cookie, as a browser would send it."""
    found = client.get_cookie("session")
    return f"session={found.value}" if found else ""


def visits(app: Flask) -> Iterator[Visit]:
    """Every address, asked in each way that it knows."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint in ENDING, rule.endpoint)):
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield Visit(rule, method, declared(app, rule.endpoint))


def test_every_address_declares_whom_it_is_open_to(site: Flask) -> None:
    assert not [str(visit) for visit in visits(site) if visit.asks is None]


def test_nothing_is_declared_that_there_is_not(site: Flask) -> None:
    named = {endpoint for endpoints in OPEN.values() for endpoint in endpoints}
    assert named <= set(site.view_functions)
    assert not [name for name in named if getattr(site.view_functions[name], "permission", None)]
    assert sum(len(endpoints) for endpoints in OPEN.values()) == len(named)


@pytest.mark.parametrize("who", ["visitor", "author", "moderator", "keeper", "outsider"])
def test_each_address_holds_to_what_it_declares(site: Flask, cookies: dict[str, str], who: str) -> None:
    client, wrong = site.test_client(use_cookies=False), []
    for visit in visits(site):
        with site.test_request_context():
            values = {name: sample(visit.rule, name) for name in visit.rule._converters}
            address = site.url_map.bind("localhost").build(visit.rule.endpoint, values, method=visit.method)
        answer = client.open(address, method=visit.method, headers={"Cookie": cookies[who]})
        if not is_as_declared(visit, answer, HELD.get(who)):
            wrong.append(f"{visit}: {answer.status_code} {answer.headers.get('Location', '')}")
    assert not wrong, "\n".join(wrong)


def sample(rule: Rule, name: str) -> object:
    """What stands for a part of an address: nothing that is there, or, of a few known words, one of them."""
    converter = rule._converters[name]
    return min(converter.items) if isinstance(converter, AnyConverter) else VALUES[name]


def is_as_declared(visit: Visit, answer: TestResponse, role: Role | None) -> bool:
    """Whether an answer is the one that somebody of a role (none: without an account) is to get."""
    is_led_to_sign_in = answer.status_code == 302 and answer.location.startswith("/account/login")
    if isinstance(visit.asks, Permission):
        if role is None:
            return is_led_to_sign_in
        is_refused = answer.status_code == 403
        return (
            is_refused if not allows(role, visit.asks) else not (is_refused or is_led_to_sign_in or is_broken(answer))
        )
    if visit.asks is Access.SIGNED_IN:
        return is_led_to_sign_in if role is None else not (is_led_to_sign_in or is_broken(answer))
    if visit.asks is Access.TOKEN:
        return answer.status_code == 404 or visit.rule.endpoint in LEADS_ON
    return not is_broken(answer) and (visit.rule.endpoint.startswith(WAY_IN) or answer.status_code in FOR_ALL)


# Two that say in a page of their own, or on the page before, that a link opens nothing any more.
LEADS_ON = ("security.reset_password", "addresses.stop")
FOR_ALL = (200, 302, 303, 304, 404, 410, 422)


def is_broken(answer: TestResponse) -> bool:
    """Whether the server stumbled."""
    return answer.status_code >= 500
