"""What stands beside a tribute at the desk: its sender's others, its history, and how it will look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, send
from tests.web.steps import contents, decide, main_of
from tribute.app import create_app
from tribute.config import Settings
from tribute.domain import ids
from tribute.domain.lifecycle import Status
from tribute.extensions import db, now
from tribute.models import Sender, Tribute

NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)


@pytest.fixture
def limited(settings: Settings) -> Iterator[Flask]:
    """The application as it is served: it knows the day's key."""
    app = create_app(settings.model_copy(update={"limits": True}), TESTING=True)
    yield app
    with app.app_context():
        db.engine.dispose()


def leave(cast: Cast, name: str, address: str = "192.0.2.7") -> None:
    """Somebody sends a tribute from an address."""
    client = cast.client()
    client.environ_base["REMOTE_ADDR"] = address
    assert send(client, name=name).status_code == 303


def page_of(app: Flask, client: FlaskClient, name: str) -> str:
    """The desk's page of whoever wrote under that name."""
    found = re.search(rf'href="(/desk/tributes/[^"]+/)"><bdi>{name}<', client.get("/desk/").text)
    assert found
    return found.group(1)


def test_what_came_from_one_address_today_is_told_and_the_address_is_not(limited: Flask) -> None:
    app, cast = limited, Cast(limited)
    with time_machine.travel(NOON, tick=True):
        for name in ("Nigar", "Orxan", "Pərvin"):
            leave(cast, name)
        leave(cast, "Səidə", "198.51.100.7")
        leave(cast, "Nobody’s", "not an address")
        queue = cast.moderator.get("/desk/").text
        assert queue.count("2 more from the same address today") == 3
        own = cast.moderator.get(page_of(app, cast.moderator, "Nigar")).text
        beside = own[own.index("<aside") :]
        assert "2 more from the same address today" in beside
        assert "Orxan" in beside
        assert "Səidə" not in beside
        with app.app_context():
            kept = db.session.scalars(db.select(Sender.address)).all()
        assert len(set(kept)) == 2
        assert not any("192.0.2" in each or each in own + queue for each in kept)
    with time_machine.travel(NOON + timedelta(days=1), tick=True):
        assert "from the same address" not in cast.moderator.get("/desk/").text
        leave(cast, "Tofiq")
        with app.app_context():
            assert [row.day for row in db.session.scalars(db.select(Sender))] == ["2026-01-21"]
    with time_machine.travel(NOON + timedelta(days=2), tick=True):
        app.test_cli_runner().invoke(args=["tribute", "erase"], catch_exceptions=False)
        with app.app_context():
            assert not db.session.scalars(db.select(Sender)).all()


def test_where_nothing_is_limited_nothing_is_kept_of_an_address(app: Flask, cast: Cast) -> None:
    cast.author()
    with app.app_context():
        assert not db.session.scalars(db.select(Sender)).all()


def test_what_came_by_the_same_confirmed_email_is_told(app: Flask, cast: Cast) -> None:
    made = [cast.tribute(Status.PENDING, name=name, email="leyla@memorial.example") for name in ("Leyla", "Lalə")]
    assert "same confirmed email" not in cast.moderator.get("/desk/").text
    with app.app_context():
        for public_id in made:
            db.session.get_one(Tribute, ids.decode(public_id)).email_confirmed_at = now()
        db.session.commit()
    assert cast.moderator.get("/desk/").text.count("1 more with the same confirmed email") == 2
    page = cast.moderator.get(f"/desk/tributes/{made[0]}/beside")
    assert "1 more with the same confirmed email" in main_of(page)
    assert "Lalə Waiting" in main_of(page)
    assert "leyla@memorial.example" not in page.text


def test_the_fragment_is_a_page_of_its_own_and_reading_it_changes_nothing(app: Flask, cast: Cast) -> None:
    public_id, moderator = cast.tribute(Status.PENDING, name="Nigar"), cast.moderator
    rows = contents(app)
    page = moderator.get(f"/desk/tributes/{public_id}/beside")
    assert page.status_code == 200
    assert "data-nearby" in page.text
    assert "How it will look" in main_of(page)
    assert "History Received" in main_of(page)
    assert "no-store" in page.headers["Cache-Control"]
    assert contents(app) == rows
    assert moderator.get("/desk/tributes/0000000000000/beside").status_code == 404
    assert cast.visitor.get(f"/desk/tributes/{public_id}/beside").status_code == 302


def test_every_status_can_be_looked_at_and_only_what_waits_has_a_preview(cast: Cast) -> None:
    for status in Status:
        page = cast.moderator.get(f"/desk/tributes/{cast.tribute(status)}/beside")
        assert page.status_code == 200
        assert ("How it will look" in page.text) is (status is Status.PENDING)


def test_the_queues_cards_name_where_to_ask_and_a_page_of_its_own_does_not(cast: Cast) -> None:
    public_id = cast.tribute(Status.PENDING)
    named = f'data-at="/desk/tributes/{public_id}/"'
    queue, own = cast.moderator.get("/desk/").text, cast.moderator.get(f"/desk/tributes/{public_id}/").text
    assert named in queue
    assert " data-beside" in queue
    assert " data-beside" not in own
    decide(cast.moderator, public_id, "approve")
    assert "How it will look" not in cast.moderator.get(f"/desk/tributes/{public_id}/").text
