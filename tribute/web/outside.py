"""Seen from outside: whether this process lives, whether this machine can serve, and its numbers."""

from __future__ import annotations

from hmac import compare_digest

from flask import Blueprint, Response, abort, current_app, g, jsonify, request
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy.exc import SQLAlchemyError

from tribute.config import Settings
from tribute.extensions import db, now
from tribute.services import readiness
from tribute.services.gauges import Gauges, gauges
from tribute.web.metrics import Numbered, exposed

bp = Blueprint("outside", __name__)


@bp.before_request
def _keep_nothing() -> None:
    g.passing = True  # no cache keeps what holds for a moment


@bp.get("/healthz")
def alive() -> Response:
    """That this process answers; nothing else is asked."""
    return jsonify(status="alive")


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Each thing with its word; 503 where nothing could be served."""
    found = readiness.look(db.session(), settings().instance_path, now())
    is_ready = readiness.is_ready(found)
    return jsonify(status="ready" if is_ready else "unready", checks=found), 200 if is_ready else 503


@bp.get("/metrics")
def metrics() -> Response:
    """The numbers, for whoever has the token; for everybody else there is no such address."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    wanted = settings().metrics_token
    if not wanted or scheme.lower() != "bearer" or not compare_digest(given.strip().encode(), wanted.encode()):
        abort(404)
    folder = settings().instance_path
    found = readiness.look(db.session(), folder, now())
    standing = _standing() if readiness.is_ready(found) else None
    text = exposed(Numbered(current_app.extensions["meter"], found, standing, folder))
    return Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def settings() -> Settings:
    """The site's settings."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def _standing() -> Gauges | None:
    try:
        return gauges(db.session(), now())
    except SQLAlchemyError:  # it has gone since
        return None
