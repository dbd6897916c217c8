"""The queue and the desk's own pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests.cast import PASSWORD, WORDS, Cast, a_tribute
from tests.web.steps import amend, decide, main_of, press, version_of
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.web.desk import own_path

FRIDAY = datetime(2026, 1, 16, 9, tzinfo=UTC)


def shown(cast: Cast, query: str = "") -> list[str]:
    """The ids of the cards that the desk shows, in order."""
    return re.findall(r'<h2 id="who-([0-9a-z]{13})"', cast.moderator.get(f"/desk/{query}").text)


def test_what_waits_is_shown_oldest_first_whenever_it_was_first_written(app: Flask, cast: Cast) -> None:
    with app.app_context():
        later = a_tribute(app, Status.PENDING, at=FRIDAY + timedelta(hours=2), words="Second")
        first = a_tribute(app, Status.PENDING, at=FRIDAY, words="First")
    assert shown(cast) == [first, later]
    author = cast.author(message="Older words")
    decide(cast.moderator, author.public_id, "approve")
    assert shown(cast) == [first, later]
    amend(author, "Newer words")
    assert shown(cast) == [first, later, author.public_id]
    page = main_of(cast.moderator.get("/desk/"))
    assert page.index("Public now Older words") < page.index("New words Newer words")


def test_each_status_has_its_room_newest_first_with_its_number(app: Flask, cast: Cast) -> None:
    with app.app_context():
        made = {
            status: [a_tribute(app, status, at=FRIDAY + timedelta(hours=hour)) for hour in range(2)]
            for status in Status
        }
    for status in Status:
        room = "?status=" + status
        expected = made[status] if status is Status.PENDING else made[status][::-1]
        assert shown(cast, room) == expected
    numbers = re.findall(r"<a href=\"/desk/[^>]*>\s*([\w ]+?)\s*<span>(\d+)</span>", cast.moderator.get("/desk/").text)
    assert {name for name, number in numbers if number == "2"} >= {"Waiting", "Published", "Spam", "Removed"}


def test_an_unknown_room_is_the_queue(cast: Cast) -> None:
    waiting = cast.tribute(Status.PENDING)
    for query in ("?status=nonsense", "?status=pending", "?status=<b>", "?language=%00", "?before=x", "?after=y"):
        assert shown(cast, query) == [waiting]


def test_the_queue_can_be_narrowed_to_one_language(app: Flask, cast: Cast) -> None:
    with app.app_context():
        russian = a_tribute(app, Status.PENDING, words="Мы помним и скорбим")
        english = a_tribute(app, Status.PENDING, words="We remember and we grieve")
    assert shown(cast, "?language=ru") == [russian]
    assert shown(cast, "?language=en") == [english]
    assert shown(cast, "?language=az") == []


def test_a_long_queue_is_paged(cast: Cast) -> None:
    with time_machine.travel(FRIDAY, tick=False), cast.app.app_context():
        made = [a_tribute(cast.app, Status.PENDING, at=FRIDAY + timedelta(minutes=n)) for n in range(27)]
    first = shown(cast)
    assert first == made[:25]
    newer = re.search(r"\?after=([0-9a-z]+)", cast.moderator.get("/desk/").text)
    assert newer
    assert shown(cast, f"?after={newer.group(1)}") == made[25:]
    older = re.search(r"\?before=([0-9a-z]+)", cast.moderator.get(f"/desk/?after={newer.group(1)}").text)
    assert older
    assert shown(cast, f"?before={older.group(1)}") == first


def test_the_desk_says_what_was_done_today_and_how_long_people_waited(app: Flask, cast: Cast) -> None:
    before_midnight_in_baku = datetime(2026, 1, 19, 19, 59, tzinfo=UTC)
    with time_machine.travel(before_midnight_in_baku, tick=False) as clock:
        for hours in (1, 2, 3):
            with app.app_context():
                public_id = a_tribute(app, Status.PENDING, at=before_midnight_in_baku - timedelta(hours=hours))
            decide(cast.moderator, public_id, "approve" if hours > 1 else "spam")
        page = cast.moderator.get("/desk/").text
        assert "2 published" in page
        assert "1 spam" in page
        assert "Half were read within 2 hours" in page
        clock.shift(timedelta(minutes=1))
        assert "0 published" in cast.moderator.get("/desk/").text


def test_a_tributes_page_has_every_version_and_its_history(cast: Cast) -> None:
    author = cast.author()
    decide(cast.moderator, author.public_id, "approve")
    amend(author, "Newer words")
    decide(cast.moderator, author.public_id, "decline", reason="hatred", note="Leave the insult out.")
    amend(author, "Newest words")
    page = main_of(cast.keeper.get(f"/desk/tributes/{author.public_id}/"))
    history = page[page.index("History") :]
    told = ["Received", "Published Rəna", "Amended", "Declined Rəna", "Reason: Hatred of a people or a group",
            "Leave the insult out.", "Amended", "Version 1", "public", WORDS, "Version 2", "refused", "Newer words",
            "Version 3", "waiting", "Newest words"]  # fmt: skip
    place = 0
    for said in told:
        place = history.index(said, place)


def test_a_removed_tribute_has_a_page_without_its_words(cast: Cast) -> None:
    author = cast.author(name="Unrepeated Name")
    decide(cast.keeper, author.public_id, "remove", ground="person", password=PASSWORD)
    answer = cast.moderator.get(f"/desk/tributes/{author.public_id}/")
    assert answer.status_code == 200
    assert "Erased" in answer.text
    assert WORDS not in answer.text
    assert "Unrepeated" not in answer.text


def test_each_person_sees_the_buttons_that_are_theirs(cast: Cast) -> None:
    expected = {
        Status.PENDING: {"approve", "decline", "spam", "redact"}, Status.APPROVED: {"hide", "redact"},
        Status.DECLINED: {"restore"}, Status.SPAM: {"restore"},
        Status.HIDDEN: {"restore"}, Status.WITHDRAWN: set(), Status.REMOVED: set(),
    }  # fmt: skip
    for status, buttons in expected.items():
        path = f"/desk/tributes/{cast.tribute(status)}/"
        asked = {"note"} if status is not Status.REMOVED else set()
        asked |= {"second-opinion"} if status is Status.PENDING else set()
        of_all = {
            Role.MODERATOR: buttons,
            Role.KEEPER: buttons | ({"remove", "new-link"} if status is not Status.REMOVED else set()),
        }
        for client, role in ((cast.moderator, Role.MODERATOR), (cast.keeper, Role.KEEPER)):
            found = set(re.findall(rf'action="{path}([\w-]+)"', client.get(path).text))
            assert found == of_all[role] | asked


def test_the_desk_speaks_the_language_that_a_person_chose(cast: Cast) -> None:
    answer = press(cast.moderator, "/desk/language", language="ru", next="/desk/?status=spam")
    assert (answer.status_code, answer.location) == (303, "/desk/?status=spam")
    assert '<html lang="ru"' in cast.moderator.get("/desk/").text
    assert '<html lang="ru"' in cast.moderator.get("/account/change").text
    assert '<html lang="en"' in cast.keeper.get("/desk/").text
    press(cast.moderator, "/desk/language", language="de")
    assert '<html lang="ru"' in cast.moderator.get("/desk/").text


FOREIGN = ["https://evil.example/", "//evil.example", "/\\evil.example", "/desk/\\evil", "/en/", "desk/",
           "javascript:x", "/desk/\n//evil.example", "", None, "/deskevil"]  # fmt: skip


@pytest.mark.parametrize("target", FOREIGN)
def test_the_way_back_is_only_ever_a_page_of_the_desk(target: str | None) -> None:
    assert own_path(target) is None
    assert own_path("/desk/?status=spam&before=x") == "/desk/?status=spam&before=x"


@pytest.mark.parametrize("target", [FOREIGN[0], FOREIGN[1], FOREIGN[3]])
def test_a_foreign_way_back_leads_to_the_queue(cast: Cast, target: str) -> None:
    public_id = cast.tribute(Status.PENDING)
    for path, fields in ((f"/desk/tributes/{public_id}/approve", {"version": version_of(cast.app, public_id)}),
                         ("/desk/language", {"language": "en"})):  # fmt: skip
        assert press(cast.moderator, path, next=target, **fields).location == "/desk/"


def test_the_desk_is_never_kept_or_found(cast: Cast) -> None:
    for path in ("/desk/", f"/desk/tributes/{cast.tribute()}/", "/desk/?status=spam"):
        answer = cast.moderator.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in answer.text
