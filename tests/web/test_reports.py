"""Reporting a tribute, the desk's room of reports, the keepers' rules, and cases step by step."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, WORDS, Cast, hidden
from tests.page import PageClient
from tests.web.steps import LANGUAGES, contents, decide, found, main_of, press, version_of
from tests.web.test_desk_cases import opened
from tribute.domain.lifecycle import Status


def address(public_id: str, language: str = "en") -> str:
    """Where a tribute is reported."""
    return f"/{language}/20-january/tributes/{public_id}/report"


def report(client: PageClient, public_id: str, **fields: str) -> TestResponse:
    """Fill in the form and send it."""
    page = client.get(address(public_id))
    said = {"reason": "hatred", "message": "The second line."} | fields
    return press(client, address(public_id), key=hidden(page, "key"), **said)


def test_a_visitor_reports_and_a_moderator_reads_it(app: Flask, cast: Cast) -> None:
    public_id = cast.tribute()
    assert address(public_id) in cast.visitor.get(f"/en/20-january/tributes/{public_id}/").text
    answer = report(cast.visitor, public_id)
    assert answer.location == "/en/20-january/tributes/reported"
    assert cast.visitor.get(answer.location).status_code == 200
    page = main_of(cast.moderator.get("/desk/reports"))
    assert "1 report" in page
    assert "The second line." in page
    kept = press(cast.moderator, f"/desk/reports/{public_id}/keep", version=version_of(app, public_id))
    assert kept.status_code == 303
    assert "There is nothing here." in main_of(cast.moderator.get("/desk/reports"))
    assert "Reports read, kept" in main_of(cast.moderator.get("/desk/log"))
    assert found(app, public_id).status == Status.APPROVED


def test_hiding_from_the_room_settles_it(app: Flask, cast: Cast) -> None:
    public_id = cast.tribute()
    report(cast.visitor, public_id)
    decide(cast.moderator, public_id, "hide", next="/desk/reports")
    assert found(app, public_id).status == Status.HIDDEN
    assert "There is nothing here." in main_of(cast.moderator.get("/desk/reports"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"reason": ""}, "Please choose what is wrong."), ({"reason": "law"}, "Please choose what is wrong."),
     ({"reason": "other", "message": ""}, "Please say in a few words what is wrong."),
     ({"message": "x" * 1001}, "1 character too long"), ({"website": "x"}, "The form could not be checked")],
)  # fmt: skip
def test_what_is_not_filled_in_rightly_stays_on_the_page(
    app: Flask, cast: Cast, fields: dict[str, str], said: str
) -> None:
    public_id = cast.tribute()
    answer = report(cast.visitor, public_id, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert fields.get("message", "The second line.") in answer.text
    assert contents(app)["report"] == []


def test_the_same_form_twice_is_one_report(app: Flask, cast: Cast) -> None:
    public_id = cast.tribute()
    key = hidden(cast.visitor.get(address(public_id)), "key")
    for _ in range(2):
        assert press(cast.visitor, address(public_id), key=key, reason="hatred", message="").status_code == 303
    assert len(contents(app)["report"]) == 1


@pytest.mark.parametrize(("status", "code"), [(Status.PENDING, 404), (Status.HIDDEN, 404), (Status.WITHDRAWN, 410)])
def test_what_is_not_public_cannot_be_reported(cast: Cast, status: Status, code: int) -> None:
    assert cast.visitor.get(address(cast.tribute(status))).status_code == code


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_speaks_every_language(cast: Cast, language: str) -> None:
    page = cast.visitor.get(address(cast.tribute(), language))
    assert page.status_code == 200
    assert page.text.count('name="reason"') == 8


def test_keepers_set_what_happens_by_itself(app: Flask, cast: Cast) -> None:
    assert cast.moderator.get("/desk/rules").status_code == 403
    assert press(cast.keeper, "/desk/rules", hide_at="2", two_for_declines="1").status_code == 303
    page = cast.keeper.get("/desk/rules").text
    assert re.search(r'name="hide_at"[^>]*value="2"', page)
    assert re.search(r'id="two_for_declines" checked', page)
    for wrong in ("", "-1", "101", "two"):
        answer = press(cast.keeper, "/desk/rules", hide_at=wrong)
        assert (answer.status_code, "Please write a number from 0 to 100." in answer.text) == (422, True)
    public_id = cast.tribute(Status.PENDING)
    decide(cast.keeper, public_id, "decline", reason="off_topic")
    assert found(app, public_id).status == Status.PENDING  # there are two, and it takes both
    decide(cast.moderator, public_id, "decline", reason="off_topic")
    assert found(app, public_id).status == Status.DECLINED


def test_a_request_of_a_family_is_followed_step_by_step_until_nothing_is_left(app: Flask, cast: Cast) -> None:
    said = "Gülnarə was my mother-in-law"
    public_id = cast.tribute(name="Unrepeatable Name", words=f"{WORDS} {said}")
    report(cast.visitor, public_id, message="My family is named: Gülnarə")
    decide(cast.moderator, public_id, "note", note="Asked about Gülnarə by telephone")
    number = opened(cast)
    here = f"/desk/cases/{number}/"
    link = f"https://memorial.example/az/20-january/tributes/{public_id}/"
    assert press(cast.keeper, f"{here}tribute", tribute="nothing of ours").status_code == 422
    assert press(cast.keeper, f"{here}tribute", tribute=link).location == here
    assert said in main_of(cast.keeper.get(here))
    decide(cast.keeper, public_id, "hide", next=here)
    assert found(app, public_id).status == Status.HIDDEN
    answer = decide(cast.keeper, public_id, "remove", ground="family", password=PASSWORD, next=here)
    assert answer.location == here
    assert press(cast.keeper, f"{here}close").status_code == 422
    assert press(cast.keeper, f"{here}close", outcome="removed").status_code == 303
    assert "The tribute was removed" in main_of(cast.keeper.get(here))
    everything = str(contents(app))
    for word in ("Unrepeatable", "Gülnarə", "mother-in-law"):
        assert word not in everything
        for path in ("/desk/", "/desk/log", "/desk/log/export", "/desk/reports", f"/desk/tributes/{public_id}/", here):
            assert word not in cast.keeper.get(path).text


def test_a_case_has_a_day_that_can_be_moved(cast: Cast) -> None:
    number = opened(cast)
    assert press(cast.keeper, f"/desk/cases/{number}/due", due="2020-01-31").status_code == 303
    assert "overdue since 31 January 2020" in main_of(cast.keeper.get("/desk/cases/"))
    assert press(cast.keeper, f"/desk/cases/{number}/due", due="soon").status_code == 422


def test_a_case_can_end_with_keeping_the_tribute(app: Flask, cast: Cast) -> None:
    public_id, number = cast.tribute(Status.HIDDEN), opened(cast)
    press(cast.keeper, f"/desk/cases/{number}/tribute", tribute=public_id)
    press(cast.keeper, f"/desk/cases/{number}/keep", version=version_of(app, public_id))
    assert found(app, public_id).status == Status.APPROVED
