"""The strings that break programs, through the real form and onto every surface, with no policy to hold them."""

from __future__ import annotations

from urllib.parse import quote

from playwright.sync_api import Page

from tests.blns import STRINGS
from tests.browser import steps
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tribute.domain.permissions import Role

MODERATOR = "moderator@memorial.example"
TOGETHER = 1_700  # letters of the strings that are sent as one tribute
RAN = (
    "() => { for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => { window.ran = true; }; }"
)


def together() -> list[str]:
    """Every string, many in a text, each a paragraph of its own."""
    texts = [""]
    for said in STRINGS:
        fits = len(texts[-1]) + len(said) < TOGETHER
        texts = [*texts[:-1], f"{texts[-1]}\n\n{said}"] if fits else [*texts, said[:TOGETHER]]
    return texts


def unguarded(someone: Someone, site: Site) -> Page:
    """A browser that heeds no policy of the page, and remembers whether any script of a visitor ran."""
    page = someone(site, bypass_csp=True)
    page.add_init_script(RAN)
    return page


def leave(page: Page, said: str) -> str:
    """Type it into every field and send it; returns the receipt's address."""
    name, place = (part.replace("\n", " ") for part in (f"N {said[:60]}", said[60:130]))
    return steps.leave_tribute(page, name=name, place=place, message=said)


def has_run(page: Page) -> bool:
    """Whether something of a visitor's ran: it called what such strings call, or put in what is no text."""
    return bool(
        page.evaluate("""() => Boolean(window.ran) || [...document.querySelectorAll('main *')].some(element =>
        ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'STYLE', 'LINK', 'META', 'BASE', 'MATH', 'AUDIO', 'VIDEO']
            .includes(element.nodeName) ||
        [...element.attributes].some(({name, value}) => /^on/.test(name) || /^\\s*javascript:/i.test(value)))""")
    )


def test_no_script_runs_and_no_request_leaves_with_the_policy_off(site: Site, someone: Someone) -> None:
    """`someone` fails the test for any request to another host and any error that the browser tells."""
    author = unguarded(someone, site)
    receipts = [leave(author, said) for said in together()]
    for receipt in receipts[::4]:
        author.goto(receipt)
        assert not has_run(author)
    for public_id, _status in site.tributes():
        site.publish(public_id)
    reader = unguarded(someone, site)
    for address in ("/en/20-january/", "/en/20-january/tributes/", "/ru/20-january/archive/",
                    *(f"/en/search?q={quote(said)}" for said in STRINGS[::25] if said)):  # fmt: skip
        reader.goto(address)
        assert not has_run(reader), address
    for public_id, _status in site.tributes():
        reader.goto(f"/az/20-january/tributes/{public_id}/")
        assert not has_run(reader), public_id
    desk = unguarded(someone, site)
    site.person(Role.MODERATOR, "Rəna", MODERATOR)
    steps.sign_in(desk, MODERATOR)
    for address in ("/desk/?status=approved", "/desk/log", *(f"/desk/tributes/{each}/" for each, _ in site.tributes())):
        desk.goto(address)
        assert not has_run(desk), address
