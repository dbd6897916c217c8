"""The cast: visitor, author, moderator, keeper, outsider; each a client of its own, and each page checked."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.page import PageClient
from tribute.domain.lifecycle import Action, Status
from tribute.domain.permissions import Role
from tribute.domain.reasons import Ground
from tribute.extensions import db, now
from tribute.models import Person, Tribute, begin_write
from tribute.services import authors, desk, memorials, people
from tribute.services.authors import Submission
from tribute.services.desk import Order
from tribute.web.passwords import hashed

PASSWORD = "a password for tests"
WALL = "/en/20-january/tributes/"
FORM = "/en/20-january/tributes/new"
WORDS = "I remember the silence on the morning after."


@dataclass
class Author:
    """Somebody who left a tribute, with the private link to it."""

    client: PageClient
    public_id: str
    receipt: str


class Cast:
    """Everybody who comes to the site."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def client(self) -> PageClient:
        """A browser that nobody has used yet."""
        self.app.test_client_class = PageClient
        client = self.app.test_client()
        assert isinstance(client, PageClient)
        return client

    @cached_property
    def visitor(self) -> PageClient:
        """Somebody who reads."""
        return self.client()

    @cached_property
    def moderator(self) -> PageClient:
        """Somebody who may decide."""
        return self.signed_in(Role.MODERATOR, "Rəna", "moderator@memorial.example")

    @cached_property
    def keeper(self) -> PageClient:
        """Somebody who may do all."""
        return self.signed_in(Role.KEEPER, "Aytən", "keeper@memorial.example")

    def signed_in(self, role: Role, name: str, email: str, password: str = PASSWORD) -> PageClient:
        """A new person at the desk."""
        self.person(role, name, email, password)
        client = self.client()
        page = client.get("/account/login")
        answer = client.post("/account/login", data={"email": email, "password": password, "csrf_token": token(page)})
        assert answer.status_code == 302, answer.text
        return client

    def person(self, role: Role, name: str, email: str, password: str = PASSWORD) -> int:
        """Add a person; returns their id."""
        with self.app.app_context():
            added = people.add(db.session(), email, name, role, hashed(password), "en", now())
            db.session.commit()
            return added.id

    def author(self, **fields: Any) -> Author:
        """Somebody who fills in the form and sends it."""
        client = self.client()
        answer = send(client, **fields)
        assert answer.status_code == 303, answer.text
        return Author(client, self.tribute_of(answer.location), answer.location)

    def tribute_of(self, receipt: str) -> str:
        """The public id of the tribute that a private page is about."""
        token = receipt.strip("/").split("/")[-1]
        with self.app.app_context():
            return authors.by_token(db.session(), token, self.app.config["RECEIPT_KEYS"]).public_id

    def tribute(self, status: Status = Status.APPROVED, **fields: Any) -> str:
        """A tribute in a status, taken there by the services; returns its public id."""
        with self.app.app_context():
            return a_tribute(self.app, status, **fields)


def a_tribute(app: Flask, status: Status = Status.APPROVED, **fields: Any) -> str:
    """The same inside an application context."""
    session, at = db.session(), fields.pop("at", now() - timedelta(hours=1))
    said = {"name": "Daniel M.", "place": "Leeds", "words": WORDS, "gesture": "none", "email": "",
            "page_language": "en", "rules_version": "1"} | fields  # fmt: skip
    memorial = memorials.by_slug(session, said.pop("memorial", "20-january"))
    begin_write(session)
    key = said.pop("key", None) or secrets.token_bytes(16)
    tribute = authors.submit(session, memorial, Submission(**said), key, at, app.config["EMAIL_KEYS"])
    for action in STEPS[status]:
        step(session, tribute, action, at + timedelta(minutes=5))
    session.commit()
    return tribute.public_id


STEPS: dict[Status, tuple[Action, ...]] = {
    Status.PENDING: (),
    Status.APPROVED: (Action.APPROVE,),
    Status.DECLINED: (Action.DECLINE,),
    Status.SPAM: (Action.SPAM,),
    Status.HIDDEN: (Action.APPROVE, Action.HIDE),
    Status.WITHDRAWN: (Action.APPROVE, Action.WITHDRAW),
    Status.REMOVED: (Action.APPROVE, Action.REMOVE),
}


def step(session: Any, tribute: Tribute, action: Action, at: Any) -> None:
    """Take one step as whoever takes it."""
    if action == Action.WITHDRAW:
        authors.withdraw(session, tribute, at, tribute.version)
        return
    reason = {Action.DECLINE: "off_topic", Action.REMOVE: Ground.FAMILY}.get(action, "")
    keeper = Person(id=0, role=Role.KEEPER, name="", email="")
    desk.decide(session, tribute, Order(action, tribute.version, reason), keeper, at)


def send(client: PageClient, address: str = FORM, **fields: Any) -> TestResponse:
    """Fill in the form as a browser would, and send it; `None` leaves a field out."""
    page = client.get(address)
    data = {"name": "Daniel M.", "place": "Leeds", "message": WORDS, "gesture": "carnation", "email": "",
            "consent": "y", "key": hidden(page, "key"), "csrf_token": token(page)} | fields  # fmt: skip
    return client.post(address, data={name: value for name, value in data.items() if value is not None})


def hidden(page: TestResponse, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page.text)
    assert found, f"no hidden field {name} in {page.request.path}"
    return found.group(1)


def token(page: TestResponse) -> str:
    """The CSRF token of a page's form."""
    return hidden(page, "csrf_token")
