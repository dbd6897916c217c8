"""A new private link for an author who lost theirs and gave no address: made by a keeper, shown once, logged."""

from __future__ import annotations

from flask import current_app, render_template, request, url_for

from tribute.domain import ids
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import begin_write
from tribute.services import authors, tributes
from tribute.services.desk import actor_of
from tribute.web.access import requires, this_person
from tribute.web.desk import Page, bp, rooms
from tribute.web.shell import absolute

__all__ = ["bp"]  # the desk's own blueprint, with new links added


@bp.post("/tributes/<public_id>/new-link")
@requires(Permission.HANDLE_CASES)
def new_link(public_id: str) -> Page:
    """Make a new private link; the one before opens nothing any more."""
    tribute, actor = tributes.by_id(db.session(), ids.decode(public_id)), actor_of(this_person())
    seen = request.form.get("generation", "")
    begin_write(db.session())
    authors.renew_link(db.session(), tribute, int(seen) if seen.isdecimal() else 0, actor, now())
    db.session.commit()
    token = authors.token_of(tribute, current_app.config["RECEIPT_KEYS"])
    link = absolute(url_for("receipt.show", lang=tribute.page_language, token=token))
    return render_template("desk/new_link.html", link=link, public_id=public_id, **rooms())
