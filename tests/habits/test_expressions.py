"""No regular expression of the site can be made to think for long: recheck knows each, and calls it safe."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import databases
from tests.habits import expressions, javascript
from tests.habits.code import ROOT
from tests.habits.expressions import Expression
from tribute.search import sounds

RECHECK = Path(__file__).parent / "recheck"
NODE = Path(sys.executable).parent / "node"
# What a function puts together out of what it is given: an expression of its module, and what it is like.
SAMPLES = {
    "tribute.services.corrections: f'(?<!\\\\w){re.escape(word)}(?!\\\\w)'": [r"(?<!\w)word(?!\w)"],
    "tribute.domain.redaction: f'(?=({anyhow}))'": [r"(?=(two\s+words))"],
    "tribute.domain.language: f'\\\\p{{Script={script}}}'": [r"\p{Script=Latin}"],
    "tribute.search.sounds: pattern": [pattern.pattern for pattern, _put in sounds._RULES],
}
KNOWN_TO_BE_BAD = [("([a-z]+)+x", "exponential"), (r"\s*\n", "polynomial"), (r"(?:a|\w)*#", "polynomial")]


def judged(asked: list[Expression]) -> list[dict[str, str]]:
    """What recheck says; where it is not installed the test is left out, or fails where CI requires it."""
    if not (RECHECK / "node_modules" / "recheck").exists():
        if "recheck" in databases.REQUIRED:
            pytest.fail("recheck is missing, and TRIBUTE_REQUIRE names it")
        pytest.skip("recheck is missing: make recheck")
    given = json.dumps([each._asdict() for each in asked])
    ended = subprocess.run([NODE, RECHECK / "judge.cjs"], input=given, capture_output=True, text=True, check=True)
    told: list[dict[str, str]] = json.loads(ended.stdout)
    assert len(told) == len(asked)
    return told


def test_no_expression_of_the_package_or_of_a_script_is_unsafe() -> None:
    found = [*expressions.of_package(SAMPLES), *expressions.of_scripts()]
    asked = list({(each.source, each.flags): each for each in found}.values())
    assert {"tribute.domain.text", "tribute.search.query", "static/js/suggest.js"} <= {
        each.where.partition(":")[0] for each in asked
    }
    told = zip(asked, judged(asked), strict=True)
    assert [(each, said) for each, said in told if said["status"] != "safe"] == []


@pytest.mark.parametrize(("pattern", "grows"), KNOWN_TO_BE_BAD)
def test_one_that_is_unsafe_is_called_so(pattern: str, grows: str) -> None:
    (said,) = judged([Expression("here", *javascript.of_re(pattern))])
    assert said["status"] == "vulnerable"
    assert grows in said["growth"]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"[^\W\d_]\w", r"[\p{L}\p{Nl}\p{No}][\p{L}\p{N}_]"), ("(?P<a>x|yz)(?P=a)", r"((?:x|yz))(?:\1)"),
        ("(?<=a)b*?(?!c)", "(?<=a)(?:b){0,}?(?!c)"), (r"[^a-z\s]{2,3}$", r"(?:[^a-z\s]){2,3}$"),
    ],
)  # fmt: skip
def test_python_is_said_as_javascript_says_it(pattern: str, said: str) -> None:
    assert javascript.of_re(pattern) == (said, "u")


def test_a_script_writes_its_expressions_out() -> None:
    assert len({each.where for each in expressions.of_scripts()}) > 4
    assert [file.name for file in (ROOT / "static" / "js").glob("*.js") if "RegExp(" in file.read_text("utf-8")] == []
