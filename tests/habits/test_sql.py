"""No SQL is put together from strings. Where a statement needs the name of a table of ours, it stands here with why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.habits.code import MODULES

SQL = re.compile(
    r"\b(?:SELECT|INSERT INTO|INSERT OR|UPDATE|DELETE FROM|CREATE|DROP|ALTER|PRAGMA|COPY|FROM|WHERE|VALUES|ORDER BY)\b"
)
TAKES_SQL = {"text", "DDL", "exec_driver_sql", "execute", "executemany", "executescript", "copy"}
PUTS_TOGETHER = {"format", "format_map", "replace", "join", "substitute"}
CONSTANT = re.compile(r"_?[A-Z][A-Z_]*")  # written out in the program, and the same for everybody

# Names cannot be bound as values can. None of these is what anybody typed.
TABLE, INDEX = "entry.__tablename__", "an index of ours, named after its table"
PARTS = {
    "tribute.search.postgres": {
        TABLE: "a table of ours", "self.entry.__tablename__": "a table of ours", "hits": "bound values and operators",
        "weight": "whole numbers and bound values",
        "_OLDEST if self.oldest else _NEWEST": "one of two", "begin": "one of two", "milliseconds": "a whole number",
        "name": "a name for a bound value",
    },
    "tribute.search.sqlite": {
        TABLE: "a table of ours", "name": "a table of ours", "index": INDEX, "f'{entry.__tablename__}_fts'": INDEX,
        "order": "one of two", "named": "columns of ours", "placed": "bound values",
        "', '.join(COLUMNS)": "columns of ours", "listed": "whole numbers",
    },
    "tribute.search.rebuild": {
        "name": "a table of ours", "index": INDEX, "part": "one of two", "columns": "columns of ours",
        "following": "a table of ours and bound values", "some": "an index of ours and two constants",
        "f'{name}_fts'": INDEX, "f'{name}_fts_new'": INDEX,
    },
    "tribute.services.rows": {
        "quote(table.name)": "a table of ours", "named": "columns of ours", "places": "question marks",
        "name": "an index of ours, as PostgreSQL names it",
    },
    "tribute.services.erasure": {"index": INDEX},
    "tribute.turns": {"patience": "a whole number, as SQLite has just told it"},
}  # fmt: skip


def is_sql(node: ast.AST) -> bool:
    """Whether a text stands in it that only SQL says."""
    said = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return any(SQL.search(each) for each in said)


def handed(tree: ast.Module) -> set[ast.AST]:
    """What is given as SQL to what takes it, whatever it looks like."""
    return {
        node.args[0] for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).rpartition(".")[2] in TAKES_SQL
    }  # fmt: skip


def put_together(tree: ast.Module) -> Iterator[ast.expr]:
    """Each part that is put into a text which is SQL or is given as SQL."""
    given, knows_sql = handed(tree), "sqlalchemy.text" in ast.unparse(tree) or is_sql(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and (is_sql(node) or node in given):
            yield from (each.value for each in node.values if isinstance(each, ast.FormattedValue))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod) and (is_sql(node) or node in given):
            yield from (each for each in (node.left, node.right) if not isinstance(each, ast.Constant))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_format = node.func.attr == "format" and knows_sql
            if is_format or (node in given and node.func.attr in PUTS_TOGETHER):
                yield from (*node.args, *(key.value for key in node.keywords))


def found_in(tree: ast.Module) -> set[str]:
    """The same as they are written, without what is one of the program's constants."""
    parts = {ast.unparse(each) for each in put_together(tree) if not isinstance(each, ast.Constant)}
    return {part for part in parts if not CONSTANT.fullmatch(part)}


def test_nothing_but_our_own_names_is_put_into_a_statement_and_no_exception_outlives_what_it_excepts() -> None:
    found = {name: found_in(tree) for name, tree in MODULES.items()}
    named = {name: set(parts) for name, parts in PARTS.items()}
    assert {name: parts for name, parts in found.items() if parts} == named


@pytest.mark.parametrize(
    "written",
    [
        "session.execute(text(f'SELECT 1 FROM person WHERE name = {name}'))", "query = f'… WHERE name = {name}'",
        "text('SELECT %s FROM person' % name)", "text('SELECT 1 FROM person WHERE id = ' + name)",
        "text('DELETE FROM person WHERE id = {}'.format(name))", "cursor.execute(f'{name}')", "text(' '.join(name))",
        "connection.exec_driver_sql(name + ' LIMIT 1')",
    ],
)  # fmt: skip
def test_what_is_put_together_is_seen(written: str) -> None:
    assert found_in(ast.parse(written)) == {"name"}
