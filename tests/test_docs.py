"""What the docs say is so: every setting and every command, in both directions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from sqlalchemy.orm import Session

from tribute.cli import LazyGroup
from tribute.cli.triage import table
from tribute.config import Settings
from tribute.services import evaluation

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SECURITY = ROOT / "docs" / "security.md"
OPERATORS = ROOT / "docs" / "operators.md"
SETTING = re.compile(r"^\| `TRIBUTE_(\w+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)
COMMAND = re.compile(r"flask tribute ([a-z][^`|#<>\n]*)")
EMPTY = "(empty)"


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command of a group and of the groups in it, by its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))
        else:
            yield (*path, name), found


KNOWN = dict(commands(LazyGroup("tribute")))


def named(file: Path) -> list[list[str]]:
    """The commands that a page names, each as its words."""
    return [said.split() for said in COMMAND.findall(file.read_text().replace("\\\n", " "))]


def command_of(words: list[str]) -> tuple[str, ...]:
    """The command in a line: its longest known beginning."""
    return next((tuple(words[:length]) for length in (2, 1) if tuple(words[:length]) in KNOWN), ())


def test_every_setting_is_in_the_operators_table_with_its_default_and_its_use() -> None:
    table = {name.lower(): (default.strip("`"), use) for name, default, use in SETTING.findall(OPERATORS.read_text())}
    settings = {name: (str(field.default) or EMPTY, field.description) for name, field in Settings.model_fields.items()}
    assert table == settings


def test_no_page_names_a_setting_that_there_is_not() -> None:
    others = {"TRIBUTE_REQUIRE", "TRIBUTE_TEST_POSTGRESQL", "TRIBUTE_REHEARSE"}  # the tests' own
    for page in PAGES:
        found = set(re.findall(r"TRIBUTE_[A-Z_]*[A-Z]", page.read_text())) - others
        assert found <= {f"TRIBUTE_{name.upper()}" for name in Settings.model_fields}, page.name


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_command_that_a_page_names_is_there_with_its_options(file: Path) -> None:
    for words in named(file):
        command = command_of(words)
        is_group = any(known[0] == words[0] for known in KNOWN) and len(words) == 1
        assert command or is_group, words
        if command:
            options = {option for parameter in KNOWN[command].params for option in parameter.opts} | {"--help"}
            assert {word for word in words if word.startswith("--")} <= options, words


def test_every_command_is_in_the_operators_page_and_says_what_it_does() -> None:
    documented = {command_of(words) for words in named(OPERATORS)}
    assert set(KNOWN) <= documented
    for words, command in KNOWN.items():
        assert command.help, words
        assert all(option.help for option in command.params if isinstance(option, click.Option)), words


def test_every_finding_of_check_is_explained() -> None:
    found = set(re.findall(r'"(T\d{3})"', (ROOT / "tribute" / "services" / "checks.py").read_text()))
    assert found
    assert set(re.findall(r"\| (T\d{3}) \|", OPERATORS.read_text())) == found


def test_every_page_that_a_page_leads_to_is_there() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} leads to {target}"


def test_each_test_that_holds_a_promise_is_there() -> None:
    promised = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", SECURITY.read_text())
    assert len(promised) > 30
    assert not [name for file, name in promised if f"def {name}(" not in (ROOT / file).read_text()]


def test_the_table_of_triage_is_what_the_evaluation_prints(session: Session) -> None:
    said = SECURITY.read_text()
    for side in evaluation.SIDES:
        judged = evaluation.judge(session, evaluation.labelled(side), datetime(2026, 1, 20, tzinfo=UTC))
        assert "\n".join(table(evaluation.scores(judged))) in said, side
