"""What people do on pages, a line each; and all that the database holds, to tell whether anything changed."""

from __future__ import annotations

import html
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import FORM, Author, hidden, token
from tests.page import PageClient
from tribute.domain import ids
from tribute.extensions import db
from tribute.models import Tribute

LANGUAGES = ("az", "en", "ru", "tr")
MEMORIAL = "20-january"


def press(client: FlaskClient, address: str, **fields: Any) -> TestResponse:
    """Send a form as this browser would, with its CSRF token."""
    data = {"csrf_token": token(client.get(FORM))} | fields
    return client.post(address, data={name: value for name, value in data.items() if value is not None})


def decide(client: FlaskClient, public_id: str, action: str, **fields: Any) -> TestResponse:
    """Press a button of the desk, on the version that is there now."""
    said = {"version": version_of(client.application, public_id)} | fields
    return press(client, f"/desk/tributes/{public_id}/{action}", **said)


def amend(author: Author, message: str, **fields: Any) -> TestResponse:
    """Mend the words from the author's private page."""
    page = author.client.get(f"{author.receipt}amend")
    data = {"name": "Daniel M.", "place": "Leeds", "message": message, "version": hidden(page, "version"),
            "csrf_token": token(page)} | fields  # fmt: skip
    return author.client.post(f"{author.receipt}amend", data=data)


def withdraw(author: Author) -> TestResponse:
    """Withdraw from the author's private page, and confirm it."""
    page = author.client.get(f"{author.receipt}withdraw")
    data = {"version": hidden(page, "version"), "csrf_token": token(page)}
    return author.client.post(f"{author.receipt}withdraw", data=data)


def take_back(author: Author, **fields: Any) -> TestResponse:
    """Bring a withdrawn tribute back."""
    said = {"version": version_of(author.client.application, author.public_id)} | fields
    return press(author.client, f"{author.receipt}return", **said)


def found(app: Flask, public_id: str) -> Tribute:
    """The row of a tribute."""
    with app.app_context():
        return db.session.get_one(Tribute, ids.decode(public_id))


def version_of(app: Flask, public_id: str) -> int:
    """The version of a tribute as it is now; 1 for one that is not there."""
    with app.app_context():
        row = db.session.get(Tribute, ids.decode(public_id) or 0)
        return row.version if row else 1


def contents(app: Flask) -> dict[str, list[str]]:
    """Every row of every table."""
    with app.app_context():
        tables = db.metadata.tables.items()
        return {name: sorted(repr(tuple(row)) for row in db.session.execute(select(table))) for name, table in tables}


def anonymous(client: PageClient, path: str) -> str:
    """A page's text without what differs each time it is asked for: the keys of its forms."""
    return re.sub(r'(name="(?:csrf_token|key)"[^>]*value=)"[^"]*"', r'\1""', client.get(path).text)


def main_of(page: TestResponse) -> str:
    """What stands in the page itself, without its frame, in letters as a reader sees them."""
    inner = re.search(r"<main.*?</main>", page.text, re.DOTALL)
    assert inner, f"{page.request.path} has no main"
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inner.group())).split())
