"""The site's own pages: rules, privacy, about, accessibility."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from markupsafe import Markup

from tribute.domain import text
from tribute.extensions import db
from tribute.models import Page
from tribute.services import pages
from tribute.web import words
from tribute.web.language import spoken

BACKUP_DAYS = "{backup_days}"  # in a page's text: after how long old backups end, as the setting says

bp = Blueprint("pages", __name__)


@bp.get(f"/<lang:lang>/pages/<any({','.join(pages.SLUGS)}):page>/")
def show(page: str) -> str:
    """One page."""
    found = pages.shown(db.session(), page, spoken())
    return render_template("pages/show.html", page=found, body_html=body_of(found))


def body_of(page: Page) -> Markup:
    """A page's text, with what only the settings know in its place."""
    days = words.days(current_app.config["SETTINGS"].backup_days, page.language)
    return text.trusted(page.body_html.replace(BACKUP_DAYS, days))
