"""What the docs say is so: every setting and every command, in both directions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from sqlalchemy.orm import Session

from bench.report import PAGE
from docs import scale
from tribute.cli import LazyGroup
from tribute.cli.triage import table
from tribute.config import Settings
from tribute.services import evaluation

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SECURITY = ROOT / "docs" / "security.md"
ASVS = ROOT / "docs" / "asvs.md"
REPORTS = ROOT / "SECURITY.md"
RELIABILITY = ROOT / "docs" / "reliability.md"
PROMISING = ("security", "asvs", "reliability")
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


def test_the_plan_of_scale_is_worked_out_from_the_figures_that_were_measured() -> None:
    page = scale.SCALE.read_text("utf-8")
    inside = page.partition(scale.BEGIN)[2].partition(scale.END)[0]
    assert inside.strip() == scale.tables(PAGE.read_text("utf-8")), "make scale"


def test_figures_become_cores_by_how_often_they_are_asked_for() -> None:
    found = {(scale.NGINX, ""): scale.Row(60_000, 20)}
    found |= {(what, "PostgreSQL"): scale.Row(100, 10_000, 4_000) for what in (scale.NEW, scale.SEARCH, scale.SENT)}
    rows = dict(line.strip("| ").split(" | ", 1) for line in scale.cores(found))
    assert rows["nginx, all pages"] == "< 0.01 | < 0.01 | 0.06 | 6"
    assert rows["the site: a search"] == "– | – | 1 | 100", "what was not measured on SQLite is not made up"
    assert rows["the site: a tribute sent"] == "– | – | 0.83 | 83"
    assert rows["PostgreSQL, beside the site"] == "none | none | 0.77 | 73"
    assert rows["**to rent for the site: twice as many**"] == "– | – | 4 | 367"


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


@pytest.mark.parametrize(("page", "fewest"), [(SECURITY, 30), (ASVS, 30), (RELIABILITY, 20)], ids=PROMISING)
def test_each_test_that_holds_a_promise_is_there(page: Path, fewest: int) -> None:
    promised = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", page.read_text())
    assert len(promised) > fewest
    assert not [name for file, name in promised if f"def {name}(" not in (ROOT / file).read_text()]


def rows(level: str) -> set[str]:
    """The rows of a level: `6.2.1-8` stands for eight of them."""
    found = set()
    for part in level.split():
        first, _, last = part.partition("-")
        section, _, number = first.rpartition(".")
        found |= {f"{section}.{each}" for each in range(int(number), int(last or number) + 1)}
    return found


# The numbers of ASVS 5.0.0; its chapters 10 and 17 do not apply as a whole.
LEVEL_1 = rows(
    "1.2.1-5 1.3.1-2 1.5.1 2.1.1 2.2.1-2 2.3.1 3.2.1-2 3.3.1 3.4.1-2 3.5.1-3 4.1.1 4.4.1 5.2.1-2 5.3.1-2 6.1.1 "
    "6.2.1-8 6.3.1-2 6.4.1-2 7.2.1-4 7.4.1-2 8.1.1 8.2.1-2 8.3.1 9.1.1-3 9.2.1 11.3.1-2 11.4.1 12.1.1 12.2.1-2 "
    "13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1"
)
LEVEL_2 = rows(
    "1.1.1-2 1.2.6-9 1.3.3-11 1.4.1-3 1.5.2 2.1.2-3 2.2.3 2.3.2-4 2.4.1 3.3.2-4 3.4.3-6 3.5.4-5 3.7.1-2 4.1.2-3 4.2.1 "
    "4.3.1-2 4.4.2-4 5.1.1 5.2.3 5.4.1-3 6.1.2-3 6.2.9-12 6.3.3-4 6.4.3-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.3.1-2 "
    "7.4.3-5 7.5.1-2 7.6.1-2 8.1.2 8.2.3 8.4.1 9.2.2-4 11.1.1-2 11.2.1-3 11.3.3 11.4.2-4 11.5.1 11.6.1 12.1.2-3 "
    "12.3.1-4 13.1.1 13.2.1-5 13.3.1-2 13.4.2-5 14.1.1-2 14.2.2-4 14.3.2-3 15.1.2-3 15.2.2-3 15.3.2-7 16.1.1 16.2.1-5 "
    "16.3.1-4 16.4.1-3 16.5.1-3"
)


def test_every_row_of_asvs_is_answered_and_those_that_are_met_name_a_test() -> None:
    first, second, *others = ASVS.read_text().split("\n## ")[1:5]
    met = [line.split(" | ") for part in (first, second) for line in re.findall(r"^\| \d.*", part, re.MULTILINE)]
    assert not [cells[0] for cells in met if "::test_" not in cells[-1]]
    named = {number for cells in met for number in re.findall(r"\d+\.\d+\.\d+", cells[0])}
    for part in others:
        for line in re.findall(r"^\| \d.*", part, re.MULTILINE):
            named |= set(re.findall(r"\d+\.\d+\.\d+", line.split(" | ")[0]))
    assert named == LEVEL_1 | LEVEL_2


def test_it_is_promised_within_how_many_days_a_weak_library_is_renewed() -> None:
    promised = re.findall(r"^\| (critical|high|any other)\b.* \| (\d+) \|$", REPORTS.read_text(), re.MULTILINE)
    days = [int(number) for _grave, number in promised]
    assert len(days) == 3
    assert days == sorted(days)
    assert "\nmake audit " in REPORTS.read_text()
    assert "\naudit: " in (ROOT / "Makefile").read_text()


def test_the_table_of_triage_is_what_the_evaluation_prints(session: Session) -> None:
    said = SECURITY.read_text()
    for side in evaluation.SIDES:
        judged = evaluation.judge(session, evaluation.labelled(side), datetime(2026, 1, 20, tzinfo=UTC))
        assert "\n".join(table(evaluation.scores(judged))) in said, side


def test_every_test_and_page_that_is_named_beside_a_threat_or_to_a_reporter_is_there() -> None:
    threats = ROOT / "docs" / "threat-model.md"
    tests = re.findall(r"`(tests/[\w/.]+)`", threats.read_text())
    assert len(tests) > 20
    assert [name for name in tests if not (ROOT / name).exists()] == []
    assert [to for to in re.findall(r"\]\(([^)#:\s]+)", REPORTS.read_text()) if not (ROOT / to).exists()] == []
