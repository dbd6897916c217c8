"""What people do, by the services alone, at moments that the test names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import inspect, select, table, text
from sqlalchemy.orm import Session

from tests.cast import STEPS
from tribute.domain.lifecycle import Action, Status
from tribute.domain.permissions import Role
from tribute.domain.reasons import Ground
from tribute.models import Base, Memorial, Person, Tribute
from tribute.search.index import Index, engine_of
from tribute.services import authors, desk, memorials
from tribute.services.authors import Submission
from tribute.services.desk import Order
from tribute.services.tributes import Written

AT = datetime(2026, 1, 20, 9, tzinfo=UTC)
EMAIL_KEYS = (b"an email key for the tests alone",)
MODERATOR = Person(id=1, role=Role.MODERATOR, name="Rəna", email="moderator@memorial.example")
COLLEAGUE = Person(id=2, role=Role.MODERATOR, name="Kamran", email="colleague@memorial.example")
KEEPER = Person(id=3, role=Role.KEEPER, name="Aytən", email="keeper@memorial.example")
WORDS = "I remember the silence on the morning after."
_numbers = count()


def memorial(session: Session) -> Memorial:
    """The memorial that ships."""
    return memorials.by_slug(session, "20-january")


def filled_in(**fields: str) -> Submission:
    """A form as somebody filled it in."""
    said = {"name": "Daniel M.", "place": "Leeds", "words": WORDS, "gesture": "none", "email": "",
            "page_language": "en", "rules_version": "1"} | fields  # fmt: skip
    return Submission(**said)


def sent(session: Session, at: datetime = AT, **fields: str) -> Tribute:
    """A tribute as it comes in, from a form of its own unless a key is named."""
    key = fields.pop("key", f"form {next(_numbers)}").encode()
    return authors.submit(session, memorial(session), filled_in(**fields), key, at, EMAIL_KEYS)


def decided(
    session: Session, tribute: Tribute, action: Action, at: datetime, person: Person = MODERATOR,
    reason: str = "", note: str = "", version: int | None = None,
) -> None:  # fmt: skip
    """A decision, on the version as it is unless another is named."""
    seen = tribute.version if version is None else version
    desk.decide(session, tribute, Order(action, seen, reason, note), person, at)


def standing(session: Session, status: Status, at: datetime = AT, **fields: str) -> Tribute:
    """A tribute brought to a status, one step every five minutes."""
    tribute = sent(session, at, **fields)
    for number, action in enumerate(STEPS[status], start=1):
        step(session, tribute, action, at + timedelta(minutes=5 * number))
    return tribute


def step(session: Session, tribute: Tribute, action: Action, at: datetime) -> None:
    """One step, taken by whoever takes it."""
    match action:
        case Action.WITHDRAW:
            authors.withdraw(session, tribute, at, tribute.version)
        case Action.RETURN:
            authors.take_back(session, tribute, at, tribute.version)
        case Action.AMEND:
            written = Written("Daniel M.", "Leeds", f"Other words of {at:%H:%M}.", "en")
            authors.amend(session, tribute, at, tribute.version, written)
        case _:
            reason = {Action.DECLINE: "off_topic", Action.REMOVE: str(Ground.FAMILY)}.get(action, "")
            decided(session, tribute, action, at, KEEPER, reason)


def everything(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of the database, also of those that no model names."""
    session.flush()
    connection = session.connection()
    tables = [table(name) for name in inspect(connection).get_table_names()]
    assert {found.name for found in tables} >= set(Base.metadata.tables)
    every = {found.name: connection.execute(select(text("*")).select_from(found)).mappings() for found in tables}
    return {name: [dict(row) for row in rows] for name, rows in every.items()}


def entry_of(session: Session, which: Index, source_id: int) -> tuple[str, set[str]]:
    """The language and the terms under which an index has a tribute or an article; raises where it has none."""
    query = select(which.entry.number, which.entry.language).where(which.entry.source_id == source_id)
    number, language = session.execute(query).one()
    return language, engine_of(session).terms(session, which.entry, [number])[number]


def places_of(session: Session, needle: bytes) -> set[str]:
    """Each table and column that still holds a word, an address or a key."""
    found = set()
    for name, rows in everything(session).items():
        for row in rows:
            for column, value in row.items():
                raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                if needle.lower() in raw.lower():
                    found.add(f"{name}.{column}")
    return found


def statuses(session: Session) -> dict[str, int]:
    """How many tributes have each status, counted row by row."""
    found = list(session.scalars(select(Tribute.status)))
    return {status: found.count(status) for status in set(found)}
