"""Seen from outside: alive, ready, and the numbers, for whom they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NoReturn

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests.cast import WALL, Cast, send
from tests.conftest import METRICS_TOKEN
from tests.web.steps import MEMORIAL
from tribute.app import create_app
from tribute.config import Settings
from tribute.domain.lifecycle import Status
from tribute.extensions import db, now
from tribute.mail import chores
from tribute.services import last_done
from tribute.services.last_done import Chore

HOME = f"/en/{MEMORIAL}/"
Samples = dict[tuple[str, tuple[str, ...]], float]


def numbers(app: Flask) -> Samples:
    """What Prometheus reads: each number by its name and the values of its labels, in the order of their names."""
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, tuple(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in families for sample in family.samples
    }  # fmt: skip


def asked(app: Flask, method: str, route: str, status: int) -> float:
    """How many such requests are told of."""
    return numbers(app).get(("tribute_http_request_duration_seconds_count", (method, route, str(status))), 0.0)


@pytest.fixture
def silenced(app: Flask) -> Iterator[Flask]:
    """The site, whose database does not answer."""

    def refuse(_connection: object, _branch: object = None) -> NoReturn:
        raise OperationalError("SELECT secret", {}, Exception("could not connect to somewhere"))

    with app.app_context():
        event.listen(db.engine, "begin", refuse)
    yield app
    with app.app_context():
        event.remove(db.engine, "begin", refuse)


def of_the_moment(answer: TestResponse) -> Any:
    """What an answer says, once it is seen that nobody keeps it and nobody is known by it."""
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    return answer.get_json()


def test_a_site_that_is_well_says_so(app: Flask, cast: Cast) -> None:
    chores.beat(app)
    with app.app_context():
        last_done.mark(db.session(), Chore.BACKUP, now())
        db.session.commit()
    well = dict.fromkeys(("database", "migrations", "worker", "disk", "queue", "backup"), "ok")
    assert of_the_moment(cast.visitor.get("/healthz")) == {"status": "alive"}
    assert of_the_moment(cast.visitor.get("/readyz")) == {"status": "ready", "checks": well}


def test_what_wants_a_person_takes_no_machine_out_of_service(cast: Cast) -> None:
    cast.tribute(Status.PENDING, at=now() - timedelta(days=3))
    answer = cast.visitor.get("/readyz")
    assert answer.status_code == 200
    found = answer.get_json()["checks"]
    assert (found["worker"], found["backup"], found["queue"]) == ("never", "never", "late")


def test_without_its_database_a_process_lives_and_is_not_ready(silenced: Flask) -> None:
    client = silenced.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert of_the_moment(answer)["checks"]["database"] == "silent"
    assert "secret" not in answer.text
    assert "connect" not in answer.text
    told = numbers(silenced)
    assert told["tribute_ready", ("database",)] == 0
    assert ("tribute_ready", ("worker",)) not in told  # nobody knows
    assert ("tribute_outbox_overdue_seconds", ()) not in told


def test_a_schema_that_is_behind_is_not_ready(app: Flask) -> None:
    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.commit()
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["checks"]["migrations"]) == (503, "behind")
    assert numbers(app)["tribute_ready", ("migrations",)] == 0


@pytest.mark.parametrize(
    "shown", ["", "Bearer ", f"Bearer {METRICS_TOKEN}x", f"Basic {METRICS_TOKEN}", METRICS_TOKEN, "Bearer ə"]
)
def test_the_numbers_are_for_whoever_has_the_token(app: Flask, shown: str) -> None:
    answer = app.test_client().get("/metrics", environ_overrides={"HTTP_AUTHORIZATION": shown})
    assert answer.status_code == 404
    assert "tribute_ready" not in answer.text


def test_without_a_token_nobody_reads_them(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"metrics_token": ""}), TESTING=True)
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {METRICS_TOKEN}"}):
        assert app.test_client().get("/metrics", headers=headers).status_code == 404
    with app.app_context():
        db.engine.dispose()


def test_requests_are_counted_by_view_and_status_and_never_by_address(app: Flask, cast: Cast) -> None:
    author = cast.author()
    for path in (author.receipt, "/en/receipt/nothing/", "/none", FORGED):
        cast.visitor.get(path)
    cast.client().open(HOME, method="INVENTED")
    assert asked(app, "POST", "tributes.new", 303) == 1
    assert asked(app, "GET", "receipt.show", 200) == 1
    assert asked(app, "GET", "receipt.show", 404) == 1
    assert asked(app, "GET", "none", 404) == 2
    assert asked(app, "other", "none", 405) == 1
    told = " ".join(f"{name}{labels}" for name, labels in numbers(app))
    assert author.receipt.strip("/").split("/")[-1] not in told
    assert "forged" not in told


FORGED = "/forged%22%7D%0A1%09"


def test_buckets_add_up(app: Flask, cast: Cast) -> None:
    for _ in range(3):
        cast.visitor.get("/healthz")
    found = numbers(app)
    name, labels = "tribute_http_request_duration_seconds", ("GET", "outside.alive", "200")
    buckets = [value for (each, values), value in found.items() if each == f"{name}_bucket" and values[2] == labels[1]]
    assert buckets == sorted(buckets)
    assert buckets[-1] == found[f"{name}_count", labels] == 3
    assert found[f"{name}_sum", labels] > 0


def test_kept_pages_are_counted_by_what_the_cache_did(app: Flask, cast: Cast) -> None:
    first = cast.visitor.get(WALL)
    cast.visitor.get(WALL)
    cast.visitor.get(WALL, headers={"If-None-Match": first.headers["ETag"]})
    cast.visitor.get("/en/20-january/tributes/new")
    found = numbers(app)
    outcomes = {labels[0]: value for (name, labels), value in found.items() if name.startswith("tribute_page_cache")}
    assert outcomes == {"hit": 2, "miss": 1}
    assert asked(app, "GET", "tributes.wall", 200) == 2
    assert asked(app, "GET", "tributes.wall", 304) == 1


def test_what_is_served_while_the_database_is_gone_is_stale(app: Flask, cast: Cast, settings: Settings) -> None:
    cast.visitor.get(WALL)
    app.extensions["public_version"].read = lambda: None
    assert "stale" in cast.visitor.get(WALL).headers["Cache-Status"]
    assert numbers(app)["tribute_page_cache_requests_total", ("stale",)] == 1


def test_the_numbers_are_those_of_every_process(app: Flask, settings: Settings) -> None:
    other = create_app(settings, TESTING=True)
    for each in (app, other, other):
        each.test_client().get("/robots.txt")
    for each in (app, other):
        assert asked(each, "GET", "feeds.robots", 200) == 3
        assert numbers(each)["tribute_serving_processes", ()] == 2
    with other.app_context():
        db.engine.dispose()


def test_what_waits_and_what_was_done_is_told(app: Flask, cast: Cast) -> None:
    send(cast.visitor, email="leyla@memorial.example")
    chores.beat(app)
    found = numbers(app)
    for name in ("tribute_queue_tributes", "tribute_triage_verdicts"):
        assert sum(value for (each, _labels), value in found.items() if each == name) == 1
    assert found["tribute_outbox_messages", ("waiting",)] == 1
    assert found["tribute_index_missing", ("public",)] == 0
    assert found["tribute_worker_silent_seconds", ()] < 600
    assert ("tribute_backup_age_seconds", ()) not in found
    assert found["tribute_disk_free_bytes", ()] < found["tribute_disk_size_bytes", ()]
