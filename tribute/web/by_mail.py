"""Deciding by a link in a moderator's mail: one person, one tribute, once; and it asks before it acts."""

from __future__ import annotations

from flask import Blueprint, current_app, g, render_template
from werkzeug.wrappers import Response

from tribute.domain.errors import Conflict, Gone, IllegalAction
from tribute.domain.lifecycle import Action
from tribute.domain.reasons import Reason
from tribute.extensions import db, now
from tribute.models import Memorial, begin_write
from tribute.services import desk, desk_cards, mail_links, people
from tribute.services.desk import Order
from tribute.services.mail_links import Opened
from tribute.web.forms import DecisionForm
from tribute.web.said import already

bp = Blueprint("by_mail", __name__)

Page = str | tuple[str, int] | Response


@bp.get("/mail/decide/<token>")
def decide(token: str) -> Page:
    """The tribute, and the two buttons."""
    return _asking(_opened(token))


@bp.post("/mail/decide/<token>/<any(approve, decline):action>")
def act(token: str, action: str) -> Page:
    """Carry a decision out as at the desk, on the version that was seen, and use the link up."""
    opened, form = _opened(token), DecisionForm()
    form.validate()
    if (problem := form.problem(action)) is not None:
        return _asking(opened, str(problem), form), 422
    is_decline = action == Action.DECLINE
    said = (form.reason.data, form.note.data or "") if is_decline else ("", "")
    begin_write(db.session())
    try:
        mail_links.use(db.session(), opened, now())
        desk.decide(db.session(), opened.tribute, Order(Action(action), form.seen, *said), opened.person, now())
    except Conflict as conflict:
        db.session.rollback()
        return _asking(opened, _who_was_first(conflict), form), 409
    except IllegalAction:
        db.session.rollback()
        return _asking(opened), 409
    db.session.commit()
    is_half = opened.tribute.waits
    return render_template("by_mail/done.html", action=action, public_id=opened.tribute.public_id, is_half=is_half)


@bp.errorhandler(Gone)
def gone(_error: Gone) -> tuple[str, int]:
    """The link has ended, was used, or is no longer this person's."""
    return render_template("by_mail/gone.html"), 410


def _opened(token: str) -> Opened:
    """What the link leads to; the page speaks to the person in their language."""
    opened = mail_links.open_link(db.session(), current_app.config["SECRET_KEY"], token, now())
    g.lang = opened.person.language
    g.memorial = db.session.get_one(Memorial, opened.tribute.memorial_id)
    return opened


def _who_was_first(conflict: Conflict) -> str:
    names = people.names(db.session())
    return already(conflict.action, names.get(conflict.person_id or 0, ""), conflict.at or now())


def _asking(opened: Opened, problem: str = "", form: DecisionForm | None = None) -> str:
    item = desk.card(db.session(), opened.tribute, opened.person, now())
    return render_template(
        "by_mail/decide.html", item=item, preview=desk_cards.preview(db.session(), opened.tribute), problem=problem,
        reasons=list(Reason), chosen=form.reason.data if form else "", note=(form.note.data or "") if form else "",
        who=opened.person.name,
    )  # fmt: skip
