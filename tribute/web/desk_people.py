"""The keepers' room for people: who they are, inviting, and what is changed of them; all of it asked for again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tribute.domain.deeds import Deed
from tribute.domain.errors import BadSetup, LastKeeper, NotFound
from tribute.domain.language import INTERFACE, KNOWN
from tribute.domain.permissions import Permission, Role
from tribute.extensions import db, now
from tribute.models import Invitation, Person, begin_write
from tribute.services import factors, invitations, people
from tribute.services.desk import actor_of
from tribute.services.invitations import Guest
from tribute.web.access import lacks_factor, requires, this_person
from tribute.web.desk import Page, bp, rooms
from tribute.web.errors import page
from tribute.web.forms import InviteForm
from tribute.web.freshness import fresh

__all__ = ["bp"]  # the desk's own blueprint, with people added
SAID = {
    Deed.CHANGE_ROLE: lambda: _("The role is changed."),
    Deed.CLOSE: lambda: _("The account is closed, and signed out everywhere."),
    Deed.REOPEN: lambda: _("The account is open again."),
    Deed.END_SESSIONS: lambda: _("They are signed out everywhere."),
    Deed.RESET_FACTORS: lambda: _("Their second step is reset, and they are signed out everywhere."),
}


@bp.get("/people/")
@requires(Permission.KEEP_PEOPLE)
def people_list() -> str:
    """Everybody who signs in, and the invitations that nobody used yet."""
    return _list(InviteForm())


@bp.post("/people/invite")
@requires(Permission.KEEP_PEOPLE)
@fresh
def invite() -> Page:
    """Mail a link that makes an account of its own."""
    form, keeper = InviteForm(), this_person()
    if not form.validate():
        return _list(form), 422
    guest = Guest(form.email.data or "", Role(form.role.data), form.language.data, form.reads.data or [])
    begin_write(db.session())
    try:
        invitations.invite(db.session(), guest, keeper, now(), current_app.config["EMAIL_KEYS"])
    except BadSetup:
        db.session.rollback()
        form.email.errors = [*form.email.errors, _("This address already has an account.")]
        return _list(form), 422
    db.session.commit()
    flash(_("The invitation is on its way to %(email)s.", email=guest.email), "info")
    return _back()


@bp.post("/people/invitations/<digest>/call-off")
@requires(Permission.KEEP_PEOPLE)
@fresh
def call_off(digest: str) -> Page:
    """Let an invitation open nothing any more."""
    keeper = this_person()
    begin_write(db.session())
    invitations.call_off(db.session(), _bytes(digest), keeper, now())
    db.session.commit()
    flash(_("The invitation is called off: its link opens nothing any more."), "info")
    return _back()


@bp.get("/people/<int:number>/")
@requires(Permission.KEEP_PEOPLE)
def person(number: int) -> str:
    """One person, and what a keeper can change."""
    found, session = people.by_number(db.session(), number), db.session()
    one = _shown(found, people.names(session), people.last_seen(session))
    return render_template("desk/person.html", one=one, **_said(), **rooms())


@bp.post("/people/<int:number>/<deed>")
@requires(Permission.KEEP_PEOPLE)
@fresh
def change_person(number: int, deed: str) -> Page:
    """Change somebody's role, close or open their account, sign them out, or reset their second step."""
    if deed not in SAID:
        raise NotFound
    keeper = this_person()
    begin_write(db.session())
    try:
        _do(Deed(deed), people.by_number(db.session(), number), keeper)
    except LastKeeper:
        return page(409, _("Nothing was changed"), _("This is the last keeper. Make somebody else a keeper first."))
    db.session.commit()
    flash(SAID[Deed(deed)](), "info")
    return redirect(url_for("desk.person", number=number), 303)


def _do(deed: Deed, whom: Person, keeper: Person) -> None:
    actor = actor_of(keeper)
    if deed != Deed.CHANGE_ROLE:
        people.DONE_TO[deed](db.session(), whom, actor, now())
        return
    role = request.form.get("role")
    if role not in tuple(Role):
        raise NotFound
    people.change_role(db.session(), whom, Role(role), actor, now())


def _list(form: InviteForm) -> str:
    names, seen = people.names(db.session()), people.last_seen(db.session())
    everybody = [_shown(each, names, seen) for each in people.every(db.session())]
    open_ones = [_invited(each, names) for each in invitations.open_ones(db.session(), now())]
    return render_template(
        "desk/people.html", people=everybody, invitations=open_ones, form=form, languages_read=KNOWN,
        interface=INTERFACE, **_said(), **rooms(),
    )  # fmt: skip


def _said() -> dict[str, Any]:
    return {"roles": list(Role), "must": current_app.config["SETTINGS"].keepers_need_second_factor}


def _shown(one: Person, names: dict[int, str], seen: dict[int, datetime]) -> dict[str, Any]:
    return {
        "number": one.id, "name": one.name, "email": one.email, "role": one.role, "active": one.active,
        "reads": one.reads, "language": one.language, "since": one.created_at, "is_me": one.id == this_person().id,
        "seen": seen.get(one.id), "has_app": factors.has_app(one),
        "passkeys": len(one.webauthn), "codes": len(one.mf_recovery_codes or []), "lacks": lacks_factor(one),
        "invited_by": names.get(one.invited_by or 0, ""),
    }  # fmt: skip


def _invited(one: Invitation, names: dict[int, str]) -> dict[str, Any]:
    return {
        "digest": one.token_digest.hex(), "email": one.email, "role": one.role, "until": one.expires_at,
        "by": names.get(one.invited_by or 0, ""),
    }  # fmt: skip


def _bytes(digest: str) -> bytes:
    try:
        return bytes.fromhex(digest)
    except ValueError:
        raise NotFound from None


def _back() -> Response:
    return redirect(url_for("desk.people_list"), 303)
