"""The author's private page: what became of a tribute, and mending, withdrawing or taking it back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tribute.domain import text
from tribute.domain.errors import Conflict
from tribute.extensions import db, now
from tribute.models import Memorial, Safeguard, Tribute, begin_write
from tribute.services import addresses, authors, care, decisions, receipts, safeguards
from tribute.services.receipts import Receipt
from tribute.services.tributes import Written
from tribute.web import words
from tribute.web.forms import AmendForm, VersionForm
from tribute.web.language import spoken
from tribute.web.shell import absolute

bp = Blueprint("receipt", __name__)

Page = str | tuple[str, int] | tuple[str, int, dict[str, str]] | Response


def opened(token: str) -> Tribute:
    """The tribute that a token opens; the page stands under its memorial."""
    tribute = authors.by_token(db.session(), token, current_app.config["RECEIPT_KEYS"])
    g.memorial = db.session.get_one(Memorial, tribute.memorial_id)
    return tribute


def seen(tribute: Tribute) -> Receipt:
    """The tribute as its author sees it."""
    return receipts.receipt(db.session(), tribute)


@bp.get("/<lang:lang>/receipt/<token>/")
def show(token: str) -> str:
    """What stands, what waits, what was decided and why."""
    found = opened(token)
    tribute = seen(found)
    return render_template(
        "receipt/show.html", tribute=tribute, helplines=_helplines(found),
        can=_can(tribute), saved="saved" in request.args,
        private_url=absolute(url_for("receipt.show", token=token)),
        wait=words.span(decisions.wait_lately(db.session())), is_confirmed_now="confirmed" in request.args,
        stop_url=_stop_url(found),
    )  # fmt: skip


@bp.route("/<lang:lang>/receipt/<token>/amend", methods=["GET", "POST"])
def amend(token: str) -> Page:
    """New words; they are read before they replace the old ones."""
    tribute = opened(token)
    receipt = seen(tribute)
    if "amend" not in receipt.can:
        if request.method == "POST":
            raise Conflict  # its page keeps the words
        return _back(token)
    form = AmendForm(gesture=tribute.gesture, data=_typed(receipt) | {"version": tribute.version})
    if not form.validate_on_submit():
        return _amend_page(form, receipt), 422 if request.method == "POST" else 200
    if (pause := safeguards.paused(db.session(), now())) is not None:
        return _paused(form, receipt, pause)
    written = Written(form.name.data or "", form.place.data or "", form.message.data or "", tribute.page_language)
    try:
        _amend(tribute, form.seen, written)
    except Conflict:
        db.session.rollback()
        if not authors.is_newest(db.session(), tribute, written):  # else the same words came twice
            return _changed_meanwhile(form, tribute)
    return _back(token, saved=1)


@bp.route("/<lang:lang>/receipt/<token>/withdraw", methods=["GET", "POST"])
def withdraw(token: str) -> Page:
    """Ask once, then take the tribute off every page."""
    tribute = opened(token)
    receipt, form = seen(tribute), VersionForm(version=tribute.version)
    if "withdraw" not in receipt.can:
        return _back(token)
    if not form.validate_on_submit():
        return render_template("receipt/withdraw.html", form=form, tribute=receipt)
    begin_write(db.session())
    # Whatever a moderator decided meanwhile: nobody's words stay public against their will.
    authors.withdraw(db.session(), tribute, now(), tribute.version)
    db.session.commit()
    return _back(token)


@bp.post("/<lang:lang>/receipt/<token>/return")
def take_back(token: str) -> Page:
    """Undo a withdrawal within its 30 days."""
    tribute, form = opened(token), VersionForm()
    begin_write(db.session())
    authors.take_back(db.session(), tribute, now(), form.seen)
    db.session.commit()
    return _back(token)


def _helplines(tribute: Tribute) -> dict[str, Any] | None:
    """Where somebody can turn who wrote what sounds like a cry for help, once keepers have said where."""
    said, code = care.written(db.session(), care.HELPLINES, spoken())
    if not said or not care.may_need_help(db.session(), tribute):
        return None
    return {"html": text.render(said), "language": code}


def _stop_url(tribute: Tribute) -> str | None:
    """Where an author gives up the address that they had confirmed."""
    if tribute.email_confirmed_at is None or tribute.email_digest is None:
        return None
    token = addresses.token_of(tribute, addresses.STOP, current_app.config["RECEIPT_KEYS"])
    return url_for("addresses.stop", token=token)


def _can(receipt: Receipt) -> set[str]:
    """What the page offers: bringing back, only while it is still possible."""
    is_late = receipt.returnable_until is not None and now() > receipt.returnable_until
    return receipt.can - {"return"} if is_late else receipt.can


def _amend(tribute: Tribute, version: int, written: Written) -> None:
    session, at = db.session(), now()
    weighed = authors.weigh(session, written, at, tribute.email_digest)
    begin_write(session)
    authors.amend(session, tribute, at, version, written, weighed)
    session.commit()


def _amend_page(form: AmendForm, receipt: Receipt) -> str:
    return render_template(
        "receipt/amend.html", form=form, tribute=receipt, paused=safeguards.paused(db.session(), now())
    )


def _paused(form: AmendForm, receipt: Receipt, pause: Safeguard) -> Page:
    """The form again, whole, with the time when it opens: in a raid nothing more to read comes in by this door."""
    form.form_errors.append(_(
        "New words are not taken just now. Yours have not been sent; they are below, and this form opens again on "
        "%(moment)s.", moment=words.moment(pause.until),
    ))  # fmt: skip
    return _amend_page(form, receipt), 503, {"Retry-After": str(safeguards.seconds_left(pause, now()))}


def _typed(receipt: Receipt) -> dict[str, str]:
    """What stands in the form at first: the newest words, name and place."""
    newest = receipt.waiting_card or receipt
    return {"name": newest.name, "place": newest.place, "message": receipt.words}


def _changed_meanwhile(form: AmendForm, tribute: Tribute) -> tuple[str, int]:
    """Something was decided or sent while the author wrote: the words stay, under the version as it is now."""
    form.version.data = str(tribute.version)
    form.form_errors.append(
        _("Your tribute changed while you were writing. Your words are below; please send them once more.")
    )
    return _amend_page(form, seen(tribute)), 409


def _back(token: str, *, saved: int | None = None) -> Response:
    return redirect(url_for("receipt.show", token=token, saved=saved), 303)
