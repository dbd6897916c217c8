"""`make bench`: how long a moderator waits: from a key to the next card, and for the queue's page.

    python -m bench.desk --write

Makes its databases beside the search's, and keeps them. The key is pressed in Chromium on the served site, and the page
itself tells when the next card has the focus; the queue's page is asked for within this process, without a network.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from playwright.sync_api import Page, sync_playwright

from bench import sites
from bench.measure import Times, timed
from bench.moderators import EMAIL, PASSWORD, with_moderator
from bench.report import PAGE, machine, put
from bench.sites import Site
from deploy import chromium
from tribute.app import create_app
from tribute.domain.lifecycle import Action, Status
from tribute.extensions import db, now
from tribute.models import Decision, Person, Tribute, begin_write
from tribute.services import desk
from tribute.services.desk import Order

KEYS, PAGES, WARM = 200, 60, 5
KEY_TARGET, PAGE_TARGET = 100, 60  # milliseconds: the 95th percentile, the median
BEGIN, END = "<!-- bench-desk: what the last run wrote -->\n", "<!-- bench-desk: end -->\n"
CLOCK = """
    window.waits = [];
    addEventListener('keydown', () => { window.pressed = performance.now(); }, true);
    addEventListener('focusin', (event) => {
        const isCard = event.target.matches('article.item');
        if (window.pressed && isCard) window.waits.push(performance.now() - window.pressed);
        window.pressed = 0;
    }, true);
"""


def main() -> int:
    """Measure, print, and write where that is asked for."""
    asked = argparse.ArgumentParser(prog="make bench", description="Measure the desk.")
    asked.add_argument("--keys-at", type=int, default=100_000)
    asked.add_argument("--queue-at", type=int, default=1_000_000)
    asked.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    given = asked.parse_args()
    lines = ["| database | what | target | median | 95th percentile |", "| --- | --- | --- | --- | --- |"]
    for engine in sites.engines():
        lines += measured(engine, given.keys_at, given.queue_at)
    table = "\n".join([f"{datetime.now(UTC):%Y-%m-%d}. {machine()}.", "", *lines]) + "\n"
    print(table)
    if given.write:
        put(PAGE, table, BEGIN, END)
    return 0


def measured(engine: str, keys_at: int, queue_at: int) -> list[str]:
    """Both rows of one database."""
    site = with_moderator(sites.with_corpus(engine, queue_at))
    waiting, took = queue(site)
    rows = [row(engine, f"queue's page, {queue_at:,} tributes, {waiting} waiting", f"{PAGE_TARGET} (median)", took)]
    browser = chromium.find(*chromium.WHOLE)
    if browser is None:
        print("Chromium is missing: keys are not measured.")
        return rows
    site = with_moderator(sites.with_corpus(engine, keys_at))
    what = f"from a key to the next card, {keys_at:,} tributes"
    return [row(engine, what, f"{KEY_TARGET} (95th)", keys(site, browser)), *rows]


def row(engine: str, what: str, target: str, took: Times) -> str:
    """A row of the table."""
    return f"| {engine} | {what} | {target} | {took.share(0.5):.1f} ms | {took.share(0.95):.1f} ms |"


def queue(site: Site) -> tuple[str, Times]:
    """How many wait, and how long the first page of them takes."""
    app = create_app(site.settings, WTF_CSRF_ENABLED=False)
    client = app.test_client()
    client.post("/account/login", data={"email": EMAIL, "password": PASSWORD})
    took = [timed(lambda: client.get("/desk/"))[0] for _ in range(WARM + PAGES)]
    with app.app_context():
        waits = Tribute.waiting_revision_id.is_not(None)  # whose index the queue goes by
        number = db.session.scalar(db.select(db.func.count()).select_from(Tribute).where(waits))
    return f"{number:,}", Times(tuple(took[WARM:]))


def keys(site: Site, browser: str) -> Times:
    """From each of many keys to the next card."""
    with sites.served(site) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(base_url=server.url)
        page.add_init_script(CLOCK)
        decide(page)
        page.wait_for_load_state("networkidle")  # the last decisions have arrived
        waits: list[float] = page.evaluate("window.waits")
        chromium.close()
    put_back(site)
    return Times(tuple(waits[WARM:]))


def put_back(site: Site) -> None:
    """Let what was decided for measuring wait again, for the next time."""
    with create_app(site.settings).app_context():
        session = db.session()
        person = session.scalars(db.select(Person).where(Person.email == EMAIL)).one()
        decided = db.select(Decision.tribute_id).where(Decision.person_id == person.id, Decision.action == Action.SPAM)
        begin_write(session)
        for tribute in session.scalars(
            db.select(Tribute).where(Tribute.id.in_(decided), Tribute.status == Status.SPAM)
        ):
            desk.decide(session, tribute, Order(Action.RESTORE, tribute.version), person, now())
        session.commit()


def decide(page: Page) -> None:
    """Sign in, and publish one after another by keyboard."""
    page.goto("/account/login")
    page.locator("main [name=email]").fill(EMAIL)
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main form:has([name=password]) button").click()
    page.locator("article.item:focus").wait_for()
    for number in range(WARM + KEYS):
        if page.locator("article.item").count() == 0:
            break
        page.locator("article.item:focus").wait_for()
        page.keyboard.press("j" if number % 4 == 3 else "s")


if __name__ == "__main__":
    sys.exit(main())
