"""Running commands as an operator does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run `flask tribute …` and hand back what it said and its exit code."""

    def call(*words: str, typed: str | None = None) -> Result:
        return app.test_cli_runner().invoke(args=["tribute", *words], input=typed)

    return call


def done(result: Result) -> str:
    """What a command said, once it is seen to have ended well."""
    assert result.exit_code == 0, result.output
    return result.output


def refused(result: Result) -> str:
    """What a command said when it refused: a sentence, not a trace."""
    assert result.exit_code == 1, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output
