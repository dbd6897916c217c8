"""A small disk of the test's own, in memory, that can be filled to the last byte."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ENOUGH = "64m"  # for the site
PIECE = bytes(4096)


@dataclass(frozen=True)
class Disk:
    """A mounted folder."""

    folder: Path

    def fill(self) -> None:
        """Leave no room at all."""
        with (self.folder / "filler").open("ab", buffering=0) as file:
            try:
                while file.write(PIECE):
                    pass
            except OSError:
                return

    def free(self) -> None:
        """Give the room back."""
        (self.folder / "filler").unlink()


@contextmanager
def mounted(folder: Path, size: str = ENOUGH) -> Iterator[Disk]:
    """Mount one for the length of a block; where that is not permitted the test is left out, and fails in CI."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tribute-test", str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode and os.environ.get("CI") == "true":
        pytest.fail(f"a disk of the test's own cannot be mounted: {ended.stderr}")
    if ended.returncode:
        pytest.skip("a disk of the test's own cannot be mounted: that takes root")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
