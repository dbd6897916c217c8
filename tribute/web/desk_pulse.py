"""What an open page of the desk asks for, some times a minute: nothing new is answered by 304."""

from __future__ import annotations

from flask import jsonify, request
from flask_babel import ngettext
from werkzeug.wrappers import Response

from tribute.domain import ids
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.services import claims, people
from tribute.services import pulse as service
from tribute.web.access import requires, this_person
from tribute.web.desk import bp
from tribute.web.said import already
from tribute.web.words import reading

__all__ = ["bp"]  # the desk's own blueprint, with its pulse added


@bp.get("/pulse")
@requires(Permission.DECIDE)
def pulse() -> Response:
    """What happened since a row of the log: arrivals, decisions of others, and who reads what."""
    version = service.version(db.session(), now())
    if version in request.if_none_match:
        answer = Response(status=304)
    else:
        answer = jsonify(_told(request.args.get("since", type=int, default=-1)))
    answer.set_etag(version)
    return answer


def _told(known: int) -> dict[str, object]:
    person, names = this_person(), people.names(db.session())
    found = service.since(db.session(), known, person)
    decided = {
        ids.encode(key): already(row.action, names.get(row.person_id or 0, ""), row.at)
        for key, row in found.decided.items()
    }
    held = claims.held(db.session(), now())
    arrived = ngettext("%(num)s new", "%(num)s new", found.arrived) if found.arrived else ""
    return {
        "number": found.number, "stale": found.is_stale, "arrived": arrived, "decided": decided,
        "claims": {ids.encode(key): reading(name) for key, (who, name) in held.items() if who != person.id},
    }  # fmt: skip
