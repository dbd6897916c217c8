"""Deciding by a link in a mail: one person, one tribute, three days, once, and it asks before it acts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import WORDS, Cast, hidden, token
from tests.page import PageClient
from tests.web.steps import contents, decide, found, main_of
from tribute.domain import ids
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.models import Person, UsedLink
from tribute.services import mail_links

DAY = timedelta(days=1)


@pytest.fixture
def moderator(cast: Cast) -> int:
    """Somebody who decides by mail, in English."""
    return cast.person(Role.MODERATOR, "Rəna", "moderator@memorial.example")


def link(app: Flask, person_id: int, public_id: str) -> str:
    """The link to one tribute in a mail of now."""
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        secret, key = app.config["SECRET_KEY"], ids.decode(public_id) or 0
        return f"/mail/decide/{mail_links.make(secret, person, key, ids.new_id(now()))}"


def press(client: PageClient, address: str, action: str, **fields: str) -> TestResponse:
    """Open a link and press one of its buttons."""
    page = client.get(address)
    data = {"csrf_token": token(page), "version": hidden(page, "version")} | fields
    return client.post(f"{address}/{action}", data=data)


def test_a_link_shows_the_words_and_decides_nothing(app: Flask, cast: Cast, moderator: int) -> None:
    public_id = cast.tribute(Status.PENDING)
    address = link(app, moderator, public_id)
    before = contents(app)
    page = main_of(cast.visitor.get(address))
    assert WORDS in page
    assert "Rəna, this link works for you alone" in page
    assert cast.visitor.get("/desk/").status_code == 302  # nobody is signed in by it
    assert contents(app) == before


def test_publishing_by_a_link_is_a_decision_as_at_the_desk_and_uses_the_link_up(
    app: Flask, cast: Cast, moderator: int
) -> None:
    public_id = cast.tribute(Status.PENDING)
    address = link(app, moderator, public_id)
    answer = press(cast.client(), address, "approve")
    assert answer.status_code == 200
    assert "Published" in main_of(answer)
    assert found(app, public_id).status == Status.APPROVED
    assert "Rəna" in cast.keeper.get(f"/desk/tributes/{public_id}/").text
    assert cast.client().get(address).status_code == 410
    page = cast.visitor.get("/en/contact")
    again = cast.visitor.post(f"{address}/approve", data={"csrf_token": token(page), "version": "2"})
    assert again.status_code == 410


def test_declining_by_a_link_asks_for_the_reason(app: Flask, cast: Cast, moderator: int) -> None:
    public_id, client = cast.tribute(Status.PENDING), cast.client()
    address = link(app, moderator, public_id)
    refused = press(client, address, "decline", note="Kept words.")
    assert refused.status_code == 422
    assert "Please choose a reason" in main_of(refused)
    assert "Kept words." in refused.text
    assert press(client, address, "decline", reason="off_topic", note="Kept words.").status_code == 200
    assert found(app, public_id).status == Status.DECLINED


def test_who_comes_second_is_told_and_the_link_is_not_used_up(app: Flask, cast: Cast, moderator: int) -> None:
    public_id, client = cast.tribute(Status.PENDING), cast.client()
    address = link(app, moderator, public_id)
    page = client.get(address)
    decide(cast.keeper, public_id, "decline", reason="off_topic")
    data = {"csrf_token": token(page), "version": hidden(page, "version")}
    late = client.post(f"{address}/approve", data=data)
    assert late.status_code == 409
    assert "Already declined by Aytən" in main_of(late)
    assert found(app, public_id).status == Status.DECLINED
    assert "does not wait" in main_of(client.get(address))
    with app.app_context():
        assert db.session.query(UsedLink).count() == 0


@pytest.mark.parametrize("action", ["hide", "remove", "undo", "spam"])
def test_nothing_else_can_be_done_by_a_link(app: Flask, cast: Cast, moderator: int, action: str) -> None:
    address = link(app, moderator, cast.tribute(Status.PENDING))
    page = cast.visitor.get(address)
    assert cast.visitor.post(f"{address}/{action}", data={"csrf_token": token(page)}).status_code == 404


def test_after_three_days_it_has_ended(app: Flask, cast: Cast, moderator: int) -> None:
    public_id = cast.tribute(Status.PENDING)
    at = now()
    with time_machine.travel(at, tick=False):
        address = link(app, moderator, public_id)
    with time_machine.travel(at + 3 * DAY - timedelta(minutes=1)):
        assert cast.visitor.get(address).status_code == 200
    with time_machine.travel(at + 3 * DAY + timedelta(minutes=1)):
        assert cast.visitor.get(address).status_code == 410


@pytest.mark.parametrize("change", [{"role": Role.KEEPER}, {"active": False}, {"fs_uniquifier": "other sessions"}])
def test_a_link_of_somebody_who_may_not_any_more_opens_nothing(
    app: Flask, cast: Cast, moderator: int, change: dict[str, object]
) -> None:
    address = link(app, moderator, cast.tribute(Status.PENDING))
    with app.app_context():
        db.session.execute(db.update(Person).where(Person.id == moderator).values(change))
        db.session.commit()
    assert cast.visitor.get(address).status_code == 410


def test_a_keeper_never_gets_such_a_link(app: Flask, cast: Cast) -> None:
    keeper = cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
    assert cast.visitor.get(link(app, keeper, cast.tribute(Status.PENDING))).status_code == 410


def test_a_link_cannot_be_turned_to_another_tribute_or_person(app: Flask, cast: Cast, moderator: int) -> None:
    colleague = cast.person(Role.MODERATOR, "Kamran", "colleague@memorial.example")
    first, second = cast.tribute(Status.PENDING), cast.tribute(Status.PENDING)
    one, two, other = link(app, moderator, first), link(app, moderator, second), link(app, colleague, first)
    for a, b in ((one, two), (one, other)):
        for cut in (len("/mail/decide/") + 6, len("/mail/decide/") + 16, len(a) - 22):
            for mixed in (a[:cut] + b[cut:], b[:cut] + a[cut:]):
                if mixed not in (one, two, other):
                    assert cast.visitor.get(mixed).status_code in (404, 410), mixed
    assert cast.visitor.get("/mail/decide/x").status_code == 404


def test_the_page_speaks_the_persons_language(app: Flask, cast: Cast, moderator: int) -> None:
    with app.app_context():
        db.session.execute(db.update(Person).where(Person.id == moderator).values(language="az"))
        db.session.commit()
    page = cast.visitor.get(link(app, moderator, cast.tribute(Status.PENDING)))
    assert '<html lang="az"' in page.text
