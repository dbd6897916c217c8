"""The keepers' room against raids: what is turned on for a day, and the listed words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests.cast import Cast
from tests.web.steps import LANGUAGES, contents, main_of, press
from tribute.extensions import db, now
from tribute.services import safeguards
from tribute.triage import lists
from tribute.triage.lists import Entry

PAGE = "/desk/safeguards"
NOON = datetime(2026, 1, 20, 8, tzinfo=UTC)  # in Baku
SHIPPED = Entry("spam", "grave", "en", "casino")


def listed(app: Flask) -> set[Entry]:
    """What is listed now."""
    with app.app_context():
        return set(lists.entries(db.session()))


def change(cast: Cast, change: str, entry: Entry) -> str:
    """Press a button of the lists; returns where it leads."""
    answer = press(cast.keeper, f"{PAGE}/words/{change}", **entry._asdict())
    assert answer.status_code == 303, main_of(answer)
    return answer.location


def test_only_keepers_come_in(app: Flask, cast: Cast) -> None:
    assert cast.visitor.get(PAGE).location == f"/account/login?next={PAGE}"
    assert cast.moderator.get(PAGE).status_code == 403
    assert PAGE not in cast.moderator.get("/desk/").text
    assert PAGE in cast.keeper.get("/desk/").text
    assert cast.keeper.get(PAGE).status_code == 200


@pytest.mark.parametrize("name", safeguards.NAMES)
def test_a_safeguard_is_on_for_a_day_and_ends_by_itself(app: Flask, cast: Cast, name: str) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert press(cast.keeper, f"{PAGE}/{name}", on="1").location == PAGE
        page = main_of(cast.keeper.get(PAGE))
        assert "On until 21 January 2026 at 12:00" in page
        assert page.count("Off") == 1
        with app.app_context():
            assert [safeguards.is_on(db.session(), each, now()) for each in safeguards.NAMES].count(True) == 1
        clock.shift(timedelta(days=1))
        with app.app_context():
            assert not safeguards.is_on(db.session(), name, now())
        assert "On until" not in main_of(cast.keeper.get(PAGE))


def test_a_safeguard_can_be_turned_off_before(app: Flask, cast: Cast) -> None:
    for on in ("1", "", ""):
        assert press(cast.keeper, f"{PAGE}/proof_of_work", on=on).status_code == 303
    with app.app_context():
        assert safeguards.ends(db.session(), "proof_of_work", now()) is None
    assert press(cast.keeper, f"{PAGE}/unheard_of", on="1").status_code == 404


@pytest.mark.parametrize(
    "entry",
    [
        Entry("hateful", "grave", "az", "söz"), Entry("spam", "notable", "en", "miracle* cure"),
        Entry("help", "notable", "ru", "устал _ жить"), Entry("people", "", "hy", "վրացի"),
        Entry("domain", "", "", "casino.example"),
    ],
)  # fmt: skip
def test_an_entry_is_added_shown_as_the_keepers_own_and_taken_out_again(app: Flask, cast: Cast, entry: Entry) -> None:
    before = listed(app)
    address = change(cast, "add", entry)
    assert listed(app) == before | {entry}
    page = main_of(cast.keeper.get(address))
    assert f"{entry.words} added here Take out {entry.words}" in page
    change(cast, "take_out", entry)
    assert listed(app) == before
    assert entry.words not in main_of(cast.keeper.get(address))


def test_a_shipped_entry_is_taken_out_and_put_back(app: Flask, cast: Cast) -> None:
    before = listed(app)
    address = change(cast, "take_out", SHIPPED)
    assert listed(app) == before - {SHIPPED}
    assert re.search(r"Taken out\b.*? casino Put back casino", main_of(cast.keeper.get(address)))
    change(cast, "add", SHIPPED)
    assert listed(app) == before
    assert "casino Take out casino" in main_of(cast.keeper.get(address))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_lists_are_read_one_at_a_time_in_one_language(cast: Cast, lang: str) -> None:
    press(cast.keeper, "/desk/language", language=lang)
    for name in lists.LANGUAGES:
        page = cast.keeper.get(f"{PAGE}?list=people&language={name}").text
        assert set(re.findall(r'<bdi lang="(\w+)">', page)) == {name}
    for query in ("", "?list=nonsense&language=de", "?list=%00&language=<b>"):
        assert set(re.findall(r'<bdi lang="(\w+)">', cast.keeper.get(PAGE + query).text)) == {lang}


@pytest.mark.parametrize(
    ("which", "typed", "said"),
    [
        ("spam", "", "Please write a word or a phrase."), ("spam", "\u200b \u2060", "Please write a word or a phrase."),
        ("spam", "!!!", "Please begin with a word."), ("spam", "_ word", "Please begin with a word."),
        ("spam", "ab*", "At least three letters must stand before the *."),
        ("spam", "word ab* word", "At least three letters must stand before the *."),
        ("spam", "x" * 82, "This is 2 characters too long."),
        ("domain", "casino", "Please write the address of a site, such as example.org."),
        ("domain", "..", "Please write the address of a site, such as example.org."),
    ],
)  # fmt: skip
def test_what_can_be_met_in_no_text_is_refused_and_stays_in_the_field(
    app: Flask, cast: Cast, which: str, typed: str, said: str
) -> None:
    before = contents(app)
    fields = Entry(which, "grave", "en", typed)._asdict()
    answer = press(cast.keeper, f"{PAGE}/words/add", **fields)
    assert answer.status_code == 422
    assert main_of(answer).count(said) == 2
    assert f'value="{typed.strip()}"' in answer.text
    assert re.search(r'value="grave"\s+id="grade-grave" checked', answer.text) or which == "domain"
    del before["person"]  # its sign-in is written down
    assert {name: rows for name, rows in contents(app).items() if name != "person"} == before


def test_the_language_can_be_changed_from_a_page_that_refused_something(cast: Cast) -> None:
    answer = press(cast.keeper, f"{PAGE}/words/add", **Entry("spam", "grave", "en", "!")._asdict())
    assert set(re.findall(r'name="next" value="([^"]*)"', answer.text)) == {PAGE}


@pytest.mark.parametrize("typed", ["https://www.Casino.Example/win?now", "casino.example.", "CASINO.example"])
def test_a_site_is_kept_by_its_host_alone(app: Flask, cast: Cast, typed: str) -> None:
    change(cast, "add", Entry("domain", "grave", "en", typed))
    assert {entry for entry in listed(app) if entry.list == "domain"} == {Entry("domain", "", "", "casino.example")}


def test_an_entry_is_shown_letter_for_letter(app: Flask, cast: Cast) -> None:
    address = change(cast, "add", Entry("spam", "grave", "en", "buy <b>now</b> & “win”"))
    page = cast.keeper.get(address)
    assert "buy <b>" not in page.text
    assert "buy <b>now</b> & “win” added here" in main_of(page)


def test_a_list_that_is_none_takes_no_entry(app: Flask, cast: Cast) -> None:
    before = listed(app)
    assert press(cast.keeper, f"{PAGE}/words/add", list="nonsense", language="en", words="word").status_code == 422
    change(cast, "take_out", Entry("nonsense", "x", "de", "word"))
    assert listed(app) == before
