"""A draft of an edition as its readers will see it: for keepers, and for whoever has the link."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tribute.domain.language import INTERFACE
from tribute.extensions import db, now
from tribute.models import Memorial, Turnover
from tribute.services import articles, editions, turnovers
from tribute.web.language import spoken
from tribute.web.memorial import shown, years_in

bp = Blueprint("previews", __name__)


@bp.get("/<lang:lang>/preview/<token>/")
def preview(token: str) -> ResponseReturnValue:
    """The draft that a link shows; once it has taken its place, the public page."""
    turnover = editions.by_token(db.session(), token, current_app.config["RECEIPT_KEYS"])
    memorial = g.memorial = db.session.get_one(Memorial, turnover.memorial_id)
    if not turnovers.is_draft(turnover, now()):
        return redirect(url_for("memorial.edition", memorial=memorial.slug, year=turnover.year))
    return preview_page(memorial, turnover, spoken(), token)


def preview_page(memorial: Memorial, turnover: Turnover, language: str | None, token: str = "") -> str:
    """The page of a draft, in a language or in the one it has."""
    wanted = language if language in INTERFACE else spoken()
    article = articles.draft(db.session(), memorial, turnover.year, wanted)
    return render_template(
        "memorial/preview.html", article=shown(article), turnover=turnover, token=token,
        years_then=years_in(memorial, turnover.year), shown_language=article.language,
        is_draft=turnovers.is_draft(turnover, now()), wanted=wanted,
    )  # fmt: skip
