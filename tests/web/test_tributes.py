"""The wall, the form, one tribute."""

from __future__ import annotations

from tests.cast import FORM, WALL, WORDS, Cast, send


def test_a_tribute_waits_until_a_moderator_publishes_it(cast: Cast) -> None:
    author = cast.author()
    assert WORDS not in cast.visitor.get(WALL).text
    assert "Your tribute is waiting" in author.client.get(author.receipt).text
    answer = cast.moderator.get("/desk/")
    assert WORDS in answer.text


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost(cast: Cast) -> None:
    answer = send(cast.visitor, name="", message="Words that took long")
    assert answer.status_code == 422
    assert "Please enter the name" in answer.text
    assert "Words that took long" in answer.text
    assert cast.visitor.get(FORM).status_code == 200
