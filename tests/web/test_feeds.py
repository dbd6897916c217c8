"""For readers that are programs: the feed, the sitemap, robots.txt."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast, a_tribute
from tests.web.steps import LANGUAGES, MEMORIAL, amend, decide
from tribute.domain.lifecycle import Status
from tribute.web.feeds import ENTRIES
from tribute.web.forms import line, words

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
BASE = "http://127.0.0.1:8000"
FEED = f"/en/{MEMORIAL}/feed.atom"
DAY = datetime(2026, 1, 20, 8, tzinfo=UTC)

# Whatever can be typed, and more often what XML cannot hold or would take for markup.
TYPED = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\x01\x0b\x7f\x85\ufffe\uffff\U0001ffff&<>]\"'\u2028")), max_size=60
)


def feed(cast: Cast, path: str = FEED) -> ET.Element:
    """The feed, read as XML."""
    return read(cast, path, "application/atom+xml")


def read(cast: Cast, path: str, mimetype: str) -> ET.Element:
    """An answer that is XML."""
    answer = cast.visitor.get(path)
    assert answer.mimetype == mimetype
    return ET.fromstring(answer.data)  # noqa: S314  the site's own answer


def said(entry: ET.Element, name: str) -> str:
    """The text of an element that stands once."""
    [found] = entry.findall(f"{ATOM}{name}")
    return found.text or ""


def test_the_feed_has_what_atom_asks_for(cast: Cast) -> None:
    public_id = cast.tribute(name="Leyla", words="<b>Bold</b> & plain", gesture="dove", page_language="az")
    root = feed(cast)
    assert root.tag == f"{ATOM}feed"
    assert root.get(f"{XML}lang") == "en"
    assert said(root, "id") == f"{BASE}{FEED}"
    assert {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")} == {
        "self": f"{BASE}{FEED}", "alternate": f"{BASE}/en/{MEMORIAL}/tributes/",
    }  # fmt: skip
    [entry] = root.findall(f"{ATOM}entry")
    assert said(entry, "id") == f"{BASE}/t/{public_id}"
    assert said(entry, "title") == "Leyla · released a dove"
    assert said(entry.findall(f"{ATOM}author")[0], "name") == "Leyla"
    assert said(entry, "content") == "<p><b>Bold</b> &amp; plain</p>"
    assert entry.findall(f"{ATOM}content")[0].get("type") == "html"
    for moment in (said(root, "updated"), said(entry, "updated"), said(entry, "published")):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment)


def test_a_feed_without_entries_is_a_feed_in_every_language(cast: Cast) -> None:
    for lang in LANGUAGES:
        root = feed(cast, f"/{lang}/{MEMORIAL}/feed.atom")
        assert root.get(f"{XML}lang") == lang
        assert said(root, "updated")
        assert not root.findall(f"{ATOM}entry")


def test_the_feed_is_ordered_by_publication_not_by_writing(cast: Cast) -> None:
    with time_machine.travel(DAY, tick=False) as clock:
        waiting = []
        for _ in range(3):
            waiting.append(cast.author().public_id)
            clock.shift(timedelta(hours=1))
        for public_id in (waiting[1], waiting[0], waiting[2]):
            decide(cast.moderator, public_id, "approve")
            clock.shift(timedelta(hours=1))
    shown = [said(entry, "id")[-13:] for entry in feed(cast).findall(f"{ATOM}entry")]
    assert shown == [waiting[2], waiting[0], waiting[1]]


def test_an_entry_keeps_its_id_when_its_words_change(cast: Cast) -> None:
    author = cast.author(message="First words")
    decide(cast.moderator, author.public_id, "approve")
    before = [said(entry, "id") for entry in feed(cast).findall(f"{ATOM}entry")]
    amend(author, "Newer words")
    decide(cast.moderator, author.public_id, "approve")
    [entry] = feed(cast).findall(f"{ATOM}entry")
    assert [said(entry, "id")] == before
    assert "Newer words" in said(entry, "content")


def test_the_feed_has_the_newest_entries_alone(app: Flask, cast: Cast) -> None:
    with app.app_context():
        made = [a_tribute(app, at=DAY + timedelta(minutes=number)) for number in range(ENTRIES + 1)]
    shown = [said(entry, "id")[-13:] for entry in feed(cast).findall(f"{ATOM}entry")]
    assert shown == made[:0:-1]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TYPED, TYPED, TYPED), min_size=1, max_size=4))
def test_the_feed_can_be_read_whatever_was_written(app: Flask, cast: Cast, typed: list[tuple[str, str, str]]) -> None:
    with app.app_context():
        for name, place, message in typed:
            a_tribute(app, name=line(name), place=line(place), words=words(message), gesture="dove")
    root = feed(cast)
    assert len(root.findall(f"{ATOM}entry")) >= len(typed)
    assert len(read(cast, "/sitemap.xml", "application/xml")) >= len(typed)


def test_the_sitemap_names_every_page_and_every_public_tribute_once(cast: Cast) -> None:
    public, _hidden = cast.tribute(page_language="tr", words="1990", at=DAY), cast.tribute(Status.HIDDEN)
    found = [loc.text or "" for loc in read(cast, "/sitemap.xml", "application/xml").iter(LOC)]
    of_memorial = ("", "editions/", "tributes/", "tributes/new", "archive/", "archive/on-this-day/", "archive/2026/",
                   "numbers/")  # fmt: skip
    pages = ["/contact", *(f"/{MEMORIAL}/{page}" for page in of_memorial),
             *(f"/pages/{page}/" for page in ("rules", "privacy", "about", "accessibility"))]  # fmt: skip
    expected = [f"{BASE}/{lang}{page}" for lang in LANGUAGES for page in pages]
    assert sorted(found) == sorted([*expected, f"{BASE}/tr/{MEMORIAL}/tributes/{public}/"])
    for address in found:
        answer = cast.visitor.get(address.removeprefix(BASE))
        assert answer.status_code == 200
        assert f'<link rel="canonical" href="{address}">' in answer.text


def test_crawlers_are_told_what_is_not_for_them_and_where_the_sitemap_is(cast: Cast) -> None:
    answer = cast.visitor.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    closed = {line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")}
    assert closed >= {"/desk/", "/account/", *(f"/{lang}/receipt/" for lang in LANGUAGES)}
    assert lines[-1] == f"Sitemap: {BASE}/sitemap.xml"
