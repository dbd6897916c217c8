"""The keepers' cases: listed, read and closed; moderators never see them."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import delete, select

from tests.cast import Cast
from tests.web.steps import contents, main_of, press
from tribute.domain import emails
from tribute.extensions import db
from tribute.models import Case

MESSAGE = "My grandmother’s name is spelled wrongly. <b>Please</b> mend it & write to me."


def opened(cast: Cast, message: str = MESSAGE, **fields: str) -> int:
    """A case's number."""
    page = cast.visitor.get("/en/contact")
    key = re.search(r'name="key"[^>]*value="([^"]*)"', page.text)
    assert key
    said = {"kind": "correction", "name": "Leyla", "email": "Leyla@memorial.example", "message": message} | fields
    assert press(cast.visitor, "/en/contact", key=key.group(1), **said).status_code == 303
    with cast.app.app_context():
        return max(db.session.scalars(select(Case.number)))


def test_open_cases_come_first_oldest_first_and_then_the_closed(cast: Cast) -> None:
    numbers = [opened(cast, f"Message {number}") for number in range(4)]
    for number in numbers[:2]:
        assert press(cast.keeper, f"/desk/cases/{number}/close", outcome="answered").location == "/desk/cases/"
    page = cast.keeper.get("/desk/cases/").text
    listed = [int(number) for number in re.findall(r'id="case-(\d+)"', page)]
    assert listed == [numbers[2], numbers[3], numbers[1], numbers[0]]
    assert re.search(r"Cases\s*<span>2</span>", cast.keeper.get("/desk/").text)


def test_the_keeper_reads_the_message_and_the_address_that_the_database_keeps_sealed(app: Flask, cast: Cast) -> None:
    number = opened(cast)
    page = main_of(cast.keeper.get(f"/desk/cases/{number}/"))
    assert "Remove or correct something about me or my family" in page
    assert MESSAGE in page
    assert "Leyla@memorial.example" in page
    assert "leyla@memorial" not in str(contents(app)).lower()


def test_a_case_without_an_address_or_whose_key_is_gone_still_opens(app: Flask, cast: Cast) -> None:
    without, lost = opened(cast, email="", name=""), opened(cast, "Another message")
    with app.app_context():
        db.session.get_one(Case, lost).email_sealed = emails.seal([b"a key that is not here any more"], "a@b.example")
        db.session.commit()
    for number in (without, lost):
        answer = cast.keeper.get(f"/desk/cases/{number}/")
        assert answer.status_code == 200
        assert "mailto:" not in answer.text


def test_closing_says_who_and_when_and_closing_again_changes_nothing(app: Flask, cast: Cast) -> None:
    number = opened(cast)
    press(cast.keeper, f"/desk/cases/{number}/close", outcome="answered")
    assert "Closed by Aytən" in main_of(cast.keeper.get(f"/desk/cases/{number}/"))
    rows = contents(app)
    assert press(cast.keeper, f"/desk/cases/{number}/close", outcome="kept").status_code == 303
    assert contents(app) == rows


def test_cases_are_not_even_named_to_a_moderator(cast: Cast) -> None:
    opened(cast)
    assert "/desk/cases/" not in cast.moderator.get("/desk/").text
    assert "/desk/cases/" in cast.keeper.get("/desk/").text


def test_an_unknown_case_is_nothing(app: Flask, cast: Cast) -> None:
    with app.app_context():
        db.session.execute(delete(Case))
        db.session.commit()
    for number in (0, 1, 2**63, 10**40):
        assert cast.keeper.get(f"/desk/cases/{number}/").status_code == 404
        assert press(cast.keeper, f"/desk/cases/{number}/close").status_code == 404


def test_a_room_without_cases_says_so(cast: Cast) -> None:
    assert "There is nothing here." in cast.keeper.get("/desk/cases/").text
