"""Habits of the code itself: the floors, the one cleaner, no shortcut past either."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.habits.code import MODULES, ROOT

# DESIGN.md's floors: a file imports only from its own room or from floors below. The longest name that fits counts.
FLOORS = {
    "tribute.domain": 0, "tribute.config": 0, "tribute.logs": 0, "tribute.models": 1, "tribute.extensions": 1,
    "tribute.search": 2, "tribute.triage": 2, "tribute.services": 3, "tribute.mail": 5, "tribute.web": 5,
    "tribute.cli": 6, "tribute.app": 7,
}  # fmt: skip

# The application adds the group of commands; each command's module is loaded when it is called.
ABOVE = {("tribute.app", "tribute.cli")}
LIBRARIES_OF_WEB = {"flask", "flask_babel", "flask_login", "flask_security", "flask_wtf", "werkzeug", "wtforms"}


def imported(tree: ast.AST) -> Iterator[str]:
    """The modules that a tree imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor(module: str) -> int | None:
    """The floor of a module; None for what stands outside, such as the package itself."""
    rooms = [room for room in FLOORS if module == room or module.startswith(f"{room}.")]
    return FLOORS[max(rooms, key=len)] if rooms else None


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_its_floor_and_below(module: str) -> None:
    own = floor(module)
    for other in imported(MODULES[module]):
        if not other.startswith("tribute") or own is None:
            continue
        there = floor(other)
        assert there is None or there <= own, f"{module} (floor {own}) imports {other} (floor {there})"


@pytest.mark.parametrize("module", [m for m in MODULES if (floor(m) or 0) < FLOORS["tribute.web"]])
def test_below_the_web_nothing_knows_http(module: str) -> None:
    allowed = {"tribute.extensions", "tribute.models.person"}  # what binds the libraries, and sign-in's row
    tops = {name.split(".")[0] for name in imported(MODULES[module])}
    assert module in allowed or not tops & LIBRARIES_OF_WEB


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith("tribute.domain")])
def test_the_domain_knows_no_database(module: str) -> None:
    assert not {name for name in imported(MODULES[module]) if name.split(".")[0] in ("sqlalchemy", "flask_sqlalchemy")}


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith(("tribute.services", "tribute.models"))])
def test_services_and_models_never_commit(module: str) -> None:
    # `scrub` works after the commit of its caller, and ends its own clean-up; a backup is noted apart from all else.
    calls = [
        node.lineno for node in ast.walk(MODULES[module])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]  # fmt: skip
    assert not calls or module in ("tribute.services.erasure", "tribute.services.backup"), f"{module}: {calls}"


def makes_markup(tree: ast.AST) -> bool:
    """Whether Markup is called, or what makes it too, or it goes by another name, or something calls itself HTML."""
    for node in ast.walk(tree):
        if isinstance(node, ast.alias) and node.name.rpartition(".")[2] == "Markup" and node.asname:
            return True
        if isinstance(node, ast.Call) and re.search(r"\bMarkup(\.\w+)?$", ast.unparse(node.func)):
            return True
        if isinstance(node, ast.FunctionDef | ast.Attribute | ast.Name) and "__html__" in (
            getattr(node, "name", ""), getattr(node, "attr", ""), getattr(node, "id", "")
        ):  # fmt: skip
            return True
    return False


def test_one_module_cleans_and_makes_markup() -> None:
    cleaners = {name for name, tree in MODULES.items() if {"bleach", "nh3"} & {m.split(".")[0] for m in imported(tree)}}
    assert cleaners == {"tribute.domain.text"}
    assert {name for name, tree in MODULES.items() if makes_markup(tree)} == {"tribute.domain.text"}


@pytest.mark.parametrize(
    "written",
    ["x = Markup(y)", "x = markupsafe.Markup(y)", "x = Markup.join(y)", "from markupsafe import Markup as M",
     "class A:\n    def __html__(self): ..."],
)  # fmt: skip
def test_markup_is_seen_however_it_is_made(written: str) -> None:
    assert makes_markup(ast.parse(written))


def test_markup_that_is_only_named_is_none() -> None:
    assert not makes_markup(ast.parse("from markupsafe import Markup\ndef f(said: Markup) -> Markup: ..."))


def test_nothing_is_imported_inside_a_function() -> None:
    for module, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
                assert not inner, f"{module}.{node.name}"


def templates() -> list[Path]:
    """Every template."""
    return sorted((ROOT / "templates").rglob("*.html"))


def escapes(written: str) -> bool:
    """Whether a template nowhere says of anything that it is safe as it is, nor leaves off escaping."""
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(written)
    names = {node.name for node in tree.find_all(nodes.Filter)} | {node.value for node in tree.find_all(nodes.Const)}
    return "safe" not in names and not [*tree.find_all(nodes.EvalContextModifier)]


@pytest.mark.parametrize("file", templates(), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_template_escapes_everything_and_holds_no_script_or_style(file: Path) -> None:
    written = file.read_text("utf-8")
    assert escapes(written)
    assert "Markup" not in written
    assert not re.search(r"\son[a-z]+=|javascript:", written, re.IGNORECASE)
    assert not re.search(r"<script(?![^>]*\ssrc=)", written)
    if file.parent.name != "mail":  # no page: a mail program knows no style sheet of ours
        assert not re.search(r"\sstyle=|<style", written, re.IGNORECASE)


@pytest.mark.parametrize(
    "written",
    ["{{ said|safe }}", "{{ said | upper | safe }}", "{% filter safe %}{{ said }}{% endfilter %}",
     "{% autoescape false %}{{ said }}{% endautoescape %}", "{{ [said]|map('safe')|join }}"],
)  # fmt: skip
def test_a_template_that_does_not_escape_is_seen(written: str) -> None:
    assert not escapes(written)
