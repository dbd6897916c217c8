"""What a command cannot do it says in a sentence, and nothing changes: never a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.cli.conftest import Run, done, refused
from tests.services.acts import everything
from tribute.app import create_app
from tribute.config import Settings
from tribute.extensions import db

MEMORIAL = ("--date", "1992-02-26", "--time-zone", "Asia/Baku")
UNPREPARED = [
    ("demo",), ("article", "list"), ("memorial", "list"), ("people", "list"), ("people", "link"), ("log", "verify"),
    ("reindex",), ("erase",), ("backup", "FILE"),
]  # fmt: skip


def said_in_one_line(result: Result) -> str:
    """A refusal's sentence."""
    said = refused(result)
    assert said.startswith("Error: ")
    assert "Traceback" not in said
    return said


@pytest.fixture
def unprepared(tmp_path: Path) -> Iterator[Flask]:
    """An installation that nobody has prepared."""
    app = create_app(Settings(instance_path=tmp_path / "new").with_secrets(), TESTING=True)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("words", UNPREPARED, ids=" ".join)
def test_before_prepare_a_command_says_what_to_do(unprepared: Flask, tmp_path: Path, words: tuple[str, ...]) -> None:
    args = ["tribute", *[str(tmp_path / "kept.tar.gz") if word == "FILE" else word for word in words]]
    said = said_in_one_line(unprepared.test_cli_runner().invoke(args=args))
    assert "Try: flask tribute" in said
    assert not (tmp_path / "kept.tar.gz").exists()


@pytest.mark.parametrize(
    "words", [("prepare",), ("migrate",), ("people", "list"), ("backup",), ("reindex",)], ids=" ".join
)
def test_a_database_that_does_not_answer_is_said_to(tmp_path: Path, words: tuple[str, ...]) -> None:
    url = "postgresql://postgres@127.0.0.1:1/none"
    app = create_app(Settings(instance_path=tmp_path / "new", database_url=url).with_secrets(), TESTING=True)
    said = said_in_one_line(app.test_cli_runner().invoke(args=["tribute", *words]))
    assert "the database refused" in said
    assert "Connection refused" in said
    checked = refused(app.test_cli_runner().invoke(args=["tribute", "check"]))
    assert checked.startswith("T010")


def test_a_file_that_is_no_database_is_said_to_be_none(unprepared: Flask) -> None:
    file = Path(unprepared.instance_path) / "tribute.db"
    file.write_text("These are words, not a database. " * 50)
    for words in (["prepare"], ["memorial", "list"], ["people", "link"]):
        assert "not a database" in said_in_one_line(unprepared.test_cli_runner().invoke(args=["tribute", *words]))
    assert file.read_text().startswith("These are words")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("memorial", "add", "x", *MEMORIAL, "--name", "en="), "give the memorial a name"),
        (("memorial", "add", "desk", *MEMORIAL, "--name", "en=Name"), "no reserved word"),
        (("memorial", "add", "20-january", *MEMORIAL, "--name", "en=Name"), "already here"),
        (("migrate", "--to", "9999"), "9999"),
        (
            ("article", "export", "--memorial", "20-january", "--language", "en", "--edition", "1999"),
            "nothing of that name",
        ),
        (("article", "export", "--memorial", "elsewhere", "--language", "en"), "nothing of that name"),
        (("log", "verify", "--known", "nonsense"), "no row has the hash nonsense"),
        (("people", "add", "nobody", "--role", "keeper", "--password-stdin"), "is not an email address"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    app: Flask, run: Run, words: tuple[str, ...], reason: str
) -> None:
    with app.app_context():
        before = everything(db.session())
        db.session.remove()
    assert reason in said_in_one_line(run(*words, typed="a password long enough\n"))
    with app.app_context():
        assert everything(db.session()) == before


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("memorial", "add", "x", *MEMORIAL, "--name", "Name"), "write it as en="),
        (("memorial", "add", "x", *MEMORIAL, "--name", "de=Name"), "one of az, en, ru, tr"),
        (("memorial", "add", "x", "--date", "26.2.1992", "--time-zone", "Asia/Baku", "--name", "en=N"), "2024-01-20"),
        (("article", "import", "nowhere.txt", "--memorial", "20-january", "--language", "en"), "does not exist"),
        (("article", "import", ".", "--memorial", "20-january", "--language", "en"), "is a directory"),
        (("article", "list", "--language", "en"), "No such option"),
        (("people", "add", "a@memorial.example", "--role", "owner", "--password-stdin"), "keeper"),
        (("people", "add", "a@memorial.example", "--role", "keeper"), "--password-stdin"),
        (("restore", "nowhere.tar.gz"), "does not exist"),
        (("nonsense",), "No such command"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, tuple) else "",
)
def test_what_was_mistyped_is_said_with_how_it_is_written(run: Run, words: tuple[str, ...], reason: str) -> None:
    result = run(*words, typed="a password long enough\n")
    assert result.exit_code == 2
    assert reason in result.output


def test_a_password_is_read_to_the_end_of_its_line_whatever_it_holds(app: Flask, run: Run) -> None:
    words = ("people", "add", "a@memorial.example", "--role", "keeper", "--password-stdin")
    done(run(*words, typed="  pässwörd, Əli  \r\nnot this"))
    assert "a@memorial.example\tkeeper\ta\tactive" in done(run("people", "list"))
