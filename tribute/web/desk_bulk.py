"""Many tributes at once: chosen by boxes or by a list, looked over, confirmed, and taken back as one."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request, session, url_for
from flask import redirect as redirect_to
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import StringField

from tribute.domain import ids, text
from tribute.domain.lifecycle import Action
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import Tribute, begin_write
from tribute.services import batches, desk, desk_cards, desk_search
from tribute.services.batches import MOST, Chosen, Outcome
from tribute.services.desk import Listed, Order
from tribute.web.access import requires, this_person
from tribute.web.desk import Page, bp, own_path, rooms, wanted_list
from tribute.web.desk_search import sought
from tribute.web.errors import page
from tribute.web.forms import DecisionForm

EXCERPT = 120
__all__ = ["bp"]  # the desk's own blueprint, with batches added


class BatchForm(DecisionForm):
    """One decision for many."""

    action = StringField()

    @property
    def order(self) -> Order:
        """The decision; each tribute has its own version."""
        action = Action(self.action.data or "")
        is_decline = action == Action.DECLINE
        return Order(action, 0, self.reason.data if is_decline else "", self.note.data or "" if is_decline else "")


@bp.post("/bulk")
@requires(Permission.DECIDE)
def bulk() -> Page:
    """Show what would happen; once that is confirmed, let it happen."""
    form = BatchForm()
    form.validate()
    if form.action.data not in batches.ALLOWED:
        return page(422, _("Nothing was decided yet"), _("Please choose what is to be done."))
    if (problem := form.problem(form.action.data)) is not None:
        return page(422, _("Nothing was decided yet"), str(problem))
    chosen = _listed() if request.form.get("all") == "1" else _boxes()
    if not chosen:
        return page(422, _("Nothing was decided yet"), _("Please choose at least one tribute."))
    if request.form.get("sure") != "1":
        return _look(form, chosen)
    return _carry_out(form, chosen)


@bp.post("/bulk/<batch_id>/undo")
@requires(Permission.DECIDE)
def undo_bulk(batch_id: str) -> Response:
    """Take a batch back as one."""
    person = this_person()
    begin_write(db.session())
    batch = batches.by_id(db.session(), ids.decode(batch_id))
    outcome = batches.undo(db.session(), batch, person, now())
    db.session.commit()
    session.pop("batch", None)
    session["told"] = _told("undo", outcome)
    return redirect_to(own_path(request.form.get("next")) or url_for("desk.queue"), 303)


def _boxes() -> list[Chosen]:
    """What was ticked: each by its public id and the version that was seen."""
    found: dict[int, Chosen] = {}
    for value in request.form.getlist("chosen")[:MOST]:
        public_id, _sep, version = value.partition(":")
        key = ids.decode(public_id)
        if key is not None and version.isascii() and version.isdecimal() and len(version) < 18:
            found[key] = Chosen(key, int(version))
    return list(found.values())


def _listed() -> list[Chosen]:
    """All of the list, or of the search, that the form stands on; the first two hundred."""
    person, source = this_person(), request.form
    if typed := source.get("q", "").strip():
        keys = current_app.config["EMAIL_KEYS"]
        items = desk_search.first(db.session(), sought(typed, person, source), person, keys, MOST)
    else:
        wanted: Listed = wanted_list(source)
        items = desk.some(db.session(), person, wanted, MOST)
    return [Chosen(ids.decode(item.public_id) or 0, item.version) for item in items]


def _look(form: BatchForm, chosen: list[Chosen]) -> str:
    rows = [db.session.get(Tribute, each.tribute_id) for each in chosen]
    cards = desk_cards.cards(db.session(), [row for row in rows if row is not None], this_person())
    seen = {ids.encode(each.tribute_id): each.version for each in chosen}
    items: list[dict[str, Any]] = [
        {"card": card, "seen": seen[card.public_id], "excerpt": _excerpt(card.html)} for card in cards
    ]
    return render_template(
        "desk/bulk.html", items=items, order=form.order, is_full=len(chosen) == MOST, most=MOST,
        fitting=[item for item in items if form.order.action in item["card"].actions],
        next=own_path(form.next.data) or url_for("desk.queue"), **rooms(),
    )  # fmt: skip


def _excerpt(html: str) -> str:
    return text.shorten(text.plain(html), EXCERPT)


def _carry_out(form: BatchForm, chosen: list[Chosen]) -> Response:
    person, order, at = this_person(), form.order, now()
    begin_write(db.session())
    batch = batches.begin(db.session(), order, person, at)
    outcome = batches.carry_out(db.session(), batch, chosen, order, person, at)
    db.session.commit()
    session["batch"], session["told"] = ids.encode(batch.id), _told(order.action, outcome)
    session.pop("undo", None)
    return redirect_to(own_path(form.next.data) or url_for("desk.queue"), 303)


def _told(action: str, outcome: Outcome) -> dict[str, Any]:
    return {"action": str(action), "done": outcome.done, "left": outcome.left}
