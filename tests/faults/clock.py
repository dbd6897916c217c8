"""The clock of a running site, moved by libfaketime: what it does itself goes on at its own pace."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import databases

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


class Clock:
    """What a file says: an offset such as +0 or -700d."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.move("+0")

    def move(self, offset: str) -> None:
        """Set the clock that far from the machine's."""
        part = self.file.with_suffix(".part")
        part.write_text(f"{offset}\n")
        part.replace(self.file)

    @property
    def environment(self) -> dict[str, str]:
        """What a program is started with that goes by it; left out, or failed, where the library is missing."""
        if not LIBRARIES and "faketime" in databases.REQUIRED:
            pytest.fail("libfaketime is missing, and TRIBUTE_REQUIRE names it")
        if not LIBRARIES:
            pytest.skip("libfaketime is missing")
        return {
            "LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }  # fmt: skip
