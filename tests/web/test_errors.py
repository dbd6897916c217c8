"""Refusals: each in a clear sentence, with what was typed kept on the page."""

from __future__ import annotations

from typing import NoReturn

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.cast import FORM, WORDS, Cast, send
from tests.page import PageClient
from tests.web.steps import LANGUAGES, contents, decide, main_of
from tribute.app import LARGEST_BODIES, create_app
from tribute.config import Settings
from tribute.extensions import db


def test_an_address_that_leads_nowhere_says_so_and_leads_back(cast: Cast) -> None:
    for path in ("/none", "/en/none/", "/en/20-january/none", "/en/pages/none/"):
        answer = cast.visitor.get(path)
        assert answer.status_code == 404
        assert "This address leads to no page." in main_of(answer)
        assert "Back to the memorial" in main_of(answer)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_body_that_is_too_large_gets_a_kind_page(app: Flask, cast: Cast, lang: str) -> None:
    before = contents(app)
    answer = send(cast.visitor, f"/{lang}/20-january/tributes/new", message="x" * LARGEST_BODIES["tributes.new"])
    assert answer.status_code == 413
    assert f'<html lang="{lang}"' in answer.text
    assert lang != "en" or "your words are still in the form" in main_of(answer)
    assert contents(app) == before


@pytest.mark.parametrize("letter", ["x", "ə", "👨‍👩‍👧‍👦", "%"])
def test_the_longest_words_there_can_be_are_not_too_large(cast: Cast, letter: str) -> None:
    answer = send(cast.visitor, name=letter * 80, message=letter * (16_000 // len(letter)))
    assert answer.status_code == 422
    assert "too long" in answer.text


def test_a_page_cannot_be_sent_to_and_a_button_cannot_be_read(cast: Cast) -> None:
    for answer in (cast.visitor.post("/en/20-january/"), cast.visitor.get("/account/logout"), cast.visitor.put(FORM)):
        assert answer.status_code == 405
        assert "Nothing was changed." in main_of(answer)


def test_what_is_not_open_to_somebody_says_who_can(cast: Cast) -> None:
    answer = cast.moderator.get("/desk/cases/")
    assert answer.status_code == 403
    assert "A keeper can." in main_of(answer)


def test_a_form_without_its_token_keeps_what_was_written(cast: Cast) -> None:
    public_id = cast.author().public_id
    answer = decide(cast.moderator, public_id, "decline", csrf_token=None, note="<b>A note</b> that took long")
    assert answer.status_code == 400
    assert "<b>A note</b> that took long" in main_of(answer)
    assert "<b>A note</b>" not in answer.text


def test_while_the_database_does_not_answer_words_are_kept(app: Flask, cast: Cast) -> None:
    def refuse(_connection: object, _branch: object = None) -> NoReturn:
        raise OperationalError("SELECT secret", {}, Exception("disk I/O error"))

    with app.app_context():
        event.listen(db.engine, "begin", refuse)
    for client in (cast.client(), cast.visitor):
        answer = client.post(FORM, data={"message": WORDS})
        assert answer.status_code == 503
        assert WORDS in main_of(answer)
        assert "secret" not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    page = cast.client().get("/en/20-january/archive/")
    assert page.status_code == 503
    assert "This page cannot be shown just now" in main_of(page)
    assert "kept below" not in page.text


def test_who_is_signed_in_is_told_the_same_while_the_database_does_not_answer(app: Flask, cast: Cast) -> None:
    desk = cast.keeper

    def refuse(_connection: object, _branch: object = None) -> NoReturn:
        raise OperationalError("SELECT secret", {}, Exception("disk I/O error"))

    with app.app_context():
        event.listen(db.engine, "begin", refuse)
    for path in ("/desk/", "/account/factors", FORM):
        answer = desk.get(path)
        assert answer.status_code == 503
        assert "secret" not in answer.text


def test_a_mistake_of_ours_shows_no_trace_and_keeps_the_words(settings: Settings, sqlite_template: object) -> None:
    app = create_app(settings, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    app.add_url_rule("/en/mistake", view_func=lambda: str(1 // 0), methods=["GET", "POST"])
    app.test_client_class = PageClient
    answer = app.test_client().post("/en/mistake", data={"message": WORDS})
    assert answer.status_code == 500
    assert "The mistake is ours and has been noted." in answer.text
    assert WORDS in answer.text
    assert "ZeroDivision" not in answer.text
    assert answer.headers["Content-Security-Policy"]
    with app.app_context():
        db.engine.dispose()
