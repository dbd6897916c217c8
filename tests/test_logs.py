"""The log: JSON where nobody looks on, readable where somebody does; what failed is told without its own words."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.contextvars import bound_contextvars

from tribute import logs

ROOT = Path(__file__).parents[1]
SECRET = "leyla@memorial.example"
log = logging.getLogger("tribute.tests")


class Terminal(io.StringIO):
    """Somebody looks on."""

    def isatty(self) -> bool:
        """Yes."""
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """The log goes where it went, after the test."""
    root, own = logging.getLogger(), logging.getLogger("tribute")
    handlers, levels = list(root.handlers), (root.level, own.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    own.setLevel(levels[1])


def written(stream: io.StringIO) -> list[dict[str, Any]]:
    """The lines as JSON."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_its_moment_its_level_and_its_request() -> None:
    logs.configure(stream := io.StringIO())
    with bound_contextvars(request_id="abc"):
        log.info("said %s", "ə\nforged", extra={"route": "memorial.show"})
    logging.getLogger("sqlalchemy.pool").warning("of a library")
    first, second = written(stream)
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "said ə\nforged", "level": "info", "logger": "tribute.tests", "request_id": "abc",
        "route": "memorial.show",
    }  # fmt: skip
    assert (second["event"], second["level"], "request_id" in second) == ("of a library", "warning", False)


def test_libraries_tell_of_nothing_less_than_a_warning() -> None:
    logs.configure(stream := io.StringIO())
    logging.getLogger("urllib3").info("connected to somebody")
    log.debug("a detail")
    assert stream.getvalue() == ""


def test_in_a_terminal_it_is_readable() -> None:
    logs.configure(stream := Terminal())
    log.warning("the database does not answer", extra={"route": "memorial.show"})
    with pytest.raises(json.JSONDecodeError):
        json.loads(stream.getvalue())
    assert "the database does not answer" in stream.getvalue()
    assert "memorial.show" in stream.getvalue()


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["JSON", "terminal"])
def test_what_failed_is_told_by_kinds_and_places_and_not_in_its_own_words(stream: io.StringIO) -> None:
    logs.configure(stream)
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as first:
            raise ValueError(f"no such address: {SECRET}") from first
    except ValueError:
        log.exception("a request failed")
    said = stream.getvalue()
    assert SECRET not in said
    assert said.count("Traceback (most recent call last):") == 2
    assert said.index("builtins.KeyError") < said.index("builtins.ValueError")
    assert "test_logs.py" in said


def test_a_code_is_no_word_of_anybodys() -> None:
    logs.configure(stream := io.StringIO())
    try:
        open("/nowhere/at/all")  # noqa: PTH123, SIM115
    except OSError:
        log.exception("it failed")
    assert written(stream)[0]["exception"].endswith("FileNotFoundError (2)")


def test_the_server_writes_json_where_its_output_is_no_terminal(tmp_path: Path) -> None:
    told = "import wsgi, logging; logging.getLogger('elsewhere').error('said')"
    surroundings = {"TRIBUTE_INSTANCE_PATH": str(tmp_path / "instance"), "PATH": ""}
    ended = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, env=surroundings, check=True, capture_output=True, text=True
    )
    assert json.loads(ended.stderr)["event"] == "said"
