"""The site's own pages: rules, privacy, about, accessibility."""

from __future__ import annotations

from flask import Blueprint, render_template

from tribute.domain import text
from tribute.extensions import db
from tribute.services import pages
from tribute.web.language import spoken

bp = Blueprint("pages", __name__)


@bp.get(f"/<lang:lang>/pages/<any({','.join(pages.SLUGS)}):page>/")
def show(page: str) -> str:
    """One page."""
    found = pages.shown(db.session(), page, spoken())
    body = text.trusted(found.body_html)
    return render_template("pages/show.html", page=found, body_html=body)
