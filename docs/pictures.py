"""Take the pictures in docs/img: the demo on a free port, in an instance of its own, seen through Chromium.

`make pictures` runs this. Nothing of the site's own data is touched; the tributes shown are the demo's samples.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from deploy import chromium

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "img"
ADDRESS = "http://memorial.example"  # Chromium is told to find it at the demo's port
KEEPER, PASSWORD = "keeper@memorial.example", secrets.token_urlsafe(16)
MEMORIAL = "20-january"
STARTS_WITHIN = 30  # seconds

DESKTOP, PHONE = (1280, 960), (390, 844)
WORDS = (
    "My grandmother kept the radio on all night and did not say a word.\n\n"
    "Every January we buy two carnations, one for her and one for those whose names she knew."
)


@dataclass(frozen=True)
class Picture:
    """One picture: where, how wide and high, in which scheme, and what is done before it is taken."""

    name: str
    path: str
    size: tuple[int, int] = DESKTOP
    dark: bool = False
    act: Callable[[Page], None] | None = None


def fill_in(page: Page) -> None:
    """Write a tribute, and send nothing yet."""
    page.locator("#name").fill("Sevinc R.")
    page.locator("#place").fill("Baku")
    page.locator("#message").fill(WORDS)
    page.locator("input[name=consent]").check()
    page.evaluate("scrollTo(0, 0)")


def send(page: Page) -> None:
    """Write a tribute and send it: its private page opens."""
    fill_in(page)
    page.locator("#tribute-form button:not([name])").click()
    page.wait_for_url("**/receipt/**")


def sign_in(page: Page) -> None:
    """Sign the keeper in: the desk opens."""
    page.locator("input[name=email]").fill(KEEPER)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form:has([name=password]) button").click()
    page.wait_for_url("**/desk/")


def edit(page: Page) -> None:
    """Sign the keeper in, and open the article in the editor, with its preview beside it."""
    sign_in(page)
    page.goto(f"{ADDRESS}/desk/articles/{MEMORIAL}/undated/en/")
    page.locator("[name=summary]").press("End")
    page.locator("[name=summary]").type(" ")
    page.locator("[data-previewed]").wait_for()


PICTURES = (
    Picture("article-en", f"/en/{MEMORIAL}/"),
    Picture("article-az", f"/az/{MEMORIAL}/"),
    Picture("article-dark", f"/ru/{MEMORIAL}/", dark=True),
    Picture("article-phone", f"/az/{MEMORIAL}/", PHONE),
    Picture("wall", f"/en/{MEMORIAL}/tributes/"),
    Picture("form", f"/en/{MEMORIAL}/tributes/new", (1280, 1260), act=fill_in),
    Picture("receipt", f"/en/{MEMORIAL}/tributes/new", (1280, 1100), act=send),
    Picture("search", "/en/search?q=qerenfil", (1280, 1260)),
    Picture("desk", "/account/login?lang=en", act=sign_in),
    Picture("editor", "/account/login?lang=en", (1600, 1000), act=edit),
    Picture("desk-phone", "/account/login?lang=en", PHONE, act=sign_in),
)


def main() -> int:
    """Take every picture, or those that are named on the command line."""
    wanted = [picture for picture in PICTURES if not sys.argv[1:] or picture.name in sys.argv[1:]]
    FOLDER.mkdir(exist_ok=True)
    folder = tempfile.TemporaryDirectory(prefix="tribute-pictures-")
    with folder as instance, demo(Path(instance)) as port, browsing(port) as browser:
        for picture in wanted:
            print(take(browser, picture))
    return 0


@contextmanager
def browsing(port: int) -> Iterator[Browser]:
    """Chromium, to which the site's address leads to a port here."""
    arguments = [f"--host-resolver-rules=MAP memorial.example 127.0.0.1:{port}", "--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.needed(), args=arguments)
        yield browser
        browser.close()


def take(browser: Browser, picture: Picture) -> str:
    """Take one picture; tells its name and size."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if picture.size == PHONE else 1,
        color_scheme="dark" if picture.dark else "light",
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = context.new_page()
    page.goto(ADDRESS + picture.path)
    if picture.act is not None:
        picture.act(page)
    page.evaluate("document.fonts.ready")
    page.evaluate("document.activeElement?.blur()")
    file = FOLDER / f"{picture.name}.png"
    page.screenshot(path=file)
    context.close()
    return f"docs/img/{file.name}: {file.stat().st_size // 1024} KB"


@contextmanager
def demo(instance: Path) -> Iterator[int]:
    """Serve the demo from an instance folder; gives the port."""
    environment = surroundings(instance)
    tribute(environment, "prepare")
    tribute(environment, "demo")
    tribute(environment, "people", "add", KEEPER, "--role=keeper", "--name=Aytən", "--password-stdin")
    port = free_port()
    server = subprocess.Popen(  # noqa: S603  our own program, no shell
        [sys.executable, "-m", "granian", "--interface=wsgi", "--http=1", "--no-ws", f"--port={port}",
         "--blocking-threads=16", "--log-level=error", "wsgi:app"],
        cwd=ROOT, env=environment,
    )  # fmt: skip
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(STARTS_WITHIN)


def surroundings(instance: Path) -> dict[str, str]:
    """The environment without any setting of this machine's own site."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRIBUTE_")}
    return kept | {"TRIBUTE_INSTANCE_PATH": str(instance), "TRIBUTE_BASE_URL": ADDRESS}


def tribute(environment: dict[str, str], *arguments: str) -> None:
    """Run one of Tribute's commands."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "tribute", *arguments]
    given = f"{PASSWORD}\n"
    subprocess.run(command, cwd=ROOT, env=environment, input=given, text=True, check=True, capture_output=True)  # noqa: S603  our own program, no shell


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until the site answers."""
    end = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            urlopen(f"http://127.0.0.1:{port}/robots.txt", timeout=STARTS_WITHIN).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    sys.exit(main())
