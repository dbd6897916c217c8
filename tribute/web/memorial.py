"""The memorial's own pages: the article with the newest tributes, and the editions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from tribute.domain import text
from tribute.extensions import db
from tribute.models import Article
from tribute.services import articles, memorials, wall
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
    article = articles.standing(db.session(), memorial, spoken())
    page = wall.wall(db.session(), memorial, size=wall.NEWEST_SIZE)
    return render_template(
        "memorial/show.html", article=shown(article), page=page, shown_language=article.language
    )  # fmt: skip


@bp.get("/<lang:lang>/<memorial>/editions/")
def editions() -> str:
    """The standing edition and those of the anniversaries."""
    memorial, session = this_memorial(), db.session()
    return render_template(
        "memorial/editions.html", standing=shown(articles.standing(session, memorial, spoken())),
        editions=[shown(article) for article in articles.editions(session, memorial, spoken())],
    )  # fmt: skip


@bp.get("/<lang:lang>/<memorial>/editions/<year:year>/")
def edition(year: int) -> str:
    """An anniversary's edition, as it was issued."""
    memorial = this_memorial()
    article = articles.edition(db.session(), memorial, year, spoken())
    then = max(0, year - memorial.event_date.year)
    return render_template(
        "memorial/edition.html", article=shown(article), years_then=then, shown_language=article.language
    )


def shown(article: Article) -> dict[str, Any]:
    """An article as its templates read it."""
    lede, rest = articles.lede_and_rest(article)
    columns = {column.name: getattr(article, column.name) for column in Article.__table__.columns}
    return columns | {
        "lede_html": lede, "body_html": rest,
        "figures_html": text.trusted(article.figures_html), "sources_html": text.trusted(article.sources_html),
    }  # fmt: skip
