"""What the tables say of what was measured."""

from __future__ import annotations

from bench import told
from bench.loads import Figure, Key
from bench.told import Measured


def figures(*rates: float, failed: int = 0) -> list[Figure]:
    """Rounds at these rates."""
    return [Figure(rate, cpu=50, database=0, answers=100, failed=failed) for rate in rates]


def test_a_ratio_is_that_of_each_round() -> None:
    assert told.ratio(figures(90, 10, 80), figures(100, 100, 100)) == 0.8


def test_nothing_that_failed_passes_as_a_figure() -> None:
    assert told.ratio(figures(90, failed=1), figures(100)) is None
    said = "\n".join(told.table_of_figures(Measured(figures={Key("raw"): figures(90, failed=3)})))
    assert "3 of 100 failed" in said
    assert "90" not in said


def test_a_missed_target_says_by_how_much() -> None:
    assert told.reached(0.95, 0.9, at_least=True) == "0.95"
    assert told.reached(0.72, 0.9, at_least=True) == "**0.72**, missed by 20 %"
    assert told.reached(0.8987, 0.9, at_least=True) == "**0.899**, missed by 0.1 %"
    assert told.reached(2950, 50, at_least=False) == "**2,950**, 59 times the target"
    assert told.reached(1.5, 1.2, at_least=False) == "**1.5**, missed by 25 %"
