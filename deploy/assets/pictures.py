"""Draw the two PNG pictures that SVG cannot serve: the card of shared links and the icon of a phone's home screen."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from deploy import chromium

NIGHT = "#171311"
# Name -> width, height, page body. Neither picture has words, so that one serves every language.
PICTURES = {
    "card.png": (1200, 630, "<img src='carnations.svg' style='height:600px;position:absolute;left:371px;top:30px'>"),
    "icon.png": (180, 180, "<img src='carnation.svg' style='height:150px;position:absolute;left:15px;top:15px'>"),
}


def shoot(page: Path, target: Path, width: int, height: int) -> None:
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1"]
    window = [f"--window-size={width},{height}", f"--screenshot={target}", page.as_uri()]
    subprocess.run([chromium.needed(), *arguments, *window], check=True, capture_output=True, timeout=120)


def draw(images: Path, name: str) -> Path:
    width, height, body = PICTURES[name]
    with tempfile.TemporaryDirectory(dir=images) as room:
        page = Path(room) / "page.html"
        page.write_text(f"<base href='../'><body style='margin:0;background:{NIGHT}'>{body}", encoding="utf-8")
        shoot(page, images / name, width, height)
    return images / name


def draw_all(images: Path) -> list[Path]:
    return [draw(images, name) for name in PICTURES]
