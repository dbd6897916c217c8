"""The memorial's own pages: the article with the newest tributes, and the editions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from tribute.domain import text
from tribute.domain.errors import NotFound
from tribute.extensions import db, now
from tribute.models import Article, Memorial
from tribute.services import articles, memorials, turnovers, wall
from tribute.web.language import preferred, spoken
from tribute.web.shell import this_memorial

bp = Blueprint("memorial", __name__)


@bp.get("/")
def home() -> BaseResponse:
    """Lead to the reader's language."""
    response = redirect(url_for("memorial.index", lang=preferred()))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/<lang:lang>/")
def index() -> BaseResponse | str:
    """The one memorial, or the list of them."""
    every = memorials.every(db.session())
    if len(every) == 1:
        return redirect(url_for("memorial.show", memorial=every[0].slug))
    return render_template("memorial/index.html", memorials=every)


@bp.get("/<lang:lang>/<memorial>/")
def show() -> str:
    """The standing article and the newest tributes."""
    memorial = this_memorial()
    article = articles.standing(db.session(), memorial, spoken(), now())
    page = wall.wall(db.session(), memorial, size=wall.NEWEST_SIZE)
    return render_template(
        "memorial/show.html", article=shown(article), page=page, shown_language=article.language
    )  # fmt: skip


@bp.get("/<lang:lang>/<memorial>/editions/")
def editions() -> str:
    """The standing edition and those of the anniversaries."""
    memorial, session, at = this_memorial(), db.session(), now()
    standing = articles.standing(session, memorial, spoken(), at)
    undated = articles.undated(session, memorial, spoken(), at)
    others = [each for each in articles.editions(session, memorial, spoken(), at) if each.year != standing.year]
    return render_template(
        "memorial/editions.html", standing=shown(standing), editions=[shown(article) for article in others],
        undated=shown(undated) if undated else None,
    )  # fmt: skip


@bp.get("/<lang:lang>/<memorial>/editions/<year:year>/")
def edition(year: int) -> str:
    """An anniversary's edition, as it was issued; while it stands, the memorial's page is its address."""
    memorial, at = this_memorial(), now()
    article = articles.edition(db.session(), memorial, year, spoken(), at)
    if turnovers.standing_year(db.session(), memorial, at) == year:
        g.canonical = url_for("memorial.show", memorial=memorial.slug)
    return render_template(
        "memorial/edition.html", article=shown(article), years_then=years_in(memorial, year),
        shown_language=article.language,
    )  # fmt: skip


@bp.get("/<lang:lang>/<memorial>/editions/undated/", endpoint="undated")
def show_undated() -> str:
    """The text without a year, once an edition stands in its place."""
    article = articles.undated(db.session(), this_memorial(), spoken(), now())
    if article is None:
        raise NotFound
    return render_template(
        "memorial/edition.html", article=shown(article), years_then=0, shown_language=article.language
    )


def years_in(memorial: Memorial, year: int) -> int:
    """How many years an edition counts."""
    return max(0, year - memorial.event_date.year)


def shown(article: Article) -> dict[str, Any]:
    """An article as its templates read it."""
    lede, rest = articles.lede_and_rest(article)
    columns = {column.name: getattr(article, column.name) for column in Article.__table__.columns}
    return columns | {
        "lede_html": lede, "body_html": rest,
        "figures_html": text.trusted(article.figures_html), "sources_html": text.trusted(article.sources_html),
    }  # fmt: skip
