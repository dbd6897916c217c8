"""The log at the desk: who may read it, how it is narrowed, and what a row says."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests.cast import PASSWORD, Cast, a_tribute
from tests.page import PageClient
from tests.web.steps import amend, decide, main_of, withdraw
from tribute.domain.lifecycle import Status
from tribute.extensions import now
from tribute.services.log import SIZE

FRIDAY = datetime(2026, 1, 16, 9, tzinfo=UTC)


def rows(client: PageClient, query: str = "") -> list[str]:
    """What each row says, in order."""
    page = client.get(f"/desk/log{query}").text
    cells = [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r'<tr role="row">\s*<td.*?</tr>', page, re.DOTALL)]
    return [" ".join(cell.split()) for cell in cells]


def told(cast: Cast) -> str:
    """A tribute with a history: published, amended, declined with a note; and who did it."""
    author = cast.author(name="Nigar")
    decide(cast.moderator, author.public_id, "approve")
    amend(author, "Newer words", name="Nigar Q.")
    decide(cast.keeper, author.public_id, "decline", reason="other", note="Leave <b>it</b> out.")
    withdraw(author)
    return author.public_id


def test_each_row_says_when_what_who_and_which_tribute(cast: Cast) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        public_id = told(cast)
        found = rows(cast.moderator)
        links = re.findall(rf'<a href="/desk/tributes/{public_id}/">', cast.moderator.get("/desk/log").text)
    when = "16 January 2026 at 13:00"  # in Baku
    assert found == [
        f"{when} Withdrawn Published → then Withdrawn The author Nigar",
        f"{when} Declined Reason: Another reason Note to the author: Leave &lt;b&gt;it&lt;/b&gt; out. Aytən Nigar Q.",
        f"{when} Amended The author Nigar Q.",
        f"{when} Published Waiting → then Published Rəna Nigar",
        f"{when} Received The author Nigar",
    ]
    assert len(links) == len(found)


def test_the_log_outlives_what_was_erased_and_who_has_gone(app: Flask, cast: Cast) -> None:
    public_id = told(cast)
    decide(cast.keeper, public_id, "remove", ground="family", password=PASSWORD)
    with app.app_context():
        a_tribute(app, Status.SPAM, at=now() + timedelta(hours=1))  # by a keeper whom no account names
    found = rows(cast.moderator)
    assert "Marked as spam Waiting → then Spam A keeper Daniel M." in found[0]
    assert "Removed Withdrawn → then Removed Reason: Asked for by the family Aytən Erased" in found[2]
    assert len(found) == 8
    page = cast.moderator.get("/desk/log").text
    assert "Nigar" not in page
    assert "out." not in page


def person(cast: Cast, name: str) -> str:
    """How the page's own form names a person."""
    found = re.search(rf'<option value="(\d+)"[^>]*>{name}</option>', cast.moderator.get("/desk/log").text)
    assert found, name
    return found.group(1)


def test_the_log_is_narrowed_by_who_what_and_reason(cast: Cast) -> None:
    told(cast)
    rena, ayten = person(cast, "Rəna"), person(cast, "Aytən")
    everything = rows(cast.moderator)
    for query, found in {
        f"?who={rena}": [3], f"?who={ayten}": [1], "?who=author": [0, 2, 4], "?who=rule": [], "?what=approve": [3],
        "?reason=other": [1], "?reason=law": [], f"?who={ayten}&what=decline&reason=other": [1],
        f"?who={rena}&what=decline": [], "?who=author&what=amend&from=&to=": [2],
    }.items():  # fmt: skip
        assert rows(cast.moderator, query) == [everything[number] for number in found], query


def test_days_are_the_memorials_and_the_last_one_is_whole(app: Flask, cast: Cast) -> None:
    midnight_in_baku = datetime(2026, 1, 19, 20, tzinfo=UTC)
    with app.app_context():
        for tick in (-1, 0):
            a_tribute(app, Status.PENDING, at=midnight_in_baku + timedelta(seconds=tick), name=f"Tick {tick}")
    for query, found in {
        "?from=2026-01-19": ["Tick 0", "Tick -1"], "?from=2026-01-20": ["Tick 0"], "?from=2026-01-21": [],
        "?to=2026-01-20": ["Tick 0", "Tick -1"], "?to=2026-01-19": ["Tick -1"],
        "?from=2026-01-20&to=2026-01-20": ["Tick 0"], "?from=2026-01-20&to=2026-01-19": [],
    }.items():  # fmt: skip
        assert [re.sub(r".*(Tick .*)", r"\1", row) for row in rows(cast.moderator, query)] == found, query


@pytest.mark.parametrize(
    "query",
    ["who=99", "who=0", "who=moderator", "who=%D9%A1", "what=publish", "reason=%00", "from=2026-02-30", "to=20260120",
     "from=yesterday", "before=x", "after=zzzzzzzzzzzzz", "before=0000000000000", "who=&what=&reason=&from=&to="],
)  # fmt: skip
def test_what_cannot_be_read_is_not_there(app: Flask, cast: Cast, query: str) -> None:
    with app.app_context():
        a_tribute(app)
    assert len(rows(cast.moderator, f"?{query}")) == 2
    assert "Show the whole log" not in cast.moderator.get(f"/desk/log?{query}").text


def test_the_form_keeps_what_was_chosen_and_leads_back_to_everything(cast: Cast) -> None:
    told(cast)
    query = f"?who={person(cast, 'Aytən')}&what=decline&reason=other&from=2026-01-01&to=2030-12-31"
    page = cast.moderator.get(f"/desk/log{query}").text
    for option in (rf"{person(cast, 'Aytən')}", "decline", "other"):
        assert f'<option value="{option}" selected>' in page
    assert 'value="2026-01-01"' in page
    assert 'value="2030-12-31"' in page
    assert re.search(r'<a class="act" href="/desk/log">Show the whole log</a>', page)


def test_nothing_found_is_said_quietly_with_a_way_back(cast: Cast) -> None:
    assert "There is nothing here." in main_of(cast.moderator.get("/desk/log"))
    told(cast)
    answer = cast.moderator.get("/desk/log?reason=threat")
    assert "Nothing in the log is like this." in main_of(answer)
    assert answer.text.count('href="/desk/log">Show the whole log</a>') == 1


def test_the_pager_keeps_what_was_sought(app: Flask, cast: Cast) -> None:
    with app.app_context():
        for number in range(SIZE + 1):
            a_tribute(app, at=FRIDAY + timedelta(hours=number), name=f"Author {number}")
    sought = "what=submit&from=2026-01-01"
    first = cast.moderator.get(f"/desk/log?{sought}").text
    older = re.search(r'href="/desk/log(\?before=[0-9a-z]+&amp;what=submit&amp;from=2026-01-01)">Older', first)
    assert older
    assert ">Newer<" not in first
    below = older.group(1).replace("&amp;", "&")
    (last,) = rows(cast.moderator, below)
    assert last.endswith("Received The author Author 0")
    newer = re.search(
        r'href="/desk/log(\?after=[0-9a-z]+&amp;what=submit[^"]*)">Newer', cast.moderator.get(f"/desk/log{below}").text
    )
    assert newer
    assert rows(cast.moderator, newer.group(1).replace("&amp;", "&")) == rows(cast.moderator, f"?{sought}")


def test_moderators_and_keepers_find_the_log_and_nobody_else_reads_it(cast: Cast) -> None:
    for client in (cast.moderator, cast.keeper):
        page = client.get("/desk/log")
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
        assert '<a href="/desk/log">The log</a>' in client.get("/desk/").text
        assert '<a href="/desk/log" aria-current="page">The log</a>' in page.text
    assert cast.visitor.get("/desk/log").location == "/account/login?next=/desk/log"
