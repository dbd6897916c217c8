"""What every benchmark puts into docs/performance.md: the machine it ran on, and its table in the place of the last."""

from __future__ import annotations

import platform
from pathlib import Path

from bench.servers import ROOT

PAGE = ROOT / "docs" / "performance.md"


def machine() -> str:
    """What it ran on, without its name."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        processor = f"{len(models)} × {models[0]}" if models else processor
    return f"{processor}; {platform.system()}, Python {platform.python_version()}"


def put(page: Path, table: str, begin: str, end: str) -> None:
    """Put the table in the place of the last one."""
    said = page.read_text("utf-8")
    head, _, rest = said.partition(begin)
    tail = rest.partition(end)[2]
    page.write_text(f"{head}{begin}\n{table}\n{end}{tail}", "utf-8")
