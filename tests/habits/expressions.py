"""Every regular expression of the package, said as JavaScript says it, and those of the scripts; each as it is used."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from tests.habits.code import MODULES, ROOT
from tests.habits.javascript import of_re, of_regex

CALLS = {"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"}
ANCHORED = {"match": "^(?:{})", "fullmatch": "^(?:{})$"}  # the others look for it anywhere
# Where a script's expression stands after one of these it is one, and no division.
IN_SCRIPT = re.compile(
    r"(?:(?<=[=(,:!&|?])|(?<=return))\s*/(?![/*])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+)/([a-z]*)"
)


class Expression(NamedTuple):
    """One of them as recheck reads it, and where it stands."""

    where: str
    source: str
    flags: str


def of_package(samples: dict[str, list[str]]) -> Iterator[Expression]:
    """Those of the package. What a function puts together is judged by its samples: what it says, in that module."""
    for name, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_expression(node):
                yield from _expressions(name, tree, node, samples)


def of_scripts() -> Iterator[Expression]:
    """Those of our own scripts, as they are written."""
    for file in sorted((ROOT / "static" / "js").glob("*.js")):
        for found in IN_SCRIPT.finditer(file.read_text("utf-8")):
            yield Expression(f"static/js/{file.name}", found[1], found[2])


def _is_expression(node: ast.Call) -> bool:
    library, _, call = ast.unparse(node.func).rpartition(".")
    return library in ("re", "regex") and call in CALLS


def _expressions(name: str, tree: ast.Module, node: ast.Call, samples: dict[str, list[str]]) -> Iterator[Expression]:
    library, _, call = ast.unparse(node.func).rpartition(".")
    module = vars(importlib.import_module(name))
    written, flags = ast.unparse(node.args[0]), _flags(node, module)
    patterns = samples.get(f"{name}: {written}") or [_value(node.args[0], module)]
    for pattern in patterns:
        source, told = of_re(pattern, flags) if library == "re" else of_regex(pattern)
        for use in _uses(tree, node) if call == "compile" else {call}:
            yield Expression(f"{name}:{node.lineno}", ANCHORED.get(use, "{}").format(source), told)


def _value(node: ast.expr, module: dict[str, Any]) -> Any:
    """What an expression of a module is; NameError where only a function knows it: it needs a sample."""
    return eval(compile(ast.Expression(node), "<habit>", "eval"), dict(module))  # noqa: S307  our own source


def _flags(node: ast.Call, module: dict[str, Any]) -> int:
    said = [_value(each, module) for each in node.args[1:] + [key.value for key in node.keywords if key.arg == "flags"]
            if "re." in ast.unparse(each)]  # fmt: skip
    return int(said[0]) if said else 0


def _uses(tree: ast.Module, node: ast.Call) -> set[str]:
    """The methods that are called on what a call compiles; all ways to anchor it where that cannot be seen."""
    uses = {each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute) and each.value is node}
    for each in ast.walk(tree):
        if isinstance(each, ast.Assign) and node in ast.walk(each.value):
            for target in ast.walk(each.targets[0]):
                uses |= _called().get(target.id, set()) if isinstance(target, ast.Name) else set()
    return uses or {"search", "match", "fullmatch"}


@cache
def _called() -> dict[str, set[str]]:
    """Which of their methods are called on what bears a name, anywhere in the package."""
    found: dict[str, set[str]] = {}
    for tree in MODULES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in CALLS:
                found.setdefault(ast.unparse(node.value).rpartition(".")[2], set()).add(node.attr)
    return found
