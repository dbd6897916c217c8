"""A cell of CSV is never a formula, and an ordinary one stays as it is."""

from __future__ import annotations

import pytest

from tribute.domain import text


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_formula_is_defused(value: str) -> None:
    assert text.cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "Leyla", "I <3 you", "'quoted'", "1 - 2", "a=b", " =1"])
def test_other_cells_stay(value: str) -> None:
    assert text.cell(value) == value
