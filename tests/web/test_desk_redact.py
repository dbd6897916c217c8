"""Leaving something out at the desk: what the moderator, the public and the author see of it."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import Cast
from tests.web.steps import amend, contents, decide, found, main_of
from tribute.domain.lifecycle import Status

WORDS = "We remember Zəhra Quliyeva, the teacher of our school."
CUT = {"cut": "Zəhra Quliyeva", "reason": "private_person", "note": "She asked us to."}
SENTENCE = "Shortened by a moderator."


def test_what_is_left_out_of_what_waits_is_public_nowhere(app: Flask, cast: Cast) -> None:
    author = cast.author(message=WORDS, name="Zəhra Quliyeva")
    answer = decide(cast.moderator, author.public_id, "redact", **CUT)
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert "We remember […], the teacher" in cast.moderator.get("/desk/").text
    decide(cast.moderator, author.public_id, "approve")
    wall = "/en/20-january/tributes/"
    for path in (
        wall,
        f"{wall}{author.public_id}/",
        "/en/20-january/",
        "/en/20-january/feed.atom",
        "/en/search?q=teacher",
    ):
        page = cast.visitor.get(path).text
        assert "Zəhra" not in page, path
        assert "Quliyeva" not in page, path
        assert "[…]" in page, path
        assert SENTENCE in page, path
    assert author.public_id not in cast.visitor.get("/en/search?q=Quliyeva").text
    assert "Quliyeva" not in main_of(cast.moderator.get("/desk/?q=Quliyeva"))


def test_what_is_published_whole_says_nothing_of_the_kind(cast: Cast) -> None:
    public_id = cast.tribute()
    for path in ("/en/20-january/tributes/", f"/en/20-january/tributes/{public_id}/", "/en/20-january/feed.atom"):
        assert SENTENCE not in cast.visitor.get(path).text


def test_the_author_is_told_what_why_and_of_which_version(cast: Cast) -> None:
    author = cast.author(message=WORDS)
    decide(cast.moderator, author.public_id, "approve")
    decide(cast.moderator, author.public_id, "redact", **CUT)
    told = main_of(author.client.get(author.receipt))
    assert "A moderator left out a part of your words. You had sent them on" in told
    assert "Left out: “ Zəhra Quliyeva ”" in told
    assert "Reason: Private facts about a living person" in told
    assert "From the moderator: She asked us to." in told
    assert "We remember […], the teacher" in told
    assert "Rəna" not in told


def test_mending_begins_with_the_shortened_words_and_says_so(cast: Cast) -> None:
    author = cast.author(message=WORDS)
    decide(cast.moderator, author.public_id, "redact", **CUT)
    page = author.client.get(f"{author.receipt}amend")
    assert "They stand below as they were shortened" in main_of(page)
    assert "We remember […], the teacher" in page.text
    assert "Quliyeva" not in page.text
    amend(author, "We remember our teacher.")
    assert "shortened" not in main_of(author.client.get(f"{author.receipt}amend"))


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"cut": ""}, "Please say what is to be left out"),
    ({"cut": "Zəhra\nKəmalə"}, "“Kəmalə” does not stand there."),
    ({"cut": WORDS}, "decline it instead"),
    ({"reason": ""}, "Please choose a reason for leaving something out."),
    ({"reason": "law"}, "Please choose a reason for leaving something out."),
    ({"reason": "other", "note": " "}, "needs a note"),
    ({"note": "x" * 2001}, "The note is too long."),
    ({"cut": "x" * 2001}, "What is to be left out is too long."),
])  # fmt: skip
def test_what_is_missing_is_said_and_what_was_typed_stays(
    app: Flask, cast: Cast, fields: dict[str, str], sentence: str
) -> None:
    public_id, moderator = cast.tribute(Status.PENDING, words=WORDS), cast.moderator
    rows, said = contents(app), CUT | fields
    answer = decide(moderator, public_id, "redact", **said)
    assert answer.status_code == 422
    assert sentence in main_of(answer)
    for typed in ("cut", "note"):
        assert f">{said[typed].strip()}</textarea>" in answer.text
    assert 'data-panel="redact" tabindex="-1" autofocus>' in answer.text  # open
    assert 'data-panel="decline" hidden>' in answer.text
    assert contents(app) == rows


def test_whoever_comes_second_keeps_what_they_typed(app: Flask, cast: Cast) -> None:
    public_id, moderator = cast.tribute(Status.PENDING, words=WORDS), cast.moderator
    decide(cast.keeper, public_id, "decline", reason="off_topic")
    rows = contents(app)
    answer = decide(moderator, public_id, "redact", version=1, **CUT)
    assert answer.status_code == 409
    assert "Already declined by Aytən" in main_of(answer)
    assert "Zəhra Quliyeva\n\nShe asked us to.</textarea>" in answer.text
    assert contents(app) == rows
    assert decide(moderator, public_id, "redact", **CUT).status_code == 409


def test_it_can_be_taken_back(app: Flask, cast: Cast) -> None:
    public_id = cast.tribute(words=WORDS)
    decide(cast.moderator, public_id, "redact", **CUT)
    assert "Redacted." in main_of(cast.moderator.get("/desk/"))
    decide(cast.moderator, public_id, "undo")
    assert "Zəhra Quliyeva" in cast.visitor.get(f"/en/20-january/tributes/{public_id}/").text
    assert "taken back" in main_of(cast.moderator.get(f"/desk/tributes/{public_id}/"))


def test_every_version_is_marked_against_the_one_before(cast: Cast) -> None:
    author = cast.author(message=WORDS)
    decide(cast.moderator, author.public_id, "approve")
    amend(author, WORDS.replace("school", "street"), name="Daniel Q.")
    page = cast.moderator.get(f"/desk/tributes/{author.public_id}/").text
    assert "the teacher of our <del>school</del>." in page
    assert page.count("the teacher of our <ins>street</ins>.") == 2  # on the card, and among the versions
    assert "Daniel <del>M</del>." in page
    assert page.count("Daniel <ins>Q</ins>.") == 2
    assert "Gone from the version before:" in page


def test_texts_too_long_to_compare_are_shown_whole_and_say_so(cast: Cast) -> None:
    author = cast.author(message="! " * 900 + "?")
    decide(cast.moderator, author.public_id, "approve")
    amend(author, "! " * 901 + ".")
    page = cast.moderator.get(f"/desk/tributes/{author.public_id}/")
    assert main_of(page).count("too long to mark what differs") == 0  # they begin with the same
    amend(author, ". ! ? " * 300)
    assert main_of(cast.moderator.get("/desk/")).count("too long to mark what differs") == 1


def test_a_tributes_urgency_and_gesture_are_as_before(app: Flask, cast: Cast) -> None:
    public_id = cast.tribute(Status.PENDING, words=WORDS, gesture="candle")
    before = found(app, public_id)
    decide(cast.moderator, public_id, "redact", **CUT)
    after = found(app, public_id)
    assert (after.urgency, after.gesture, after.language, after.worded) == (
        before.urgency, before.gesture, before.language, True,
    )  # fmt: skip
