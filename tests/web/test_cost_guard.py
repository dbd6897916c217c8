"""A guard that needs no clock: what a page weighs, what a kept page costs, and what the server never loads."""

from __future__ import annotations

import cProfile
import pstats
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import make_url
from werkzeug.test import create_environ

from tests.cast import WALL, Cast
from tests.web.steps import MEMORIAL
from tribute.config import Settings
from tribute.web import public_version

ROOT = Path(__file__).parents[2]
HOME = f"/en/{MEMORIAL}/"
WITHIN = 0.15
CALLS = {"sqlite": 27, "postgresql": 26}  # of functions, for a kept page
BYTES = {  # as sent to a browser, with one tribute
    HOME: 2948, WALL: 1655, "/en/search?q=silence": 2126, f"{HOME}archive/": 1478, "/en/pages/rules/": 2452,
}  # fmt: skip
NEVER_LOADED = ("alembic", "bench", "migrations", "pytest", "hypothesis", "playwright", "tests")


def ask(app: Flask, environ: dict[str, Any]) -> bytes:
    """A page, as the server asks for it."""
    return b"".join(app(environ, lambda _status, _headers, _failure=None: bytes))


def asking(path: str) -> dict[str, Any]:
    """What the server hands over of a request."""
    return create_environ(path, headers={"Accept-Encoding": "gzip, deflate, br"})


def test_a_kept_page_costs_what_was_recorded(
    app: Flask, cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("EVERY", "LOOKS_EVERY"):
        monkeypatch.setattr(public_version, name, 60)
    cast.tribute()
    ask(app, asking(HOME))
    ask(app, asking(HOME))
    environ, profile = asking(HOME), cProfile.Profile()
    profile.enable()
    ask(app, environ)
    profile.disable()
    calls: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
    assert calls == pytest.approx(CALLS[make_url(settings.database).get_backend_name()], rel=WITHIN)


@pytest.mark.parametrize("page", BYTES)
def test_a_page_weighs_what_was_recorded(app: Flask, cast: Cast, page: str) -> None:
    cast.tribute()
    assert len(ask(app, asking(page))) == pytest.approx(BYTES[page], rel=WITHIN)


def test_the_server_loads_nothing_that_only_commands_and_tests_need(settings: Settings) -> None:
    told = "import sys, wsgi; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    environment = {"TRIBUTE_INSTANCE_PATH": str(settings.instance_path), "PATH": ""}
    answer = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    assert not set(NEVER_LOADED) & set(answer.stdout.split())
