"""The key of a form: the same sending twice is one tribute, and other words are never lost under it."""

from __future__ import annotations

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select

from tests.cast import FORM, Cast, hidden, send, token
from tests.conftest import SECRET
from tribute.extensions import db
from tribute.models import Tribute
from tribute.web import form_keys


def tributes(app: Flask) -> int:
    """How many there are."""
    with app.app_context():
        return db.session.execute(select(func.count()).select_from(Tribute)).scalar_one()


def key_of(cast: Cast) -> str:
    """The key of a fresh form."""
    return hidden(cast.visitor.get(FORM), "key")


def test_the_same_form_sent_twice_is_one_tribute_with_one_receipt(app: Flask, cast: Cast) -> None:
    key = key_of(cast)
    first, second = send(cast.visitor, key=key), send(cast.visitor, key=key)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert tributes(app) == 1


@pytest.mark.parametrize(
    "changed",
    [{"message": "Other words"}, {"name": "Other"}, {"place": ""}, {"gesture": "dove"}, {"email": "a@b.example"}],
)
def test_other_words_under_the_same_key_are_kept_and_get_a_key_of_their_own(
    app: Flask, cast: Cast, changed: dict[str, str]
) -> None:
    key = key_of(cast)
    send(cast.visitor, key=key)
    answer = send(cast.visitor, key=key, **changed)
    assert answer.status_code == 409
    assert "already sent, with other words" in answer.text
    value = next(iter(changed.values()))
    assert value in answer.text
    assert tributes(app) == 1
    fresh = hidden(answer, "key")
    assert fresh != key
    assert send(cast.visitor, key=fresh, **changed).status_code == 303
    assert tributes(app) == 2


def test_two_forms_with_the_same_words_are_two_tributes(app: Flask, cast: Cast) -> None:
    assert send(cast.visitor).location != send(cast.visitor).location
    assert tributes(app) == 2


def test_a_key_survives_an_error_and_a_preview(cast: Cast) -> None:
    key = key_of(cast)
    assert hidden(send(cast.visitor, key=key, name=""), "key") == key
    assert hidden(send(cast.visitor, key=key, preview="1"), "key") == key
    assert hidden(send(cast.visitor, key=key, csrf_token=None), "key") == key


def test_a_key_and_every_word_survive_a_change_of_language(app: Flask, cast: Cast) -> None:
    page, typed = cast.visitor.get(FORM), {"name": "", "place": "Şuşa", "message": "Half a sent", "email": "half@"}
    for lang in ("ru", "az", "tr", "en"):
        data = typed | {"gesture": "candle", "key": hidden(page, "key"), "csrf_token": token(page), "switch": "1"}
        answer = cast.visitor.post(f"/{lang}/20-january/tributes/new", data=data)
        assert answer.status_code == 200
        assert f'<html lang="{lang}"' in answer.text
        assert hidden(answer, "key") == hidden(page, "key")
        assert all(text in answer.text for text in ("Şuşa", "Half a sent", 'value="half@"'))
        assert "aria-invalid" not in answer.text
    assert tributes(app) == 0


def test_the_language_menu_of_the_form_sends_the_form_along(cast: Cast) -> None:
    page = cast.visitor.get(FORM).text
    for lang in ("az", "ru", "tr"):
        assert f'formaction="/{lang}/20-january/tributes/new"' in page
    assert page.count("formnovalidate") == 4


@pytest.mark.parametrize("wrong", ["", "x", "e30.aaaa.bbbb", "cut", "signed elsewhere", "no key in it"])
def test_a_key_that_this_site_did_not_sign_sends_nothing_and_is_renewed(app: Flask, cast: Cast, wrong: str) -> None:
    with app.app_context():
        made = {
            "cut": form_keys.fresh()[:-1],
            "signed elsewhere": str(URLSafeTimedSerializer("another secret", salt=form_keys.SALT).dumps("00" * 16)),
            "no key in it": str(URLSafeTimedSerializer(SECRET, salt=form_keys.SALT).dumps(["no", "key"])),
        }
    answer = send(cast.visitor, key=made.get(wrong, wrong), message="Words that took long")
    assert answer.status_code == 422
    assert "Words that took long" in answer.text
    assert "please send it once more" in answer.text
    assert tributes(app) == 0
    assert send(cast.visitor, key=hidden(answer, "key"), message="Words that took long").status_code == 303
