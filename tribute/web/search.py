"""Search over past entries."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, g, render_template, request, url_for

from tribute.domain import text
from tribute.extensions import db
from tribute.search.query import LONGEST, parse
from tribute.services import corrections, search
from tribute.services.search import ArticleHit, Narrowed, Place
from tribute.web import cursors
from tribute.web.language import spoken

bp = Blueprint("search", __name__)


@bp.get("/<lang:lang>/search")
def results() -> str:
    """Published tributes and articles that match."""
    typed, narrowed, place = typed_query(), _narrowed(), _place()
    query = parse(typed)
    found = search.search(db.session(), query, narrowed, place, reads=spoken())
    kept = {"q": typed, **asdict(narrowed), "sort": place.sort if place.sort != "newest" else ""}
    g.kept_query = {name: value for name, value in kept.items() if value}
    nearest = corrections.corrections(db.session(), typed, query, narrowed) if not found.total else []
    return render_template(
        "search/results.html", query=typed, understood=query, narrowed=narrowed, sort=place.sort, page=found,
        articles=[_linked(hit) for hit in found.articles], corrections=nearest,
    )  # fmt: skip


@bp.get("/<lang:lang>/search/suggestions")
def suggestions() -> dict[str, list[str]]:
    """Queries that complete what is being typed: for the search box's list."""
    return {"suggestions": corrections.suggestions(db.session(), typed_query())}


def typed_query() -> str:
    """What was typed into the box, as one line."""
    return text.normalise_line(request.args.get("q", "")[:LONGEST])


def _narrowed() -> Narrowed:
    return Narrowed(
        cursors.slug("memorial"), cursors.choice("language"), cursors.choice("kind", search.KINDS), cursors.year()
    )


def _place() -> Place:
    sort = cursors.choice("sort", search.SORTS) or "newest"
    return Place(sort, cursors.cursor("before"), cursors.cursor("after"), cursors.page())


def _linked(hit: ArticleHit) -> dict[str, Any]:
    """A hit with its address: the article in the language that it was found in."""
    endpoint = "memorial.edition" if hit.year else "memorial.show"
    address = url_for(endpoint, lang=hit.language, memorial=hit.memorial, year=hit.year)
    return asdict(hit) | {"url": address}
