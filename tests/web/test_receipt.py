"""The author's private page: what it says in each status, and who may open it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.cast import PASSWORD, WORDS, Author, Cast
from tests.web.steps import LANGUAGES, amend, decide, main_of, take_back, withdraw
from tribute.extensions import db, now
from tribute.services import authors
from tribute.web.words import REASONS

NOTE = "It names a living child. <b>Please</b> leave the name out & send it again."


def read(author: Author) -> str:
    """The author's page, as its author reads it."""
    page = author.client.get(author.receipt)
    assert page.status_code == 200
    return main_of(page)


def test_a_sent_tribute_is_waiting_and_its_link_can_be_kept(cast: Cast) -> None:
    author = cast.author()
    page = read(author)
    assert "Thank you. Your tribute is waiting to be read." in page
    assert "A moderator reads it" in page
    assert WORDS in page
    assert f'value="http://127.0.0.1:8000{author.receipt}"' in author.client.get(author.receipt).text


def test_a_published_one_is_on_the_wall(cast: Cast) -> None:
    author = cast.author()
    decide(cast.moderator, author.public_id, "approve")
    assert "Your tribute is on the wall." in read(author)
    assert f"/tributes/{author.public_id}/" in author.client.get(author.receipt).text


@pytest.mark.parametrize("reason", ["hatred", "private_person", "unreadable"])
def test_a_declined_one_says_why_in_words_and_can_be_mended(cast: Cast, reason: str) -> None:
    author = cast.author()
    decide(cast.moderator, author.public_id, "decline", reason=reason, note=NOTE)
    page = read(author)
    assert "Your tribute was not published." in page
    assert f"Reason: {REASONS[reason]}" in page
    assert f"From the moderator: {NOTE}" in page
    assert "Mend my words" in page
    assert "If you think this is a mistake, write to us." in page


def test_what_was_taken_for_spam_says_so_and_cannot_be_mended(cast: Cast) -> None:
    author = cast.author()
    decide(cast.moderator, author.public_id, "spam")
    page = read(author)
    assert "It was taken for advertising or a message sent in bulk." in page
    assert "Mend my words" not in page
    assert "Withdraw" in page


def test_a_hidden_one_is_not_shown_at_the_moment(cast: Cast) -> None:
    author = cast.author()
    decide(cast.moderator, author.public_id, "approve")
    decide(cast.moderator, author.public_id, "hide")
    assert "Your tribute is not shown at the moment." in read(author)
    decide(cast.moderator, author.public_id, "restore")
    assert "Your tribute is on the wall." in read(author)


def test_a_removed_one_says_on_what_ground_and_keeps_no_word(cast: Cast) -> None:
    author = cast.author(name="Unrepeated Name", place="Unrepeated Place")
    decide(cast.keeper, author.public_id, "remove", ground="family", password=PASSWORD)
    page = read(author)
    assert "This tribute has been removed." in page
    assert "Reason: Asked for by the family" in page
    text = author.client.get(author.receipt).text
    assert not [word for word in (WORDS, "Unrepeated", "Mend my words", "Withdraw") if word in text]


def test_an_undone_decision_is_as_if_it_had_not_been_taken(cast: Cast) -> None:
    author = cast.author()
    decide(cast.moderator, author.public_id, "decline", reason="hatred", note=NOTE)
    decide(cast.moderator, author.public_id, "undo")
    page = read(author)
    assert "Your tribute is waiting to be read." in page
    assert NOTE not in page


def test_newer_words_that_were_refused_are_told_beside_those_that_stay(cast: Cast) -> None:
    author = cast.author()
    decide(cast.moderator, author.public_id, "approve")
    amend(author, "Newer words")
    page = read(author)
    assert "Your tribute is on the wall. Your new words are waiting to be read." in page
    assert page.index(WORDS) < page.index("Newer words")
    decide(cast.moderator, author.public_id, "decline", reason="advertising", note=NOTE)
    page = read(author)
    assert "Your newer words were not published; the earlier ones stay on the wall." in page
    assert "Reason: Advertising" in page
    assert NOTE in page


def test_how_long_it_lately_took_is_said_once_enough_were_read(cast: Cast) -> None:
    author = cast.author()
    assert "lately" not in read(author)
    for _ in range(3):
        cast.tribute()
    assert "lately after about 5 minutes" in read(author)


def test_no_page_of_an_author_says_who_decided(cast: Cast) -> None:
    author = cast.author()
    for person, action in ((cast.moderator, "approve"), (cast.keeper, "hide"), (cast.moderator, "restore")):
        assert decide(person, author.public_id, action).status_code == 303
        for path in ("", "amend", "withdraw"):
            text = author.client.get(f"{author.receipt}{path}", follow_redirects=True).text
            assert not [name for name in ("Rəna", "Aytən", "moderator@", "keeper@") if name in text]


def test_a_receipt_is_never_kept_or_found(cast: Cast) -> None:
    author = cast.author()
    for path in (author.receipt, f"{author.receipt}amend", f"{author.receipt}withdraw", f"{author.receipt}?saved=1"):
        answer = author.client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in answer.text
        assert 'rel="canonical"' not in answer.text
        assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Disallow: /en/receipt/" in cast.visitor.get("/robots.txt").text


def test_a_receipt_opens_from_any_browser_and_in_every_language(cast: Cast) -> None:
    author = cast.author()
    for lang in LANGUAGES:
        page = cast.visitor.get(author.receipt.replace("/en/", f"/{lang}/"))
        assert page.status_code == 200
        assert f'<html lang="{lang}"' in page.text


def test_a_wrong_link_opens_nothing(cast: Cast, app: Flask) -> None:
    author = cast.author()
    token = author.receipt.split("/")[-2]
    others = cast.author().receipt.split("/")[-2]
    swapped = "B" if token[-1] != "B" else "C"
    for wrong in (token[:-1] + swapped, token[:-1], f"{token}A", others[:11] + token[11:], token.lower(), "x" * 32):
        for path in ("", "amend", "withdraw"):
            assert author.client.get(f"/en/receipt/{wrong}/{path}").status_code == 404
    with app.app_context():
        row = authors.by_token(db.session(), token, app.config["RECEIPT_KEYS"])
        row.receipt_generation += 1
        db.session.commit()
    assert author.client.get(author.receipt).status_code == 404


def test_a_withdrawn_one_says_until_when_it_can_come_back(cast: Cast) -> None:
    author = cast.author()
    withdraw(author)
    page = read(author)
    assert "You have withdrawn your tribute." in page
    assert "You can bring it back until" in page
    assert "Bring it back" in author.client.get(author.receipt).text
    with time_machine.travel(now() + timedelta(days=30, minutes=1), tick=False):
        assert "<button" not in author.client.get(author.receipt).text.split("data-private-link")[0]
        assert take_back(author).status_code == 409
