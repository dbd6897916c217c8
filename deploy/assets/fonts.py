"""Subset the two typefaces of the site from their npm packages into static/fonts."""

from __future__ import annotations

import shutil
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

PACKAGES = Path(__file__).parent / "node_modules" / "@fontsource-variable"
FAMILIES = {"serif": "source-serif-4", "sans": "source-sans-3"}
# Ours -> the package's own file and the code points kept. Ranges are those of unicode-range in the CSS.
SUBSETS = {
    "latin": (
        "latin",
        "20-7E A0-FF 131 152-153 2BB-2BC 2010-2015 2018-201E 2020-2022 2026 2030 2032-2033 2039-203A 20AC 2122 2212",
    ),
    "ext": ("latin-ext", "11E-11F 130 15E-15F 18F 259"),
    "cyrillic": ("cyrillic", "401 404 406-407 410-44F 451 454 456-457 490-491 2116"),
}
# The weights that the CSS uses; a narrower axis drops masters and saves about a tenth.
WEIGHTS = (400, 700)
FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "pnum", "tnum"]


def code_points(ranges: str) -> list[int]:
    """Ranges in hexadecimal: 41-43 131 -> [0x41, 0x42, 0x43, 0x131]."""
    points: list[int] = []
    for part in ranges.split():
        first, _, last = part.partition("-")
        points += range(int(first, 16), int(last or first, 16) + 1)
    return points


def options() -> subset.Options:
    chosen = subset.Options()
    chosen.flavor = "woff2"
    chosen.layout_features = FEATURES
    chosen.hinting = False
    chosen.name_IDs = [0, 1, 2, 13, 14]  # keeps the copyright and the licence inside the file
    return chosen


def make(source: Path, target: Path, ranges: str) -> None:
    font = TTFont(source, recalcTimestamp=False)
    chosen = options()
    cutter = subset.Subsetter(chosen)
    cutter.populate(unicodes=code_points(ranges))
    cutter.subset(font)
    subset.save_font(instancer.instantiateVariableFont(font, {"wght": WEIGHTS}), str(target), chosen)


def make_all(target: Path) -> list[Path]:
    """Write every subset and each family's licence; say what was written."""
    target.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for name, package in FAMILIES.items():
        for part, (file, ranges) in SUBSETS.items():
            made.append(target / f"{name}-{part}.woff2")
            make(PACKAGES / package / "files" / f"{package}-{file}-wght-normal.woff2", made[-1], ranges)
        made.append(target / f"OFL-{package}.txt")
        shutil.copyfile(PACKAGES / package / "LICENSE", made[-1])
    return made
