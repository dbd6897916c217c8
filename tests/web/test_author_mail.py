"""An author and their mail, from the form to the last word, in each language; and the pages that its links open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, event, select

from tests.cast import Author, Cast, hidden, send, token
from tests.mail.posted import link_of, newly_posted, read_aloud, text_of
from tests.page import PageClient
from tests.web.steps import LANGUAGES, contents, decide, found, main_of
from tribute.domain.mail import Mail
from tribute.extensions import db, now
from tribute.models import Message
from tribute.services import answers

EMAIL = "leyla@memorial.example"
NOTE = "Telefon nömrəsini çıxarın."


def pressed(client: PageClient, address: str) -> str:
    """Open a mail's link, press the button of its page, and read where that leads."""
    page = client.get(address)
    answer = client.post(address, data={"csrf_token": token(page)})
    assert answer.status_code == 303, answer.text
    return client.get(answer.location).text


def author(cast: Cast, lang: str = "en", **fields: str) -> Author:
    """Somebody who gave an address with their tribute, from a page in a language."""
    client = cast.client()
    answer = send(client, f"/{lang}/20-january/tributes/new", email=EMAIL, **fields)
    path = answer.location
    return Author(client, cast.tribute_of(path), path)


def confirmed(app: Flask, cast: Cast, **fields: str) -> Author:
    """The same, who has confirmed it; their mail so far is read."""
    somebody = author(cast, **fields)
    pressed(cast.client(), link_of(newly_posted(app)[0], "/mail/confirm/"))
    assert len(newly_posted(app)) == 1
    return somebody


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_author_follows_a_tribute_through_every_message(app: Flask, cast: Cast, lang: str) -> None:
    keeper = cast.keeper
    with time_machine.travel(now(), tick=False) as clock:
        somebody = author(cast, lang)
        (question,) = newly_posted(app)
        assert question["To"] == EMAIL
        assert question["Content-Language"] == lang
        assert somebody.receipt not in text_of(question)
        page = pressed(cast.client(), link_of(question, f"/{lang}/mail/confirm/"))
        assert somebody.receipt.strip("/").split("/")[-1] in page  # it leads to their private page
        (arrived,) = newly_posted(app)
        assert link_of(arrived, "/receipt/") == somebody.receipt
        subjects = [str(question["Subject"]), str(arrived["Subject"])]
        for action, reason, note in (
            ("approve", "", ""), ("hide", "", ""), ("restore", "", ""),
        ):  # fmt: skip
            decide(keeper, somebody.public_id, action, reason=reason, note=note)
            assert newly_posted(app) == []  # it can still be taken back
            clock.shift(answers.WAIT)
            (told,) = newly_posted(app)
            assert link_of(told, "/receipt/") == somebody.receipt
            subjects.append(str(told["Subject"]))
        refused = author(cast, lang, message="Other words.")
        newly_posted(app)
        confirm_again(app, cast, refused)
        newly_posted(app)
        decide(keeper, refused.public_id, "decline", reason="private_person", note=NOTE)
        clock.shift(answers.WAIT)
        (told,) = newly_posted(app)
        assert NOTE in text_of(told)
        assert NOTE in read_aloud(told)
        assert main_of(refused.client.get(refused.receipt)).count(NOTE) == 1
        subjects.append(str(told["Subject"]))
    assert len(set(subjects)) == 6


def confirm_again(app: Flask, cast: Cast, somebody: Author) -> None:
    """Confirm an address whose question was read and thrown away."""
    with app.app_context():
        tribute = found(app, somebody.public_id)
        db.session.add(tribute)
        answers.confirm(db.session(), tribute, now())
        db.session.commit()


def test_opening_a_link_changes_nothing(app: Flask, cast: Cast) -> None:
    author(cast)
    (question,) = newly_posted(app)
    before = contents(app)
    for part in ("/mail/confirm/", "/mail/stop/"):
        for _twice in range(2):
            assert cast.visitor.get(link_of(question, part)).status_code == 200
    assert contents(app) == before


def test_the_receipt_says_what_happens_with_the_address(app: Flask, cast: Cast) -> None:
    assert "email address" not in main_of(cast.client().get(cast.author().receipt))
    somebody = author(cast)
    assert "open the link in the mail" in main_of(somebody.client.get(somebody.receipt))
    page = pressed(cast.client(), link_of(newly_posted(app)[0], "/mail/confirm/"))
    assert "Your address is confirmed." in page
    page = somebody.client.get(somebody.receipt).text
    assert "We write to your address" in page
    assert "/en/mail/stop/" in page


def test_this_was_not_me_takes_the_address_away_once_and_for_all(app: Flask, cast: Cast) -> None:
    somebody = author(cast)
    (question,) = newly_posted(app)
    address = link_of(question, "/mail/stop/")
    assert "Nothing more is sent" in pressed(cast.client(), address)
    assert found(app, somebody.public_id).email_sealed is None
    assert "Nothing more is sent" in cast.visitor.get(address).text
    page = cast.visitor.get("/en/contact")
    again = cast.visitor.post(address, data={"csrf_token": token(page)})
    assert again.status_code == 200
    assert cast.visitor.get(link_of(question, "/mail/confirm/")).status_code == 404
    author(cast)
    assert newly_posted(app) == []


def test_a_link_that_was_never_sent_opens_nothing(cast: Cast) -> None:
    for path in ("/en/mail/confirm/x", "/en/mail/confirm/" + "A" * 32, "/en/mail/stop/x"):
        assert cast.visitor.get(path).status_code == 404, path


def asked(client: PageClient, email: str, lang: str = "en") -> str:
    """Ask for lost links; the page that answers."""
    page = client.get(f"/{lang}/receipt/")
    answer = client.post(f"/{lang}/receipt/", data={"email": email, "csrf_token": token(page)})
    assert (answer.status_code, answer.location) == (303, f"/{lang}/receipt/sent")
    return main_of(client.get(answer.location))


def test_the_whole_walk_of_a_lost_link(app: Flask, cast: Cast) -> None:
    first = confirmed(app, cast)
    second = confirmed(app, cast, message="Other words.")
    author(cast, message="Never confirmed.")
    newly_posted(app)
    said = {asked(cast.client(), email) for email in (EMAIL.upper(), "nobody@memorial.example")}
    assert len(said) == 1
    (mail,) = newly_posted(app)
    assert str(mail["To"]).lower() == EMAIL
    for each in (first, second):
        assert each.receipt in text_of(mail)
        assert cast.client().get(link_of_receipt(text_of(mail), each)).status_code == 200
    assert text_of(mail).count("/receipt/") == 2


def link_of_receipt(text: str, somebody: Author) -> str:
    """The link to a private page as it stands in a mail."""
    assert somebody.receipt in text
    return somebody.receipt


def test_whatever_is_typed_the_same_is_asked_and_done(app: Flask, cast: Cast) -> None:
    confirmed(app, cast)
    client = cast.client()
    asked: dict[str, list[str]] = {EMAIL: [], "nobody@memorial.example": []}
    for email, statements in asked.items():
        page = client.get("/en/receipt/")
        with app.app_context(), noting(db.engine, statements):
            client.post("/en/receipt/", data={"email": email, "csrf_token": token(page)})
    known, unknown = asked.values()
    assert known == unknown  # so it takes the same time
    assert known
    with app.app_context():
        rows = db.session.scalars(select(Message).where(Message.kind == Mail.LOST_LINK)).all()
        kept = {(row.state, row.language, len(row.email_sealed or b"") > 0, row.tribute_id) for row in rows}
    assert (len(rows), len(kept)) == (2, 1)  # nobody can tell from the queue either


@contextmanager
def noting(engine: Engine, statements: list[str]) -> Iterator[None]:
    """Note every statement that is asked meanwhile."""

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "x" * 250 + "@memorial.example"])
def test_what_is_no_address_comes_back_with_the_reason(cast: Cast, email: str) -> None:
    page = cast.visitor.get("/en/receipt/")
    answer = cast.visitor.post("/en/receipt/", data={"email": email, "csrf_token": token(page)})
    assert answer.status_code == 422
    assert "Error:" in answer.text


def test_asking_again_and_again_sends_three_mails_a_day(app: Flask, cast: Cast) -> None:
    confirmed(app, cast)
    sent = 0
    for _time in range(5):
        asked(cast.client(), EMAIL)
        sent += len(newly_posted(app))
    assert sent == 3


def test_a_keeper_gives_a_new_link_which_is_shown_once_and_logged(app: Flask, cast: Cast) -> None:
    somebody, keeper = cast.author(), cast.keeper
    address = f"/desk/tributes/{somebody.public_id}/"
    data = {"generation": hidden(keeper.get(address), "generation"), "csrf_token": token(keeper.get(address))}
    page = keeper.post(f"{address}new-link", data=data)
    assert page.status_code == 200
    link = hidden_link(page.text)
    assert somebody.client.get(somebody.receipt).status_code == 404
    assert cast.client().get(link).status_code == 200
    assert link not in keeper.get(address).text
    assert "A new private link made" in keeper.get(address).text
    assert keeper.post(f"{address}new-link", data=data).status_code == 409  # sent twice, it is one
    assert cast.client().get(link).status_code == 200
    assert "new-link" not in cast.moderator.get(address).text
    answer = cast.moderator.post(f"{address}new-link", data=data | {"csrf_token": token(cast.moderator.get(address))})
    assert answer.status_code == 403


def hidden_link(text: str) -> str:
    """The path of the link that a keeper is shown."""
    return text.partition('id="private-link"')[2].partition('value="')[2].partition('"')[0].partition("8000")[2]
