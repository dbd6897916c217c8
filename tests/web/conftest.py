"""An application for what needs no database: forms, codes in words, query strings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request

from tests.conftest import SECRET
from tribute.app import create_app
from tribute.config import Settings
from tribute.extensions import db


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application on a database that nobody asks for anything."""
    folder: Path = tmp_path_factory.mktemp("bare")
    settings = Settings(
        instance_path=folder, database_url=f"sqlite:///{folder}/none.db", secret_key=SECRET, password_salt=SECRET,
        receipt_keys=SECRET, email_keys=SECRET, factor_keys=SECRET, limits=False,
    )  # fmt: skip
    return create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)


@pytest.fixture
def asked(bare: Flask) -> Iterator[Flask]:
    """The same while a page in English is asked for."""
    with bare.test_request_context("/en/20-january/tributes/new"):
        yield bare


@pytest.fixture
def uncached(settings: Settings) -> Iterator[Flask]:
    """The site without its page cache: what is true now."""
    made = create_app(settings.model_copy(update={"page_cache": 0}), TESTING=True)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def rendered(app: Flask) -> list[str]:
    """The addresses that Flask was asked for, in order."""
    asked: list[str] = []

    @app.before_request
    def _note() -> None:
        asked.append(request.full_path.rstrip("?"))

    return asked
