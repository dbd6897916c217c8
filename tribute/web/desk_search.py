"""The queue's page when something is searched for: tributes of every status that match."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, render_template, request

from tribute.domain.language import INTERFACE
from tribute.domain.lifecycle import Status
from tribute.extensions import db
from tribute.models import Person
from tribute.services import desk_search
from tribute.services.desk import WAITING
from tribute.services.desk_search import Sought
from tribute.services.search import Place
from tribute.web import cursors
from tribute.web.access import this_person
from tribute.web.desk_faces import faces


def results(typed: str, claims: Mapping[str, dict[str, Any]], **shared: Any) -> str:
    """What was found, with `shared` of the desk's own; its view has let this person in."""
    person, place = this_person(), _place()
    wanted = sought(typed, person, request.args)
    found = desk_search.find(db.session(), wanted, place, person, current_app.config["EMAIL_KEYS"])
    return render_template(
        "desk/search.html", query=typed, understood=wanted.query, status=wanted.status, language=wanted.language,
        sort=place.sort, statuses=list(Status), found=found,
        faces=faces(found.items, wanted.status or "search", claims), **shared,
    )  # fmt: skip


def sought(typed: str, person: Person, source: Mapping[str, str]) -> Sought:
    """What somebody looks for, with what they chose beside it: in the queue, new tributes that wait."""
    status, language = source.get("status", ""), source.get("language", "")
    status = Status.PENDING if status == WAITING else status
    return Sought(
        desk_search.read(typed, person), status if status in tuple(Status) else "",
        language if language in INTERFACE else "",
    )  # fmt: skip


def _place() -> Place:
    sort = cursors.choice("sort", desk_search.SORTS) or "newest"
    return Place(sort, cursors.cursor("before"), cursors.cursor("after"))
