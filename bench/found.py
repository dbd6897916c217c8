"""Recall and precision on the labelled set, through the real search over tributes that were sent and approved."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import URL, NullPool, create_engine, text
from sqlalchemy.orm import Session

from bench.relevance import HELDOUT, TUNED, Half, Scores, load, score
from bench.sites import Site, server, site
from tribute.app import create_app
from tribute.domain import ids
from tribute.domain.lifecycle import Action
from tribute.extensions import db
from tribute.search.query import parse
from tribute.services import authors, memorials, search, tributes
from tribute.services.authors import Submission
from tribute.services.decisions import Actor
from tribute.services.search import Narrowed, Place

AT = datetime(2024, 1, 20, 8, tzinfo=UTC)
MODERATOR = Actor("moderator")
HALVES = {"tuned": TUNED, "held out": HELDOUT}


def scores(engine: str) -> dict[str, Scores]:
    """The scores of both halves on an engine, in a database that is made for it each time."""
    of = site(engine, "pairs")
    _emptied(of)
    of.run("prepare")
    app = create_app(of.settings)
    with app.app_context():
        session = db.session()
        found = {name: _scored(session, load(file)) for name, file in HALVES.items()}
        session.rollback()
        db.engine.dispose()
    return found


def _emptied(of: Site) -> None:
    if of.engine == "SQLite":
        for file in of.folder.glob("tribute.db*"):
            file.unlink()
        return
    url: URL = server()
    with create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text("DROP DATABASE tribute_bench_pairs WITH (FORCE)"))
    site(of.engine, "pairs")


def _scored(session: Session, half: Half) -> Scores:
    own = {_approved(session, half, name, at): name for at, name in enumerate(half.texts)}

    def find(query: str) -> set[str]:
        return {own[found] for found in _all(session, query) if found in own}

    return score(half, find)


def _approved(session: Session, half: Half, name: str, number: int) -> str:
    """Send a text of the set and approve it; returns its public id."""
    said, at = half.texts[name], AT + timedelta(minutes=10 * number)
    filled_in = Submission(said.name, said.place, said.words, "none", "", said.language, "1")
    key = secrets.token_bytes(16)
    tribute = authors.submit(session, memorials.every(session)[0], filled_in, key, at, [key * 2])
    tributes.transition(session, tribute, Action.APPROVE, MODERATOR, at + timedelta(minutes=5), tribute.version)
    return tribute.public_id


def _all(session: Session, query: str) -> set[str]:
    """The public ids of everything that is found, page after page."""
    found: set[str] = set()
    place = Place()
    while True:
        page = search.search(session, parse(query), Narrowed(kind="tribute"), place, faceted=False)
        found |= {hit.card.public_id for hit in page.items}
        if page.older is None:
            return found
        place = Place(before=ids.decode(page.older))
