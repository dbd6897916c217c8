"""Only what is approved is ever public: every public address is walked with a tribute in each status."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.cast import Cast, a_tribute
from tests.web.steps import LANGUAGES, MEMORIAL, amend, anonymous, decide, withdraw
from tribute.domain import ids
from tribute.domain.lifecycle import Status
from tribute.models.tribute import GESTURES

# One word for each of words, name and place; no other text on any page holds one of them.
PARTS = ("zumrud", "qaqash", "xocali")
SITE_PAGES = ("rules", "privacy", "about", "accessibility")
PUBLIC_PAGES = (
    "/", *(f"/{MEMORIAL}/{page}" for page in ("", "editions/", "tributes/", "tributes/new", "feed.atom",
                                     "archive/", "archive/on-this-day/")),
    "/search", "/contact", "/contact/sent", *(f"/pages/{page}/" for page in SITE_PAGES),
)  # fmt: skip


@dataclass
class Everything:
    """One tribute in each status, and one whose author sent newer words that wait."""

    ids: dict[str, str]

    @property
    def secret(self) -> list[str]:
        """The words, names and places that nobody may read."""
        return [part + kind for kind in self.ids if kind not in ("approved", "amended") for part in PARTS]


def said(kind: str) -> dict[str, str]:
    """Words, name and place that only one tribute has."""
    words, name, place = (part + kind for part in PARTS)
    return {"words": words, "name": name, "place": place}


@pytest.fixture
def everything(app: Flask, cast: Cast) -> Everything:
    """A tribute of every kind."""
    with app.app_context():
        made = {str(status): a_tribute(app, status, **said(status)) for status in Status}
        wordless = {"page_language": "az", "words": "", "gesture": "candle"}
        made["laid"] = a_tribute(app, Status.PENDING, **said("laid") | wordless)
    words, name, place = (part + "amended" for part in PARTS)
    author = cast.author(message=words, name=name, place=place)
    assert decide(cast.moderator, author.public_id, "approve").status_code == 303
    amend(author, PARTS[0] + "newer", name=PARTS[1] + "newer", place=PARTS[2] + "newer")
    unread = cast.author(message=PARTS[0] + "unread", name=PARTS[1] + "unread", place=PARTS[2] + "unread")
    withdraw(unread)
    return Everything(made | {"amended": author.public_id, "newer": author.public_id, "unread": unread.public_id})


def addresses(everything: Everything) -> list[str]:
    """Every public address there is, whether or not a page leads to it."""
    tributes = [f"/{MEMORIAL}/tributes/{public_id}/" for public_id in everything.ids.values()]
    filters = [f"/{MEMORIAL}/tributes/?gesture={gesture}" for gesture in GESTURES]
    filters += [f"/{MEMORIAL}/tributes/?language={code}" for code in LANGUAGES]
    filters += [f"/{MEMORIAL}/tributes/?before={ids.encode(ids.MAXIMUM)}", f"/{MEMORIAL}/tributes/?after={'0' * 13}"]
    years = [f"/{MEMORIAL}/tributes/?year={year}" for year in range(2020, 2041)]
    at, archived = datetime.now(UTC), f"/{MEMORIAL}/archive/"
    times = [archived + format(at, named) for named in ("%Y/", "%Y/%m/", "%Y/%m/?day=%d")]
    paths = (*PUBLIC_PAGES, *tributes, *filters, *years, *times)
    every = [f"/{lang}{path}" for lang in LANGUAGES for path in paths]
    shorts = [f"/t/{public_id}" for public_id in everything.ids.values()]
    return [*every, *shorts, "/", "/robots.txt", "/sitemap.xml"]


def test_no_public_address_shows_what_is_not_approved(app: Flask, cast: Cast, everything: Everything) -> None:
    client, shown = app.test_client(), set[str]()
    for path in addresses(everything):
        page = client.get(path, follow_redirects=True).text
        leaked = [word for word in everything.secret if word in page]
        assert not leaked, f"{path} shows {leaked}"
        shown |= {word for word in (PARTS[0] + "approved", PARTS[0] + "amended") if word in page}
    assert shown == {PARTS[0] + "approved", PARTS[0] + "amended"}


def test_no_link_of_the_site_leads_to_what_is_not_approved(app: Flask, cast: Cast, everything: Everything) -> None:
    client, seen, waiting = app.test_client(), set[str](), {"/", *(f"/{lang}/" for lang in LANGUAGES)}
    while waiting:
        seen.add(path := waiting.pop())
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        assert not [word for word in everything.secret if word in answer.text], path
        links = {link.replace("&amp;", "&").split("#")[0] for link in re.findall(r'href="(/[^"]*)"', answer.text)}
        waiting |= {link for link in links if link and not link.startswith("/static/")} - seen
    own = {path for path in seen if re.search(r"/tributes/[0-9a-z]{13}/$", path)}
    assert {path.split("/")[-2] for path in own} == {everything.ids["approved"], everything.ids["amended"]}


def test_searching_for_unpublished_words_is_like_searching_for_what_nobody_wrote(
    cast: Cast, everything: Everything
) -> None:
    for lang in LANGUAGES:
        nothing = anonymous(cast.visitor, f"/{lang}/search?q=nobodywrotethis")
        for word in everything.secret:
            found = anonymous(cast.visitor, f"/{lang}/search?q={word}")
            assert found.replace(word, "nobodywrotethis") == nothing, word
        every = cast.visitor.get(f"/{lang}/search?q={PARTS[0]}*").text
        shown = {kind for kind, public_id in everything.ids.items() if public_id in every}
        assert shown == {"approved", "amended", "newer"}


def test_feed_and_sitemap_name_only_what_is_approved(cast: Cast, everything: Everything) -> None:
    public = {everything.ids["approved"], everything.ids["amended"]}
    for path in ("/sitemap.xml", *(f"/{lang}/{MEMORIAL}/feed.atom" for lang in LANGUAGES)):
        text = cast.visitor.get(path).text
        assert {public_id for public_id in everything.ids.values() if public_id in text} == public, path


def test_counts_tell_nothing_of_what_is_not_public(cast: Cast, everything: Everything) -> None:
    page = cast.visitor.get(f"/en/{MEMORIAL}/tributes/").text
    assert "2 tributes" in page
    assert "Candle" not in page


def test_what_was_taken_away_is_gone_and_the_rest_is_not_there(cast: Cast, everything: Everything) -> None:
    answers = {Status.WITHDRAWN: 410, Status.REMOVED: 410, Status.APPROVED: 200}
    for status in Status:
        for lang in LANGUAGES:
            path = f"/{lang}/{MEMORIAL}/tributes/{everything.ids[status]}/"
            assert cast.visitor.get(path).status_code == answers.get(status, 404)
            assert cast.keeper.get(path).status_code == answers.get(status, 404)


def test_what_was_withdrawn_before_anyone_read_it_was_never_there(cast: Cast, everything: Everything) -> None:
    assert cast.visitor.get(f"/en/{MEMORIAL}/tributes/{everything.ids['unread']}/").status_code == 404
