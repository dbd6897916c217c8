"""What everybody can read, what changes it, and the page cache of an application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import WALL, Cast
from tests.services.acts import KEEPER, decided
from tests.web.steps import MEMORIAL, decide
from tribute.domain.lifecycle import Action
from tribute.domain.reasons import Ground
from tribute.extensions import db, now
from tribute.models import Tribute, begin_write
from tribute.services import editing, editions, memorials, rerendering, versions
from tribute.services.editing import subject_of
from tribute.web.page_cache import PageCache

HOME = f"/en/{MEMORIAL}/"
PUBLIC = [
    HOME, WALL, f"{HOME}editions/", f"{HOME}archive/", f"{HOME}archive/on-this-day/", f"{HOME}archive/2026/",
    f"{HOME}feed.atom", "/sitemap.xml", "/robots.txt", "/en/search?q=silence", "/en/pages/rules/", f"/az/{MEMORIAL}/",
]  # fmt: skip


def cache_of(app: Flask) -> PageCache:
    """The layer itself."""
    layer: Any = app.wsgi_app
    assert isinstance(layer, PageCache)
    return layer


def in_session(act: Callable[[Session], Any]) -> Callable[[Cast], None]:
    """Something that the services do."""

    def acted(cast: Cast) -> None:
        with cast.app.app_context():
            session = db.session()
            begin_write(session)
            act(session)
            session.commit()

    return acted


def decision(action: Action, reason: str = "") -> Callable[[Cast], None]:
    """What a keeper decides of the first tribute."""

    def act(session: Session) -> None:
        tribute = session.scalars(select(Tribute).order_by(Tribute.id).limit(1)).one()
        decided(session, tribute, action, now(), KEEPER, reason)

    return in_session(act)


def redaction(cast: Cast) -> None:
    """A word is left out of it."""
    with cast.app.app_context():
        first = db.session.scalars(select(Tribute).order_by(Tribute.id).limit(1)).one().public_id
    assert decide(cast.keeper, first, "redact", cut="silence", reason="private_person").status_code == 303


def edited(of: str, part: str, **changes: Any) -> Callable[[Cast], None]:
    """A text that a keeper saves anew."""

    def act(cast: Cast) -> None:
        with cast.app.app_context():
            session = db.session()
            begin_write(session)
            subject = subject_of(session, of, part, "en")
            said = editing.said_by(versions.current(session, subject))
            seen = versions.current(session, subject).number
            editing.save(session, subject, replace(said, text=replace(said.text, **changes)), seen, None, KEEPER, now())
            session.commit()

    return act


def next_edition(session: Session) -> None:
    """Next year's, published at once."""
    memorial = memorials.by_slug(session, MEMORIAL)
    editions.publish(session, editions.begin(session, memorial, KEEPER, now()), 1, KEEPER, now())


def another_memorial(session: Session) -> None:
    """Which makes the first page a list."""
    memorials.add(session, "another-day", datetime(1991, 1, 1, tzinfo=UTC).date(), "UTC", {"en": "Another"}, {}, now())


def rendered_anew(session: Session) -> None:
    """By a cleaner of another policy, which leaves something out."""
    for _step in rerendering.rerender(session):
        pass


CHANGES: dict[str, Callable[[Cast], Any]] = {
    "published": lambda cast: cast.tribute(words="Silence, newly published"),
    "hidden": decision(Action.HIDE),
    "removed": decision(Action.REMOVE, str(Ground.FAMILY)),
    "redacted": redaction,
    "article": edited(MEMORIAL, "undated", body="Other *words*, though **not** many."),
    "a sign in an article": edited(MEMORIAL, "undated", title="20 January, 1990"),
    "page": edited("pages", "rules", body="Be kind."),
    "edition": in_session(next_edition),
    "memorial": in_session(another_memorial),
}
