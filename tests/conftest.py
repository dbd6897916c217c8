"""The fixtures of every test: a database of each kind, the application on it, and the cast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from tests import databases
from tests.cast import Cast
from tests.databases import Reused
from tribute.app import create_app
from tribute.config import Settings
from tribute.extensions import db
from tribute.services import search
from tribute.web import public_version, sessions

SECRET = "for the tests alone and long enough to be taken"
METRICS_TOKEN = "for the tests' Prometheus, as long as it must be"
# How long an example takes hangs on the machine alone.
hypothesis.settings.register_profile("no deadline", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("no deadline")


@pytest.fixture(scope="session")
def postgresql_template() -> Iterator[str]:
    """A PostgreSQL database with what ships; absent servers skip the test, and fail it where CI requires them."""
    if not databases.has_postgresql():
        if "postgresql" in databases.REQUIRED:
            pytest.fail("PostgreSQL does not answer, and TRIBUTE_REQUIRE names it")
        pytest.skip("PostgreSQL does not answer")
    yield from databases.postgresql_template()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with what ships."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    databases.furnish(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql_reused(postgresql_template: str) -> Iterator[Reused]:
    """One PostgreSQL database for a worker's tests, one after another."""
    reused = Reused(postgresql_template)
    yield reused
    reused.drop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with what ships: every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        yield databases.sqlite_copy(request.getfixturevalue("sqlite_template"), tmp_path)
    else:
        reused: Reused = request.getfixturevalue("postgresql_reused")
        yield reused.url
        reused.renew()


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Each test has an application of its own: to compile its templates anew took a third of the time."""
    kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": kept})
        yield


@pytest.fixture(autouse=True)
def _patient_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches take the time they need: what they find must not hang on how busy the machine is."""
    monkeypatch.setattr(search, "SECONDS", 60)


@pytest.fixture(autouse=True)
def _seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept pages learn at once of what others have written: of SQLite's another file, and of PostgreSQL everything."""
    monkeypatch.setattr(public_version, "EVERY", 0)
    monkeypatch.setattr(public_version, "LOOKS_EVERY", 0)


@pytest.fixture(autouse=True)
def _stay_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever signed in stays so while a test moves the clock; how long that is has tests of its own."""
    always = sessions.Lasts(timedelta(days=9999), timedelta(days=9999))
    monkeypatch.setattr(sessions, "FOR_THE_DAY", always)
    monkeypatch.setattr(sessions, "KEPT", always)


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """Settings on that database, with an instance folder of the test's own."""
    return Settings(
        instance_path=tmp_path / "instance", database_url=database, secret_key=SECRET, password_salt=SECRET,
        receipt_keys=SECRET, email_keys=SECRET, factor_keys=SECRET, limits=False, metrics_token=METRICS_TOKEN,
    )  # fmt: skip


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application, and nobody in it."""
    app = create_app(settings, TESTING=True)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session in an application context, for tests of services."""
    with app.app_context():
        yield db.session()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Visitor, author, moderator, keeper, outsider."""
    return Cast(app)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in the last lines what was left out because a server or a browser was absent."""
    reasons = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", [])
               if isinstance(report.longrepr, tuple)}  # fmt: skip
    for reason in sorted(reasons):
        terminalreporter.write_line(f"LEFT OUT: {reason.removeprefix('Skipped: ')}")
