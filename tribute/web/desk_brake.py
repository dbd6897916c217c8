"""The brake: no new tributes for a while, and everything published lately hidden as one decision."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import StringField

from tribute.domain import ids, text
from tribute.domain.lifecycle import Action, Remark
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import Batch, LogHead, begin_write
from tribute.services import batches, desk, people, remarks, safeguards
from tribute.services.desk import Order
from tribute.web.access import requires, this_person
from tribute.web.desk import Page, bp, rooms
from tribute.web.errors import page
from tribute.web.forms import VersionForm, at_most, line

HOURS = (1, 3, 6, 12, 24)  # a pause lasts no longer than a day: somebody has to want it again
MINUTES = (10, 30, 60, 180)
SENTENCE = 200  # graphemes
__all__ = ["bp"]  # the desk's own blueprint, with the brake added


class PauseForm(VersionForm):
    """What visitors are told, and for how long."""

    sentence = StringField(filters=[line], validators=[at_most(SENTENCE)])
    hours = StringField()


@bp.get("/brake")
@requires(Permission.DECIDE)
def brake() -> str:
    """Whether new tributes are taken, and what the brake hid."""
    names, at = people.names(db.session()), now()
    used = [_shown(batch, number, names) for batch, number in batches.brakes(db.session())]
    return render_template("desk/brake.html", hours=HOURS, minutes=MINUTES, used=used, at=at, **rooms())


@bp.post("/brake/pause")
@requires(Permission.DECIDE)
def pause() -> Page:
    """Take no new tributes until a moment."""
    form, person = PauseForm(), this_person()
    if not form.validate() or text.is_blank(form.sentence.data or ""):
        told = _("Please write one sentence for visitors, of at most %(count)s characters.", count=SENTENCE)
        return page(422, _("New tributes are still taken"), told)
    hours = next((each for each in HOURS if str(each) == form.hours.data), HOURS[0])
    begin_write(db.session())
    until = now() + timedelta(hours=hours)
    safeguards.pause(db.session(), form.sentence.data or "", until, desk.actor_of(person), now())
    db.session.commit()
    return redirect(url_for("desk.brake"), 303)


@bp.post("/brake/resume")
@requires(Permission.DECIDE)
def resume() -> Response:
    """Take new tributes again."""
    person = this_person()
    begin_write(db.session())
    safeguards.resume(db.session(), desk.actor_of(person), now())
    db.session.commit()
    return redirect(url_for("desk.brake"), 303)


@bp.post("/brake/hide")
@requires(Permission.DECIDE)
def hide_lately() -> Page:
    """Show how many tributes became public lately; once that is confirmed, hide them."""
    typed = request.form.get("minutes", "")
    minutes = next((each for each in MINUTES if str(each) == typed), MINUTES[0])
    since = request.form.get("since", "")
    if request.form.get("sure") != "1":
        found = batches.published_since(db.session(), batches.back(minutes, now()))
        return render_template(
            "desk/brake_sure.html", number=len(found), minutes=minutes, since=ids.encode(ids.new_id(now())), **rooms()
        )
    _hide(minutes, ids.decode(since))
    return redirect(url_for("desk.brake"), 303)


def _hide(minutes: int, seen: int | None) -> None:
    """Hide a hundred at a time, so that nobody else waits long; what stops it half-way leaves a batch to go on from."""
    person, at = this_person(), now()
    since = batches.back(minutes, ids.time_of(seen) if seen else at)
    begin_write(db.session())
    order = Order(Action.HIDE, 0)
    remarks.about_site(db.session(), Remark.HIDE_LATELY, desk.actor_of(person), at)
    batch_id = batches.begin(db.session(), order, person, at, minutes).id
    chosen = batches.published_since(db.session(), since)
    for first in range(0, max(len(chosen), 1), batches.STEP):
        batch = batches.by_id(db.session(), batch_id)
        batches.carry_out(db.session(), batch, chosen[first : first + batches.STEP], order, person, at)
        db.session.commit()
        begin_write(db.session())
    db.session.rollback()


@bp.post("/brake/<batch_id>/show-again")
@requires(Permission.DECIDE)
def show_again(batch_id: str) -> Response:
    """Make public again what the brake hid and nobody has touched since."""
    person = this_person()
    begin_write(db.session())
    batch = batches.by_id(db.session(), ids.decode(batch_id))
    batches.show_again(db.session(), batch, person, now())
    db.session.commit()
    return redirect(url_for("desk.brake"), 303)


@bp.post("/brake/seen")
@requires(Permission.SAFEGUARD)
def brake_seen() -> Response:
    """A keeper has read what was done with the brake."""
    person = this_person()
    begin_write(db.session())
    person.told = db.session.scalars(db.select(LogHead.number)).one()
    db.session.commit()
    return redirect(url_for("desk.brake"), 303)


def _shown(batch: Batch, number: int, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": ids.encode(batch.id), "at": ids.time_of(batch.id), "who": names.get(batch.person_id, ""),
        "minutes": batch.minutes, "number": number, "undone_at": batch.undone_at,
    }  # fmt: skip
