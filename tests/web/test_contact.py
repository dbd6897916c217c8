"""The contact page: it opens a case, once, and keeps what was typed."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import Cast, hidden, token
from tests.web.steps import LANGUAGES, main_of
from tribute.domain.reasons import CaseKind
from tribute.extensions import db
from tribute.models import Case
from tribute.web.words import CASE_KINDS

CONTACT = "/en/contact"
MESSAGE = 'A line of "quotes", <b>markup</b> & 👨‍👩‍👧‍👦\n\nand another.'


def write(cast: Cast, **fields: str | None) -> TestResponse:
    """Fill in the contact form and send it."""
    page = cast.visitor.get(CONTACT)
    data = {"kind": "correction", "name": "Leyla", "email": "leyla@memorial.example", "message": MESSAGE,
            "key": hidden(page, "key"), "csrf_token": token(page)} | fields  # fmt: skip
    return cast.visitor.post(CONTACT, data={name: value for name, value in data.items() if value is not None})


def cases(app: Flask) -> list[Case]:
    """All of them."""
    with app.app_context():
        return list(db.session.scalars(select(Case).order_by(Case.number)))


def test_the_form_names_what_a_message_can_be_about(cast: Cast) -> None:
    page = main_of(cast.visitor.get(CONTACT))
    assert all(str(name) in page for name in CASE_KINDS.values())
    assert set(CASE_KINDS) == set(CaseKind)


@pytest.mark.parametrize("kind", CaseKind)
def test_a_message_opens_a_case_of_its_kind(app: Flask, cast: Cast, kind: CaseKind) -> None:
    answer = write(cast, kind=kind)
    assert (answer.status_code, answer.location) == (303, "/en/contact/sent")
    assert "A person who keeps this memorial will read it." in cast.visitor.get(answer.location).text
    [case] = cases(app)
    assert (case.kind, case.name, case.message, case.language, case.status) == (kind, "Leyla", MESSAGE, "en", "open")


def test_the_same_form_sent_twice_is_one_case(app: Flask, cast: Cast) -> None:
    key = hidden(cast.visitor.get(CONTACT), "key")
    assert [write(cast, key=key).status_code for _ in range(3)] == [303, 303, 303]
    assert len(cases(app)) == 1


def test_another_message_under_the_same_key_is_not_lost(app: Flask, cast: Cast) -> None:
    key = hidden(cast.visitor.get(CONTACT), "key")
    write(cast, key=key)
    write(cast, key=key, message="Something that I forgot")
    assert [case.message for case in cases(app)] == [MESSAGE, "Something that I forgot"]


def test_name_and_address_may_be_absent(app: Flask, cast: Cast) -> None:
    assert write(cast, name="", email="").status_code == 303
    assert cases(app)[0].email_sealed is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"message": "\u200b"}, "Please write your message."), ({"kind": None}, "Please choose what"),
     ({"email": "nobody"}, "This is not an email address."), ({"name": "x" * 81}, "1 character too long"),
     ({"csrf_token": None}, "sent no cookie"), ({"key": "tampered"}, "could not be checked")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_everything_typed_is_kept(
    app: Flask, cast: Cast, fields: dict[str, str | None], said: str
) -> None:
    answer = write(cast, **fields)
    assert answer.status_code == 422
    assert said in main_of(answer)
    typed = html.unescape(answer.text)
    for name, value in (("name", "Leyla"), ("email", "leyla@memorial.example"), ("message", MESSAGE)):
        assert (fields.get(name) or value) in typed
    assert cases(app) == []


def test_the_page_stands_in_four_languages_and_only_its_readers_browser_keeps_it(cast: Cast) -> None:
    for lang in LANGUAGES:
        answer = cast.visitor.get(f"/{lang}/contact")
        assert f'<html lang="{lang}"' in answer.text
        assert answer.headers["Cache-Control"] == "private, no-cache"
