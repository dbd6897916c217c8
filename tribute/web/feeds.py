"""For readers that are programs: the Atom feed, the sitemap, robots.txt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from xml.etree import ElementTree as ET

import regex
from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from tribute.domain import ids, text
from tribute.domain.language import INTERFACE
from tribute.extensions import db, now
from tribute.models import Memorial
from tribute.services import articles, counts, memorials, turnovers, wall
from tribute.services import pages as site_pages
from tribute.services.wall import Card
from tribute.web.language import spoken
from tribute.web.shell import absolute, holds, this_memorial
from tribute.web.words import DEEDS

bp = Blueprint("feeds", __name__)

ENTRIES = 50
MEMORIAL_PAGES = (
    "memorial.show", "memorial.editions", "tributes.wall", "tributes.new", "archive.index", "archive.on_this_day",
    "numbers.show",
)  # fmt: skip
MOST_ADDRESSES = 45_000  # sitemaps.org allows 50,000 a file
ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NOT_XML = regex.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2

ET.register_namespace("", ATOM)


@bp.get("/<lang:lang>/<memorial>/feed.atom")
def atom() -> Response:
    """The newest published tributes, by the moment of publishing."""
    memorial = this_memorial()
    found = wall.newest_published(db.session(), memorial, ENTRIES)
    updated = found[0][1] if found else ids.time_of(memorial.id)
    feed = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": spoken()})
    _add(feed, "title", memorial.name(spoken()))
    _add(feed, "id", absolute(url_for("feeds.atom", memorial=memorial.slug)))
    _add(feed, "updated", _rfc3339(updated))
    for relation, endpoint in (("self", "feeds.atom"), ("alternate", "tributes.wall")):
        ET.SubElement(
            feed, f"{{{ATOM}}}link", {"rel": relation, "href": absolute(url_for(endpoint, memorial=memorial.slug))}
        )
    for card, published in found:
        _add_entry(feed, card, published)
    return _xml(feed, "application/atom+xml")


def _add_entry(feed: ET.Element, card: Card, published: datetime) -> None:
    address = absolute(
        url_for("tributes.show", lang=card.own_language, memorial=card.memorial, public_id=card.public_id)
    )
    holds(card.public_id)
    entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
    deed = str(DEEDS.get(card.gesture, ""))
    _add(entry, "title", " · ".join(part for part in (card.name, deed) if part))
    _add(entry, "id", absolute(url_for("tributes.short", public_id=card.public_id)))
    _add(entry, "published", _rfc3339(card.at))
    _add(entry, "updated", _rfc3339(published))
    ET.SubElement(entry, f"{{{ATOM}}}link", {"rel": "alternate", "href": address})
    _add(ET.SubElement(entry, f"{{{ATOM}}}author"), "name", card.name)
    content = _add(entry, "content", (card.html or text.escape(deed)) + _shortened(card))
    content.attrib |= {"type": "html", "xml:lang": card.language}


def _shortened(card: Card) -> str:
    """That something was left out, in the feed's language."""
    said = text.escape(_("Shortened by a moderator."))
    return f'<p lang="{spoken()}">{said}</p>' if card.shortened else ""


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """Every public page but the tributes' older ones, each with its other languages."""
    root = ET.Element("urlset", {"xmlns": SITEMAP})
    for path in _paths():
        _add_plain(root, absolute(path))
    return _xml(root, "application/xml")


def _paths() -> Iterator[str]:
    for lang in INTERFACE:
        yield from (url_for("pages.show", lang=lang, page=page) for page in site_pages.SLUGS)
        yield url_for("contact.new", lang=lang)
        for memorial in memorials.every(db.session()):
            yield from _memorial_paths(memorial, lang)
    for slug, language, public_id in wall.newest_addresses(db.session(), MOST_ADDRESSES):
        yield url_for("tributes.show", lang=language, memorial=slug, public_id=public_id)


def _memorial_paths(memorial: Memorial, lang: str) -> Iterator[str]:
    slug = memorial.slug
    for endpoint in MEMORIAL_PAGES:
        yield url_for(endpoint, lang=lang, memorial=slug)
    for year, _number in counts.public_years(db.session(), memorial.id):
        yield url_for("archive.year", lang=lang, memorial=slug, year=year)
    at = now()
    standing = turnovers.standing_year(db.session(), memorial, at)  # its address is the memorial's own page
    for edition in articles.editions(db.session(), memorial, lang, at):
        if edition.year != standing:
            yield url_for("memorial.edition", lang=lang, memorial=slug, year=edition.year)
    if articles.undated(db.session(), memorial, lang, at):
        yield url_for("memorial.undated", lang=lang, memorial=slug)


@bp.get("/robots.txt")
def robots() -> Response:
    """What crawlers may read, and where the sitemap is."""
    closed = [
        "/desk/",
        "/account/",
        *(f"/{lang}/receipt/" for lang in INTERFACE),
        *(f"/{lang}/preview/" for lang in INTERFACE),
        *(f"/{lang}/search" for lang in INTERFACE),
    ]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        f"Sitemap: {absolute(url_for('feeds.sitemap'))}",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _add(parent: ET.Element, name: str, said: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = _NOT_XML.sub("\ufffd", said)
    return element


def _add_plain(root: ET.Element, address: str) -> None:
    ET.SubElement(ET.SubElement(root, "url"), "loc").text = address


def _rfc3339(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _xml(root: ET.Element, mimetype: str) -> Response:
    return Response(ET.tostring(root, encoding="utf-8", xml_declaration=True), mimetype=mimetype)
