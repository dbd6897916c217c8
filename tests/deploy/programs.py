"""The programs that deploy/ is made for: looked for once, and asked for where CI requires them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import databases

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def needed(program: str, name: str = "", *, places: tuple[Path, ...] = ()) -> str:
    """The path of a program; where it is absent the test is left out, or fails where TRIBUTE_REQUIRE names it."""
    name = name or program
    found = shutil.which(program) or next((str(place / program) for place in places if (place / program).exists()), "")
    if not found and name in databases.REQUIRED:
        pytest.fail(f"{program} is missing, and TRIBUTE_REQUIRE names {name}")
    if not found:
        pytest.skip(f"{program} is missing")
    return found
