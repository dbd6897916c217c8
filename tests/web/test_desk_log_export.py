"""The log as a table: every row, no words, for keepers alone; its chain can be proved from the table itself."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.cast import PASSWORD, Cast, a_tribute
from tests.page import PageClient
from tests.web.steps import contents, decide
from tests.web.test_desk_log import person, rows, told
from tribute.domain.lifecycle import Remark, Status
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.models import Decision, LogHead
from tribute.services import decisions, log

EXPORT = "/desk/log/export"
NULLABLE = {"person_id", "from_public", "to_public", "from_waiting", "to_waiting", "revision_id"}
NUMBERS = NULLABLE | {"number", "tribute_id", "version"}
BESIDE = ("person", "tribute")


def table(client: PageClient, query: str = "") -> list[dict[str, str]]:
    """The table's rows by the names of its columns."""
    answer = client.get(f"{EXPORT}{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))


def digest_of(row: dict[str, str]) -> str:
    """A row's hash from the table alone, as docs/keepers.md says: numbers as numbers, an empty one as null."""
    values = {
        name: (int(value) if value else None) if name in NUMBERS else value
        for name, value in row.items() if name not in ("digest", *BESIDE)
    }  # fmt: skip
    written = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()


def test_an_untouched_log_is_whole_in_the_table_and_proved_by_it(app: Flask, cast: Cast) -> None:
    told(cast)
    decide(cast.keeper, cast.tribute(), "remove", ground="law", password=PASSWORD)
    found = table(cast.keeper)
    with app.app_context():
        head = db.session.scalars(select(LogHead)).one()
    assert [int(row["number"]) for row in found] == list(range(1, head.number + 1))
    previous = decisions.GENESIS
    for row in found:
        assert (row["previous"], row["digest"]) == (previous, digest_of(row)), row["number"]
        previous = row["digest"]
    assert previous == head.digest
    found[2]["reason"] = "law"
    assert found[2]["digest"] != digest_of(found[2])


def test_every_column_of_the_log_is_there_with_who_and_which(app: Flask, cast: Cast) -> None:
    public_id = told(cast)
    found = table(cast.keeper)
    assert list(found[0]) == [*(column.name for column in Decision.__table__.columns), *BESIDE]
    assert [(row["action"], row["person"], row["tribute"]) for row in found] == [
        ("submit", "", public_id), ("approve", "Rəna", public_id), ("amend", "", public_id),
        ("decline", "Aytən", public_id), ("withdraw", "", public_id),
    ]  # fmt: skip
    assert (found[3]["reason"], len(found[3]["note_digest"])) == ("other", 64)


def test_no_words_notes_or_addresses_are_in_it(cast: Cast) -> None:
    told(cast)
    cast.author(email="somebody@example.org", name="Leyla", place="Quba", message="A garden.")
    text = cast.keeper.get(EXPORT).get_data(as_text=True)
    assert not re.search(r"Nigar|Leyla|Quba|garden|Newer|out\.|example|@", text)


def test_it_is_a_file_named_by_the_day_where_the_memorial_is_and_kept_by_nobody(cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 1, 19, 21, tzinfo=UTC), tick=False):
        answer = cast.keeper.get(EXPORT)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="log-2026-01-20.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_holds_what_the_page_shows_when_the_log_is_narrowed(app: Flask, cast: Cast) -> None:
    with app.app_context():
        for day in (16, 18, 20):
            a_tribute(app, Status.DECLINED, at=datetime(2026, 1, day, 21, tzinfo=UTC))
    told(cast)
    rena = person(cast, "Rəna")
    for query in (
        f"?who={rena}", "?who=author", "?who=rule", "?what=decline", "?reason=off_topic", "?to=2026-01-18",
        "?from=2026-01-19&to=2026-01-21", f"?who={rena}&what=approve&from=2026-01-01", "?what=publish", "?who=99",
    ):  # fmt: skip
        assert len(table(cast.keeper, query)) == len(rows(cast.keeper, query)), query
        assert (len(table(cast.keeper, query)) == 11) == (query in ("?what=publish", "?who=99")), query
    page = cast.keeper.get("/desk/log?what=decline&from=2026-01-01").text
    assert 'href="/desk/log/export?what=decline&amp;from=2026-01-01"' in page


def test_a_long_log_is_read_in_steps_and_every_row_comes_once(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "STEP", 3)
    with app.app_context():
        for number in range(5):
            a_tribute(app, at=now() - timedelta(hours=number + 1))
    assert [row["number"] for row in table(cast.keeper)] == [str(number) for number in range(1, 11)]
    assert len(table(cast.keeper, "?what=approve")) == 5


def test_a_name_is_no_formula(cast: Cast) -> None:
    schemer = cast.signed_in(Role.MODERATOR, "=cmd()", "schemer@memorial.example")
    decide(schemer, cast.tribute(Status.PENDING), "approve")
    assert table(cast.keeper)[-1]["person"] == "'=cmd()"


def test_only_keepers_are_offered_it_and_given_it(app: Flask, cast: Cast) -> None:
    cast.tribute()
    before = contents(app)
    assert EXPORT in cast.keeper.get("/desk/log").text
    before |= {"person": contents(app)["person"]}
    assert EXPORT not in cast.moderator.get("/desk/log").text
    assert cast.moderator.get(EXPORT).status_code == 403
    assert cast.visitor.get(EXPORT).location == f"/account/login?next={EXPORT}"
    before |= {"person": contents(app)["person"]}
    assert len(table(cast.keeper)) == 2
    assert contents(app) == before


def remark(app: Flask, action: Remark, tribute_id: int = 0, note: str = "") -> None:
    """A row that changes nothing, of a tribute or of the whole site."""
    with app.app_context():
        row = Decision(
            at=now(), actor="keeper", person_id=None, action=action, tribute_id=tribute_id, version=0, from_status="",
            to_status="", reason="", words_digest="",
        )  # fmt: skip
        decisions.append(db.session(), decisions.lock_head(db.session()), row, note)
        db.session.commit()


@pytest.mark.parametrize("action", [Remark.PAUSE, Remark.RESUME])
def test_a_row_about_the_whole_site_leads_nowhere(app: Flask, cast: Cast, action: Remark) -> None:
    remark(app, action)
    (row,) = rows(cast.keeper, f"?what={action}")
    assert row.endswith("A keeper The whole site")
    assert "/desk/tributes/" not in cast.keeper.get("/desk/log").text
    assert table(cast.keeper)[0]["tribute"] == ""


def test_every_remark_has_a_name_and_can_be_sought(app: Flask, cast: Cast) -> None:
    public_id = cast.tribute(Status.PENDING)
    with app.app_context():
        tribute_id = db.session.scalars(select(Decision.tribute_id)).first() or 0
    for action in Remark:
        remark(app, action, tribute_id, "Look at the date." if action == Remark.NOTE else "")
    assert f'href="/desk/tributes/{public_id}/"' in cast.keeper.get("/desk/log").text
    page = cast.keeper.get("/desk/log").text
    for action in Remark:
        named = re.search(rf'<option value="{action}">([^<]+)</option>', page)
        assert named, action
        (row,) = rows(cast.keeper, f"?what={action}")
        assert named.group(1) in row
    assert "Note to colleagues: Look at the date." in rows(cast.keeper, "?what=note")[0]
