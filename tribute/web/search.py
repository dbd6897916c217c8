"""Search over past entries."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, g, render_template, request, url_for

from tribute.domain import text
from tribute.extensions import db
from tribute.search.query import LONGEST, parse
from tribute.services import search
from tribute.services.search import ArticleHit, Chosen
from tribute.web import cursors
from tribute.web.language import spoken

bp = Blueprint("search", __name__)


@bp.get("/<lang:lang>/search")
def results() -> str:
    """Published tributes and articles that hold every word."""
    typed = text.normalise_line(request.args.get("q", "")[:LONGEST])
    chosen = Chosen(
        cursors.slug("memorial"),
        cursors.choice("language"),
        cursors.choice("kind", search.KINDS),
        cursors.year(),
    )
    edges = cursors.cursor("before"), cursors.cursor("after")
    found = search.search(db.session(), parse(typed), chosen, *edges, reads=spoken())
    g.kept_query = {name: value for name, value in {"q": typed, **asdict(chosen)}.items() if value}
    return render_template(
        "search/results.html", query=typed, chosen=chosen, articles=[_linked(hit) for hit in found.articles],
        page=found, total=found.total, total_capped=found.total_capped,
    )  # fmt: skip


def _linked(hit: ArticleHit) -> dict[str, Any]:
    """A hit with its address: the article in the language that it was found in."""
    endpoint = "memorial.edition" if hit.year else "memorial.show"
    address = url_for(endpoint, lang=hit.language, memorial=hit.memorial, year=hit.year)
    return asdict(hit) | {"url": address}
