"""What an author does from the private page: mend, withdraw, bring back."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests.cast import WALL, WORDS, Author, Cast, hidden, token
from tests.web.steps import amend, contents, decide, found, main_of, press, take_back, withdraw
from tribute.domain.lifecycle import Status


def status(cast: Cast, author: Author) -> tuple[str, int]:
    """Where the tribute stands, and its version."""
    row = found(cast.app, author.public_id)
    return row.status, row.version


def test_new_words_take_the_place_of_those_that_wait(cast: Cast) -> None:
    author = cast.author()
    answer = amend(author, "Newer words", name="Daniel Mercer", place="")
    assert (answer.status_code, answer.location) == (303, f"{author.receipt}?saved=1")
    page = main_of(author.client.get(answer.location))
    assert "Thank you. Your new words are waiting to be read." in page
    assert "Newer words" in page
    assert WORDS not in page
    queue = main_of(cast.moderator.get("/desk/"))
    assert "Newer words" in queue
    assert WORDS not in queue
    assert status(cast, author) == ("pending", 2)


def test_what_is_public_stays_until_the_new_words_are_read(cast: Cast) -> None:
    author = cast.author()
    decide(cast.moderator, author.public_id, "approve")
    amend(author, "Newer words")
    assert WORDS in cast.visitor.get(WALL).text
    assert "Newer words" not in cast.visitor.get(WALL).text
    decide(cast.moderator, author.public_id, "approve")
    assert "Newer words" in cast.visitor.get(WALL).text
    assert WORDS not in cast.visitor.get(WALL).text


def test_a_declined_tribute_waits_again_once_it_is_mended(cast: Cast) -> None:
    author = cast.author()
    decide(cast.moderator, author.public_id, "decline", reason="off_topic")
    amend(author, "Newer words")
    assert status(cast, author) == ("pending", 3)
    assert "Newer words" in main_of(cast.moderator.get("/desk/"))


def test_the_form_shows_the_newest_words(cast: Cast) -> None:
    author = cast.author(message="<b>First</b> & last", name="O’Neil", place="Şuşa")
    text = html.unescape(author.client.get(f"{author.receipt}amend").text)
    assert all(said in text for said in ("<b>First</b> & last", 'value="O’Neil"', 'value="Şuşa"'))
    amend(author, "Newer words")
    assert "Newer words" in author.client.get(f"{author.receipt}amend").text


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(app: Flask, cast: Cast) -> None:
    author = cast.author(gesture="none")
    before = contents(app)
    for fields in ({"name": ""}, {"place": "x" * 81}, {"message": "x" * 2_001}):
        answer = amend(author, **({"message": "Newer <b>words"} | fields))
        assert answer.status_code == 422
        assert html.escape(({"message": "Newer <b>words"} | fields)["message"]) in answer.text
        assert "aria-invalid" in answer.text
    assert amend(author, "").status_code == 422
    assert contents(app) == before


def test_words_written_while_a_moderator_decided_are_kept_and_can_be_sent_again(cast: Cast) -> None:
    author = cast.author()
    version = hidden(author.client.get(f"{author.receipt}amend"), "version")
    decide(cast.moderator, author.public_id, "approve")
    answer = amend(author, "Newer words", version=version)
    assert answer.status_code == 409
    assert "Your tribute changed while you were writing" in answer.text
    assert "Newer words" in answer.text
    again = {
        "name": "Daniel M.",
        "message": "Newer words",
        "csrf_token": token(answer),
        "version": hidden(answer, "version"),
    }
    assert author.client.post(f"{author.receipt}amend", data=again).status_code == 303
    assert status(cast, author) == ("approved", 3)


@pytest.mark.parametrize("action", ["spam", "hide"])
def test_words_sent_when_nothing_can_be_mended_any_more_are_kept_too(cast: Cast, action: str) -> None:
    author = cast.author()
    page = author.client.get(f"{author.receipt}amend")
    if action == "hide":
        decide(cast.moderator, author.public_id, "approve")
    decide(cast.moderator, author.public_id, action)
    sent = {"name": "D", "message": "Newer words", "version": hidden(page, "version"), "csrf_token": token(page)}
    answer = author.client.post(f"{author.receipt}amend", data=sent)
    assert answer.status_code == 409
    assert "Newer words" in answer.text
    assert author.client.get(f"{author.receipt}amend").location == author.receipt


def test_withdrawing_asks_once_and_hides_at_once(app: Flask, cast: Cast) -> None:
    author = cast.author()
    decide(cast.moderator, author.public_id, "approve")
    before = contents(app)
    assert "Withdraw your tribute?" in author.client.get(f"{author.receipt}withdraw").text
    assert contents(app) == before
    assert withdraw(author).status_code == 303
    assert WORDS not in cast.visitor.get(WALL).text
    assert cast.visitor.get(f"{WALL}{author.public_id}/").status_code == 410
    assert status(cast, author) == ("withdrawn", 3)


@pytest.mark.parametrize("before", [Status.PENDING, Status.APPROVED, Status.DECLINED, Status.SPAM, Status.HIDDEN])
def test_a_withdrawn_tribute_comes_back_to_where_it_was(cast: Cast, before: Status) -> None:
    author = cast.author()
    for action in {Status.PENDING: [], Status.HIDDEN: ["approve", "hide"], Status.SPAM: ["spam"],
                   Status.DECLINED: ["decline"], Status.APPROVED: ["approve"]}[before]:  # fmt: skip
        decide(cast.moderator, author.public_id, action, reason="off_topic")
    withdraw(author)
    assert take_back(author).status_code == 303
    assert status(cast, author)[0] == before
    assert (WORDS in cast.visitor.get(WALL).text) is (before is Status.APPROVED)


def test_a_withdrawn_tribute_comes_back_within_30_days_and_not_later(cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 1, 20, 8, tzinfo=UTC), tick=False) as clock:
        author, late = cast.author(), cast.author()
        clock.shift(timedelta(minutes=1))
        withdraw(author)
        withdraw(late)
        clock.shift(timedelta(days=30))
        assert take_back(author).status_code == 303
        clock.shift(timedelta(seconds=1))
        assert take_back(late).status_code == 409
        assert (status(cast, author)[0], status(cast, late)[0]) == ("pending", "withdrawn")


def test_withdrawing_twice_is_withdrawing_once(cast: Cast) -> None:
    author = cast.author()
    page = author.client.get(f"{author.receipt}withdraw")
    sent = {"version": hidden(page, "version"), "csrf_token": token(page)}
    for _ in range(2):
        answer = author.client.post(f"{author.receipt}withdraw", data=sent)
        assert (answer.status_code, answer.location) == (303, author.receipt)
    assert status(cast, author) == ("withdrawn", 2)
    assert author.client.get(f"{author.receipt}withdraw").location == author.receipt


def test_withdrawing_holds_whatever_was_decided_meanwhile(cast: Cast) -> None:
    author = cast.author()
    page = author.client.get(f"{author.receipt}withdraw")
    decide(cast.moderator, author.public_id, "approve")
    sent = {"version": hidden(page, "version"), "csrf_token": token(page)}
    assert author.client.post(f"{author.receipt}withdraw", data=sent).status_code == 303
    assert status(cast, author)[0] == "withdrawn"


def test_the_same_amendment_twice_is_one(cast: Cast) -> None:
    author = cast.author()
    page = author.client.get(f"{author.receipt}amend")
    sent = {"name": "Daniel", "place": "", "message": "Newer words", "version": hidden(page, "version"),
            "csrf_token": token(page)}  # fmt: skip
    answers = [author.client.post(f"{author.receipt}amend", data=sent) for _ in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, f"{author.receipt}?saved=1")] * 2
    assert status(cast, author) == ("pending", 2)


def test_bringing_back_a_version_that_has_passed_changes_nothing(app: Flask, cast: Cast) -> None:
    author = cast.author()
    amend(author, "Newer words")
    withdraw(author)
    before = contents(app)
    answer = press(author.client, f"{author.receipt}return", version="1")
    assert answer.status_code == 409
    assert "changed in the meantime" in answer.text
    assert contents(app) == before


def test_a_removed_tribute_offers_no_step(cast: Cast) -> None:
    author = cast.author()
    decide(cast.keeper, author.public_id, "remove", ground="law", password="a password for tests")
    for path in ("amend", "withdraw"):
        assert author.client.get(f"{author.receipt}{path}").location == author.receipt
    assert take_back(author).status_code == 409
