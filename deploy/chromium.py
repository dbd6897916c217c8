"""Where this machine has Chromium, whichever of its names it goes by."""

from __future__ import annotations

import shutil

WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHELL = "chromium-headless-shell"  # without the window that nobody sees: half the time


def find(*names: str) -> str | None:
    """The program of the first of these names that is here."""
    return next(filter(None, map(shutil.which, names)), None)


def needed() -> str:
    """The whole browser's program. Raises SystemExit where there is none."""
    found = find(*WHOLE)
    if found is None:
        raise SystemExit("Chromium is missing. On Debian and Ubuntu: apt install chromium")
    return found
