"""Behind the escaping stand two cleaners: what slipped past it would still do nothing."""

from __future__ import annotations

import ast
import inspect

import pytest
from markupsafe import Markup

from tribute.domain import text

SLIPPED = [
    ("<script>x()</script>", "&lt;script&gt;x()&lt;/script&gt;"),
    ("<p onclick=x>a</p>", "<p>a</p>"),
    ('<b style="color:red">a</b>', "<b>a</b>"),
    ("<p>a<img src=x onerror=x></p>", "<p>a&lt;img src=x onerror=x&gt;</p>"),
    ('<a href="javascript:x">a</a>', '&lt;a href="javascript:x"&gt;a&lt;/a&gt;'),
    ("<b><i>a", "<b><i>a</i></b>"),
    ("<!-- a -->b", "b"),
]


def test_what_was_cleaned_before_is_given_back_as_it_is() -> None:
    assert text.trusted("<p>a &amp; b</p>") == Markup("<p>a &amp; b</p>")


@pytest.mark.parametrize(("slipped", "harmless"), SLIPPED)
def test_what_slips_past_the_escaping_does_nothing(slipped: str, harmless: str) -> None:
    assert str(text._clean(slipped, text.TRIBUTE_TAGS, {})) == harmless


@pytest.mark.parametrize("name", [name for name in vars(text) if name.startswith("render")])
def test_whatever_is_rendered_goes_through_the_cleaner(name: str) -> None:
    made = ast.parse(inspect.getsource(getattr(text, name))).body[0]
    returns = [node for node in ast.walk(made) if isinstance(node, ast.Return)]
    assert returns
    assert all(ast.unparse(node).startswith("return _clean(") for node in returns)
