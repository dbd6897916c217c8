"""Every address of the site, each naming something that is there, and somebody of each kind to ask for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import make_url
from werkzeug.routing import AnyConverter, Rule
from werkzeug.test import TestResponse

from tests.browser.known import KEEPER, Known, fill
from tests.browser.server import Site
from tests.cast import PASSWORD, a_tribute, token
from tests.conftest import METRICS_TOKEN
from tribute.domain import ids
from tribute.domain.lifecycle import Status
from tribute.extensions import db, now
from tribute.models import Person, Tribute
from tribute.services import addresses
from tribute.web.shell import manifest

HOME = "https://localhost/"


@dataclass(frozen=True)
class Asked:
    """One address in one of the ways that it knows."""

    endpoint: str
    path: str

    def __str__(self) -> str:
        return f"{self.endpoint} {self.path}"


class WholeSite:
    """The site with something in every room, as it is reached under TLS."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.known: Known = fill(Site("", app, Path()))
        self.visitor, self.keeper = self._client(), self._client()
        with app.app_context():
            keeper = db.session.scalars(db.select(Person).where(Person.email == KEEPER.format("en"))).one()
            self._new_password = generate_reset_password_token(keeper)  # type: ignore[no-untyped-call]
            asked = db.session.get_one(Tribute, ids.decode(self._asks_to_confirm()))
            self._confirm = addresses.token_of(asked, addresses.CONFIRM, app.config["RECEIPT_KEYS"])
        answer = self.send(self.keeper, "/account/login", email=KEEPER.format("en"), password=PASSWORD)
        assert answer.location == "/desk/"

    def _asks_to_confirm(self) -> str:
        return a_tribute(self.app, Status.PENDING, email="leyla@memorial.example")

    def _client(self) -> FlaskClient:
        client = FlaskClient(self.app, self.app.response_class)
        client.environ_base |= {
            "HTTP_REFERER": HOME, "HTTP_ORIGIN": "https://evil.example",
            "HTTP_AUTHORIZATION": f"Bearer {METRICS_TOKEN}",
        }  # fmt: skip
        return client

    def send(self, client: FlaskClient, path: str, **fields: str) -> TestResponse:
        """Fill in the form of an address."""
        return client.post(path, data=fields | {"csrf_token": token(client.get(path))})

    def addresses(self, method: str) -> list[Asked]:
        """Each rule that takes a method, as an address of something that is there."""
        with self.app.test_request_context():
            adapter = self.app.url_map.bind("localhost")
            found = [rule for rule in self.app.url_map.iter_rules() if method in (rule.methods or ())]
            return [
                Asked(rule.endpoint, adapter.build(rule.endpoint, self._values(rule), method=method)) for rule in found
            ]

    def _values(self, rule: Rule) -> dict[str, Any]:
        every = self._by_name() | self._by_endpoint().get(rule.endpoint, {})
        return {
            name: min(converter.items) if isinstance(converter, AnyConverter) else every[name]
            for name, converter in rule._converters.items()
        }

    def _by_name(self) -> dict[str, Any]:
        today = now()
        return {
            "lang": "en", "memorial": "20-january", "public_id": self.known.tributes["approved"],
            "year": today.year, "month": today.month, "number": self.known.open_case,
            "token": self.known.receipts["approved"], "of": "pages", "part": "rules", "language": "en",
            "filename": manifest()["css/site.css"], "batch_id": "0000000000000", "digest": "00", "deed": "close",
            "action": "decline",
        }  # fmt: skip

    def _by_endpoint(self) -> dict[str, dict[str, Any]]:
        stop = self.known.mailed[1].rpartition("/")[2]
        decide = self.known.decide.rpartition("/")[2]
        return {
            "memorial.edition": {"year": 2024}, "previews.preview": {"token": self.known.draft},
            "addresses.confirm": {"token": self._confirm}, "addresses.stop": {"token": stop},
            "by_mail.decide": {"token": decide}, "by_mail.act": {"token": decide},
            "account.invitation": {"token": self.known.invitation}, "desk.person": {"number": 1},
            "security.reset_password": {"token": self._new_password},
            "desk.preview_edition": {"of": "20-january", "year": self.known.next_year},
            "desk.settle_edition": {"of": "20-january", "year": self.known.next_year},
            "desk.begin_edition": {"of": "20-january"},
        }  # fmt: skip

    @contextmanager
    def watched(self) -> Iterator[Watched]:
        """Watch what is written into the database's file from here on."""
        file = make_url(self.app.config["SQLALCHEMY_DATABASE_URI"]).database
        with closing(sqlite3.connect(str(file))) as connection:
            yield Watched(connection)


class Watched:
    """Tells whether anybody has written: SQLite gives its file another version with every commit that changes it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._seen = self._version()

    def has_changed(self) -> bool:
        """Whether something was written since this was asked last."""
        before, self._seen = self._seen, self._version()
        return self._seen != before

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
