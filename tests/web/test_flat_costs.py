"""What a public page costs does not grow: as many statements for many tributes as for one, and each by an index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, inspect, text

from tests.cast import WALL, Cast
from tests.conftest import METRICS_TOKEN
from tests.web.steps import MEMORIAL
from tribute.domain.anniversary import local_day
from tribute.extensions import db, now

HOME = f"/en/{MEMORIAL}/"
PAGES = {  # each with how often it asks the database; `today` is where the memorial is
    HOME: 9, WALL: 10, f"{WALL}?language=en": 10, f"{WALL}?gesture=candle": 10, f"{WALL}?year={{today:%Y}}": 10,
    f"{HOME}editions/": 7, f"{HOME}archive/": 2, f"{HOME}archive/on-this-day/": 3, f"{HOME}archive/{{today:%Y}}/": 4,
    f"{HOME}archive/{{today:%Y/%m}}/": 6, f"{HOME}feed.atom": 3, f"{HOME}numbers/": 3, "/en/pages/rules/": 2,
    "/en/search?q=silence": 3, "/en/search/suggestions?q=sil": 2, "/readyz": 4, "/metrics": 16,
}  # fmt: skip
MANY = 100_000
LARGE = ("tribute", "revision", "tribute_entry", "decision")
MINUTE = 60_000 << 20  # of a key
MINUTE_OF_ENTRIES = MINUTE >> 30
COPIES = 2_500
AT_ONCE = 40

Statement = tuple[str, Any]


@contextmanager
def asked(app: Flask) -> Iterator[list[Statement]]:
    """Every statement that is sent to the database meanwhile."""
    seen: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement != "BEGIN":
            seen.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def statements(app: Flask, page: str) -> list[Statement]:
    """What a page asks, once everything that is read once is read."""
    client, headers = app.test_client(), {"Authorization": f"Bearer {METRICS_TOKEN}"}
    address = page.format(today=local_day(now(), "Asia/Baku"))
    assert client.get(address, headers=headers).status_code == 200
    with asked(app) as seen:
        client.get(address, headers=headers)
    return seen


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_often_for_many_tributes_as_for_one(uncached: Flask, page: str) -> None:
    cast = Cast(uncached)
    cast.tribute(gesture="candle")
    few = statements(uncached, page)
    for number in range(AT_ONCE):
        cast.tribute(gesture="candle", name=f"Somebody {number}")
    many = statements(uncached, page)
    assert len(many) == len(few) == PAGES[page], "\n".join(statement for statement, _parameters in many)


def test_at_a_hundred_thousand_tributes_every_page_reads_by_an_index(uncached: Flask) -> None:
    cast = Cast(uncached)
    for number in range(AT_ONCE):
        cast.tribute(name=f"Somebody {number}", gesture="candle")
    with uncached.app_context(), db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # SQLite settles its plans by the schema alone
            multiply(connection)
            assert connection.execute(text("SELECT count(*) FROM tribute")).scalar_one() >= MANY
        assert reads_all(plan(connection, "SELECT id FROM revision WHERE html = 'none'", ()))
    read = [(page, *each) for page in PAGES for each in statements(uncached, page)]
    with uncached.app_context(), db.engine.begin() as connection:
        plans = {(page, statement): plan(connection, statement, parameters) for page, statement, parameters in read}
    whole = [f"{page}: {statement}\n{said}" for (page, statement), said in plans.items() if reads_all(said)]
    assert not whole, "\n\n".join(whole)
    assert sum("tribute" in said for said in plans.values()) > len(PAGES)


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_twenty_thousand_that_wait_make_no_page_of_the_wall_dearer(uncached: Flask) -> None:
    cast = Cast(uncached)
    for number in range(AT_ONCE):
        cast.tribute(name=f"Somebody {number}", gesture="candle")
    with uncached.app_context():
        with db.engine.begin() as connection:
            multiply(connection)
            connection.execute(text(WAITING))
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CLUSTER tribute USING pk_tribute"))  # they lie in the order in which they came
            connection.execute(text("VACUUM ANALYZE tribute"))
    pages = (HOME, WALL, f"{WALL}?language=en", f"{WALL}?gesture=candle", f"{HOME}feed.atom")
    read = [each for page in pages for each in statements(uncached, page)]
    with uncached.app_context(), db.engine.begin() as connection:
        plans = [explained(connection, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF)", *each) for each in read]
    assert sum("on tribute" in said for said in plans) > len(pages)
    passed_by = [
        (int(number), said) for said in plans for number in re.findall("Rows Removed by Filter: ([0-9]+)", said)
    ]
    assert not [said for number, said in passed_by if number > AT_ONCE]


WAITING = """
    UPDATE tribute SET status = 'pending', waiting_revision_id = public_revision_id, public_revision_id = NULL
    WHERE id > (SELECT id FROM tribute ORDER BY id DESC OFFSET 20000 LIMIT 1)"""


def multiply(connection: Connection) -> None:
    """Copy each tribute, its words and its entry to so many earlier minutes."""
    numbers = f"WITH n AS (SELECT generate_series(1, {COPIES}) AS i)"
    moved: dict[str, dict[str, str]] = {
        "tribute": {"id": f"id - i * {MINUTE}", "public_revision_id": f"public_revision_id - i * {MINUTE}",
                    "form_key": "NULL"},
        "revision": {"id": f"id - i * {MINUTE}", "tribute_id": f"tribute_id - i * {MINUTE}"},
        "tribute_entry": {"number": f"number - i * {MINUTE_OF_ENTRIES}", "source_id": f"source_id - i * {MINUTE}"},
    }  # fmt: skip
    for table, moves in moved.items():
        names = [column["name"] for column in inspect(connection).get_columns(table)]
        values = ", ".join(moves.get(name, name) for name in names)
        statement = f"INSERT INTO {table} ({', '.join(names)}) {numbers} SELECT {values} FROM {table}, n"  # noqa: S608
        connection.execute(text(statement))
    connection.execute(text("ANALYZE"))


def plan(connection: Connection, statement: str, parameters: Any) -> str:
    """How a statement would be carried out; nothing for what reads no table, or the search, which has its own tests."""
    if not statement.lstrip().startswith(("SELECT", "WITH")) or "@@" in statement or "MATCH" in statement:
        return ""
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN (COSTS OFF)"
    return explained(connection, explain, statement, parameters)


def explained(connection: Connection, explain: str, statement: str, parameters: Any) -> str:
    """What a database says of a statement."""
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))


def reads_all(said: str) -> bool:
    """Whether a plan goes through a whole table that grows."""
    return bool(re.search(rf"(Seq Scan on|\bSCAN) ({'|'.join(LARGE)})\b", said))
