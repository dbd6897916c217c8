"""The queue's page when something is searched for: tributes of every status that match."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template

from tribute.domain.lifecycle import Status
from tribute.extensions import db
from tribute.services import desk_search
from tribute.services.desk import WAITING
from tribute.services.desk_search import Sought
from tribute.services.search import Place
from tribute.web import cursors
from tribute.web.access import this_person


def results(typed: str, **shared: Any) -> str:
    """What was found, with `shared` of the desk's own; its view has let this person in."""
    person, place = this_person(), _place()
    sought = Sought(desk_search.read(typed, person), _status(), cursors.choice("language"))
    found = desk_search.find(db.session(), sought, place, person, current_app.config["EMAIL_KEYS"])
    return render_template(
        "desk/search.html", query=typed, understood=sought.query, status=sought.status, language=sought.language,
        sort=place.sort, statuses=list(Status), found=found, **shared,
    )  # fmt: skip


def _status() -> str:
    """The status that was chosen, where the queue is what it holds: new tributes that wait."""
    status = cursors.choice("status", (WAITING, *Status))
    return Status.PENDING if status == WAITING else status


def _place() -> Place:
    sort = cursors.choice("sort", desk_search.SORTS) or "newest"
    return Place(sort, cursors.cursor("before"), cursors.cursor("after"))
