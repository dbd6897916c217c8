"""The page of numbers: what came in and what became of it, and the newest hash of the log."""

from __future__ import annotations

from flask import Blueprint, render_template

from tribute.extensions import db
from tribute.services import numbers as service
from tribute.web.shell import this_memorial

bp = Blueprint("numbers", __name__)


@bp.get("/<lang:lang>/<memorial>/numbers/")
def show() -> str:
    """Numbers only, and nobody's name."""
    return render_template("numbers/show.html", numbers=service.public(db.session(), this_memorial()))
