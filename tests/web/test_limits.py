"""How much one sender may send: told to a moderator first, refused late, never at anybody else's cost."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from limits.storage import RedisStorage
from sqlalchemy import select

from tests import databases
from tests.cast import FORM, WALL, WORDS, Cast, send, token
from tests.page import PageClient
from tests.web.steps import amend, main_of, take_back, withdraw
from tribute.app import create_app
from tribute.config import Settings
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.models import Triage, Tribute
from tribute.services import safeguards
from tribute.web import limits, visitors
from tribute.web.limit_storage import SCHEME, SqliteStorage, day_key

REDIS_URL = "redis://127.0.0.1:6379/9"
NOBODY = "redis://127.0.0.1:1/0"  # where no server listens
Make = Callable[..., Flask]


@pytest.fixture
def limited(settings: Settings) -> Iterator[Make]:
    """Makes the application as a worker has it, with limits."""
    made = []

    def make(**changed: object) -> Flask:
        app = create_app(settings.model_copy(update={"limits": True} | changed), TESTING=True)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers that a test reaches quickly; their meaning is the same."""
    monkeypatch.setattr(limits, "MANY", 1)
    monkeypatch.setattr(limits, "MOST", 3)
    monkeypatch.setattr(limits, "RAISED", 2)


@pytest.fixture
def redis_url() -> Iterator[str]:
    """A real Redis; absent, the test is left out, and fails where CI requires it."""
    storage = RedisStorage(REDIS_URL)
    if not storage.check():
        if "redis" in databases.REQUIRED:
            pytest.fail("Redis does not answer, and TRIBUTE_REQUIRE names it")
        pytest.skip("Redis does not answer")
    storage.storage.flushdb()
    yield REDIS_URL
    storage.storage.flushdb()


def marks(app: Flask) -> list[list[str]]:
    """What the moderator is told of each tribute's address, the first first."""
    with app.app_context():
        found = db.session.scalars(select(Triage).order_by(Triage.revision_id))
        return [told for each in found for told in each.signals if told[0] == "many_from_address"]


def tributes(app: Flask) -> int:
    """How many have come in."""
    with app.app_context():
        return len(db.session.scalars(select(Tribute.id)).all())


def from_(client: PageClient, address: str, forwarded: str = "") -> PageClient:
    """A browser at an address."""
    client.environ_base["REMOTE_ADDR"] = address
    if forwarded:
        client.environ_base["HTTP_X_FORWARDED_FOR"] = forwarded
    return client


def test_the_sixth_is_marked_and_the_sixty_first_waits_with_its_words(limited: Make) -> None:
    app = limited()
    cast = Cast(app)
    for _each in range(60):
        assert send(cast.client()).status_code == 303
    refused = send(cast.client(), name="Sixty-first")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 600
    assert "Your words are below" in main_of(refused)
    assert WORDS in refused.text
    assert 'value="Sixty-first"' in refused.text
    assert tributes(app) == 60
    assert marks(app) == [["many_from_address", str(number)] for number in range(6, 61)]


@pytest.mark.usefixtures("few")
def test_another_address_is_not_caught(limited: Make) -> None:
    cast = Cast(limited())
    told = [send(from_(cast.client(), "203.0.113.1")).status_code for _each in range(4)]
    assert told == [303, 303, 303, 429]
    assert send(from_(cast.client(), "203.0.113.2")).status_code == 303


@pytest.mark.usefixtures("few")
def test_a_preview_and_another_language_spend_nothing(limited: Make) -> None:
    cast = Cast(limited())
    for button in ("preview", "switch") * 3:
        assert send(cast.client(), **{button: "1"}).status_code == 200
    assert send(cast.client()).status_code == 303


@pytest.mark.usefixtures("few")
def test_what_is_too_large_to_be_read_spends_nothing(limited: Make) -> None:
    cast = Cast(limited())
    for _each in range(4):
        assert cast.client().post(FORM, data={"message": "x" * 260 * 1024}).status_code == 413
    assert send(cast.client()).status_code == 303


@pytest.mark.usefixtures("few")
def test_without_limits_nobody_waits_and_nobody_is_told_of_many(app: Flask, cast: Cast) -> None:
    assert [send(cast.client()).status_code for _each in range(4)] == [303] * 4
    assert marks(app) == []


@pytest.mark.usefixtures("few")
def test_a_made_up_forwarding_changes_nothing(limited: Make) -> None:
    for proxies, hops in ((0, "198.51.100.{}"), (1, "198.51.100.{}, 203.0.113.7")):
        cast = Cast(limited(proxies=proxies, instance_path=Path(limited().instance_path) / str(proxies)))
        told = [send(from_(cast.client(), "127.0.0.1", hops.format(n))).status_code for n in range(4)]
        assert told == [303, 303, 303, 429]


@pytest.mark.usefixtures("few")
def test_behind_the_proxies_that_are_configured_each_visitor_is_one(limited: Make) -> None:
    cast = Cast(limited(proxies=2))
    told = [send(from_(cast.client(), "127.0.0.1", f"203.0.113.{n}, 10.0.0.1")).status_code for n in range(5)]
    assert told == [303] * 5


@pytest.mark.usefixtures("few")
def test_a_keeper_raises_both_for_a_day(limited: Make) -> None:
    app = limited()
    cast = Cast(app)
    keeper = cast.person(Role.KEEPER, "Aytən", "keeper@memorial.example")
    with app.app_context():
        safeguards.turn_on(db.session(), safeguards.RAISED_LIMITS, keeper, datetime.now(UTC))
        db.session.commit()
    assert [send(cast.client()).status_code for _each in range(7)] == [303] * 6 + [429]
    assert marks(app) == [["many_from_address", str(number)] for number in (3, 4, 5, 6)]


@pytest.mark.usefixtures("few")
def test_all_workers_count_together(limited: Make) -> None:
    workers = [Cast(limited()), Cast(limited())]
    assert [send(workers[n % 2].client()).status_code for n in range(4)] == [303, 303, 303, 429]


@pytest.mark.usefixtures("few")
def test_machines_count_together_in_redis(limited: Make, redis_url: str, tmp_path: Path) -> None:
    machines = [Cast(limited(redis_url=redis_url, instance_path=tmp_path / name)) for name in ("a", "b")]
    assert [send(machines[n % 2].client()).status_code for n in range(4)] == [303, 303, 303, 429]


def test_the_key_of_a_day_leaves_redis_by_itself(redis_url: str) -> None:
    storage, day = RedisStorage(redis_url), "2026-01-20"
    assert day_key(storage, day) == day_key(storage, day)
    assert 0 < storage.storage.ttl(f"tribute:day-key:{day}") <= 24 * 60 * 60


@pytest.mark.usefixtures("few")
def test_while_redis_is_gone_each_process_counts_by_itself(limited: Make) -> None:
    app = limited(redis_url=NOBODY)
    cast = Cast(app)
    assert [send(cast.client()).status_code for _each in range(4)] == [303, 303, 303, 429]
    assert cast.client().get("/en/search?q=x").status_code == 200
    assert cast.client().get("/en/receipt/nothing/").status_code == 404


def test_searches_are_counted_in_the_process(limited: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEARCHES", "2 per minute")
    client = Cast(limited()).client()
    answers = [client.get(f"/en/search?q={word}") for word in ("Baku", "Baku", "Gence", "Quba", "Baku")]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 200]  # what is kept costs nothing
    assert int(answers[3].headers["Retry-After"]) > 0
    assert "Too many at once" in main_of(answers[3])


def test_guessing_receipts_ends(limited: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WRONG_LINKS", "2 per 10 minutes")
    cast = Cast(limited())
    author = cast.author()
    for _each in range(4):
        assert author.client.get(author.receipt).status_code == 200  # the author's own visits spend nothing
    assert [cast.visitor.get(f"/en/receipt/{n}/").status_code for n in range(3)] == [404, 404, 429]


def test_asking_for_lost_links_ends_for_one_sender_and_reading_the_page_does_not(
    limited: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LOST_LINKS", "2 per hour")
    client = Cast(limited()).client()
    for status in (303, 303, 429):
        page = client.get("/en/receipt/")
        data = {"email": "leyla@memorial.example", "csrf_token": token(page)}
        assert client.post("/en/receipt/", data=data).status_code == status
    assert client.get("/en/receipt/").status_code == 200


def test_contact_keeps_the_text_it_refuses(limited: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONTACT", "1 per hour")
    client = Cast(limited()).client()
    assert {client.get("/en/contact").status_code for _each in range(2)} == {200}  # reading the page spends nothing
    client.post("/en/contact", data={"message": "first"})
    refused = client.post("/en/contact", data={"message": "My <second> letter"})
    assert refused.status_code == 429
    assert 60 < int(refused.headers["Retry-After"]) <= 3601
    assert "My &lt;second&gt; letter" in refused.text


def test_the_steps_of_one_receipt_end_whoever_takes_them_and_of_no_other(
    limited: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "STEPS", "2 per hour")
    cast = Cast(limited())
    author, other = cast.author(), cast.author()
    told = []
    for number in range(3):
        from_(author.client, f"203.0.113.{number}")
        answers = amend(author, f"Words {number}"), withdraw(author), take_back(author)
        told.append([answer.status_code for answer in answers])
    assert told == [[303, 303, 303], [303, 303, 303], [429, 429, 429]]
    assert "&lt;i&gt;Kept" in amend(author, "<i>Kept").text
    assert [step(other).status_code for step in (withdraw, take_back)] == [303, 303]
    assert amend(other, "Other words").status_code == 303


def test_reports_end_for_one_sender_with_their_words(limited: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REPORTS", "1 per hour")
    cast = Cast(limited())
    address = f"{WALL}{cast.tribute()}/report"
    said = {"reason": "other", "message": "Something <here> is wrong."}
    answers = [send(from_(cast.client(), "203.0.113.1"), address, **said) for _each in range(2)]
    assert [answer.status_code for answer in answers] == [303, 429]
    assert "Something &lt;here&gt; is wrong." in answers[1].text
    assert from_(cast.client(), "203.0.113.1").get(address).status_code == 200
    assert send(from_(cast.client(), "203.0.113.2"), address, **said).status_code == 303


def test_suggestions_end_for_one_sender(limited: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SUGGESTIONS", "1 per minute")
    client = Cast(limited()).client()
    asked = [client.get(f"/en/search/suggestions?q={typed}").status_code for typed in ("ba", "ge")]
    assert asked == [200, 429]


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("nonsense\r\n", "unknown"),
    ],
)
def test_what_counts_as_one_sender(written: str, counted: str) -> None:
    assert visitors.network(written) == counted


def test_the_key_of_a_day_is_destroyed_with_it(limited: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    app = limited()
    file = Path(app.instance_path) / "limits.db"
    at = datetime(2026, 1, 20, 23, 59, tzinfo=UTC)
    monkeypatch.setattr(visitors, "now", lambda: at)
    with app.test_request_context(environ_base={"REMOTE_ADDR": "203.0.113.7"}):
        first = visitors.address()
        assert visitors.address() == first
        key = day_key(limits_storage(app), "2026-01-20")
        at += timedelta(minutes=2)
        assert visitors.address() != first
    limits_storage(app)._open().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert key not in file.read_bytes()
    assert b"203.0.113" not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600


def limits_storage(app: Flask) -> SqliteStorage:
    """What an application counts with."""
    storage = app.extensions["limits"].storage
    assert isinstance(storage, SqliteStorage)
    return storage


def test_a_window_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("tribute.web.limit_storage.time.time", lambda: clock[0])
    storage, key = SqliteStorage(f"{SCHEME}://{tmp_path}/limits.db"), uuid.uuid4().hex
    for at, is_taken in ((1000, True), (1059, True), (1059.5, False), (1060.5, True), (1061, False), (1119.5, True)):
        clock[0] = at
        assert storage.acquire_entry(key, 2, 60) is is_taken, at
    assert storage.get_moving_window(key, 2, 60) == (1060.5, 2)


def test_one_key_or_every_key_is_forgotten(tmp_path: Path) -> None:
    storage = SqliteStorage(f"{SCHEME}://{tmp_path}/limits.db")
    for key in ("one", "one", "other"):
        assert storage.acquire_entry(key, 9, 60)
    storage.clear("one")
    assert [storage.get_moving_window(key, 9, 60)[1] for key in ("one", "other")] == [0, 1]
    assert storage.reset() == 1
    assert storage.get_moving_window("other", 9, 60)[1] == 0


def test_a_file_that_somebody_else_holds_cannot_be_written_until_it_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tribute.web.limit_storage.WAIT", 0.01)
    storage = SqliteStorage(f"{SCHEME}://{tmp_path}/limits.db")
    assert storage.check() is True
    with closing(sqlite3.connect(tmp_path / "limits.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert storage.check() is False
        with pytest.raises(storage.base_exceptions):
            storage.acquire_entry("one", 9, 60)
    assert storage.check() is True
    assert storage.acquire_entry("one", 9, 60)


def test_fixed_windows_are_not_counted_at_all(tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError):
        SqliteStorage(f"{SCHEME}://{tmp_path}/limits.db").incr("one", 60)


@pytest.mark.parametrize("address", ["/en/contact", "/account/login", FORM, "/en/nowhere"])
def test_large_bodies_are_refused_whatever_they_are_sent_as(cast: Cast, address: str) -> None:
    large = "x" * (260 * 1024 if address == FORM else 66 * 1024)
    for content_type in (None, "multipart/form-data"):
        answer = cast.visitor.post(address, data={"message": large}, content_type=content_type)
        assert answer.status_code == (404 if address == "/en/nowhere" else 413), content_type
        assert answer.status_code == 404 or "Go back" in main_of(answer)
