"""The keepers' room of mail: what waits, what failed and why, and where it goes."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken
from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tribute.config import Settings
from tribute.domain import emails, ids
from tribute.domain.mail import State
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import Message, Person, Tribute, begin_write
from tribute.services import outbox
from tribute.web.access import requires
from tribute.web.desk import bp, rooms

MOST = 100  # of each state on the page
__all__ = ["bp"]  # the desk's own blueprint, with mail added


@bp.get("/messages")
@requires(Permission.OVERSEE)
def messages() -> str:
    """What is under way and what failed; never an address in full."""
    session = db.session()
    lists = {state: [_shown(row) for row in outbox.in_state(session, state, MOST)] for state in State}
    return render_template(
        "desk/messages.html", failed=lists[State.FAILED], sent=lists[State.SENT],
        waiting=[*lists[State.SENDING], *lists[State.WAITING]], overdue=outbox.overdue(session, now()), way=_way(),
        counts_of={state: outbox.count(session, state) for state in State}, **rooms(),
    )  # fmt: skip


@bp.post("/messages/<public_id>/again")
@requires(Permission.OVERSEE)
def send_again(public_id: str) -> Response:
    """Let a mail that failed be tried anew."""
    begin_write(db.session())
    outbox.send_again(db.session(), ids.decode(public_id) or 0, now())
    db.session.commit()
    flash(_("It is sent again within a minute."), "info")
    return redirect(url_for("desk.messages"), 303)


def masked(address: str) -> str:
    """An address of which only its first letter and its host are told."""
    local, _at, host = address.rpartition("@")
    return f"{local[:1]}…@{host}"


def _way() -> dict[str, Any]:
    """Where mail goes: to a server, or to a folder."""
    settings: Settings = current_app.config["SETTINGS"]
    server = settings.mail_server
    return {"server": f"{server.host}:{server.port}" if server else "", "folder": str(settings.mail_folder)}


def _shown(row: Message) -> dict[str, Any]:
    failure, _colon, number = row.error.partition(":")
    return {
        "id": ids.encode(row.id), "kind": row.kind, "at": row.at, "due": row.due_at, "ended": row.ended_at,
        "tries": row.tries, "failure": failure, "number": number if number != "0" else "", "to": _to(row),
    }  # fmt: skip


def _to(row: Message) -> str:
    """Whom it goes to, masked; nothing where that is forgotten."""
    if row.person_id is not None:
        person = db.session.get(Person, row.person_id)
        return masked(person.email) if person else ""
    tribute = db.session.get(Tribute, row.tribute_id) if row.tribute_id and not row.email_sealed else None
    sealed = tribute.email_sealed if tribute else row.email_sealed
    try:
        return masked(emails.unseal(current_app.config["EMAIL_KEYS"], sealed)) if sealed else ""
    except InvalidToken:
        return ""
