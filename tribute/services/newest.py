"""The newest migration, told without the library that runs them: the server never loads it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations" / "versions"


@cache
def head() -> str:
    """Its name, such as "0009": a database at it has this program's schema."""
    return max(file.name.partition("_")[0] for file in MIGRATIONS.glob("[0-9]*_*.py"))
