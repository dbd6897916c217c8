"""Where the links in an author's mail lead: pages with a button. Opening one changes nothing."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tribute.domain import receipts
from tribute.domain.errors import NotFound
from tribute.extensions import db, now
from tribute.models import Memorial, Tribute, begin_write
from tribute.services import addresses, answers, authors
from tribute.services.addresses import CONFIRM, STOP
from tribute.web.forms import LostLinkForm
from tribute.web.language import spoken

bp = Blueprint("addresses", __name__)


@bp.route("/<lang:lang>/mail/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> str | Response:
    """Ask whether the address is the author's own; once they say so, their private page tells them the rest."""
    tribute = _opened(token, CONFIRM)
    if request.method == "GET":
        return render_template("addresses/confirm.html", at=tribute.at)
    begin_write(db.session())
    answers.confirm(db.session(), tribute, now())
    db.session.commit()
    receipt = authors.token_of(tribute, current_app.config["RECEIPT_KEYS"])
    return redirect(url_for("receipt.show", token=receipt, confirmed=1), 303)


@bp.route("/<lang:lang>/mail/stop/<token>", methods=["GET", "POST"])
def stop(token: str) -> str | Response:
    """Ask, then take the address from the tribute and never write to it again."""
    if receipts.tribute_of(token) is None:
        raise NotFound
    try:
        tribute = _opened(token, STOP)
    except NotFound:
        return render_template("addresses/stopped.html")  # done before, or never so: either way nothing is sent
    if request.method == "GET":
        return render_template("addresses/stop.html", at=tribute.at)
    begin_write(db.session())
    addresses.stop(db.session(), tribute, now())
    db.session.commit()
    return redirect(url_for("addresses.stop", token=token), 303)


@bp.route("/<lang:lang>/receipt/", methods=["GET", "POST"])
def lost() -> str | tuple[str, int] | Response:
    """Take in an address whose links are to be sent again; the answer is the same whoever's it is."""
    form = LostLinkForm()
    if not form.validate_on_submit():
        return render_template("addresses/lost.html", form=form), 422 if request.method == "POST" else 200
    keys = current_app.config["EMAIL_KEYS"]
    begin_write(db.session())
    addresses.ask_for_links(db.session(), form.email.data or "", spoken(), now(), keys)
    db.session.commit()
    return redirect(url_for("addresses.lost_sent"), 303)


@bp.get("/<lang:lang>/receipt/sent")
def lost_sent() -> str:
    """What happens next."""
    return render_template("addresses/sent.html")


def _opened(token: str, purpose: str) -> Tribute:
    """The tribute that a link is about; the page stands under its memorial."""
    tribute = addresses.by_token(db.session(), token, purpose, current_app.config["RECEIPT_KEYS"])
    g.memorial = db.session.get_one(Memorial, tribute.memorial_id)
    return tribute
