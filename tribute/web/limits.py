"""How much may come from one sender, and within what time: wide enough for a school, too narrow for a flood.

Only a hash of the sender's address is counted, under the day's key (`web/visitors.py`). What one sender has spent never
takes anything from another.
"""

from __future__ import annotations

import math
import time
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limiter, RequestLimit
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from tribute.config import Settings
from tribute.extensions import db, now
from tribute.services import safeguards
from tribute.web import visitors
from tribute.web.limit_storage import SCHEME

# A school or an embassy shares one address and sends in turns: from the sixth tribute in ten minutes on, a moderator is
# told; sixty are one every ten seconds, which no room of people with one address writes.
MANY, MOST, WITHIN = 5, 60, "10 minutes"
RAISED = 10  # times as many, for the day for which a keeper raises the limits: a mobile network on the day itself
CONTACT = "20 per hour"  # each opens a case that a keeper reads
REPORTS = "20 per hour"  # each is read by a moderator; nobody meets more on one wall that must be told of at once
STEPS = "30 per hour"  # of one receipt, whoever holds it: amending, withdrawing, taking back
LOST_LINKS = "10 per hour"  # from one sender; each may become a mail to whoever's address it is, three a day at most
WRONG_LINKS = "60 per 10 minutes"  # receipts that do not open: slips of the hand, where guessing needs 2 to the 128
SEARCHES = "300 per minute"  # at some 40 ms each, a fifth of one core; a person asks a few times a minute
SUGGESTIONS = "1200 per minute"  # one for every few letters typed, at 2 ms each
REDIS: dict[str, str | int] = {"socket_connect_timeout": 1, "socket_timeout": 1}  # seconds, then it counts as gone


def init_app(app: Flask) -> None:
    """Limit the views that anybody can ask."""
    settings: Settings = app.config["SETTINGS"]
    app.config.setdefault("RATELIMIT_ENABLED", settings.limits)
    shared = _limiter(app, settings.redis_url or f"{SCHEME}://{settings.instance_path.absolute() / 'limits.db'}",
                      REDIS if settings.redis_url else {})  # fmt: skip
    own = _limiter(app, f"{SCHEME}://", {})  # a search is too quick to ask another process first
    app.extensions["limits"], app.extensions["own_limits"] = shared, own
    if not shared.enabled:
        return
    app.extensions["day_key"] = visitors.DayKey(shared.storage)
    views: dict[str, Any] = app.view_functions
    for endpoint, rule in (
        ("tributes.new", shared.limit(_most, exempt_when=_is_no_sending)),
        ("contact.new", shared.limit(CONTACT, methods=["POST"])),
        ("reports.new", shared.limit(REPORTS, methods=["POST"])),
        ("addresses.lost", shared.limit(LOST_LINKS, methods=["POST"])),
        ("receipt.show", shared.limit(WRONG_LINKS, deduct_when=_is_not_found)),
        ("receipt.amend", shared.limit(STEPS, key_func=_receipt, methods=["POST"])),
        ("receipt.withdraw", shared.limit(STEPS, key_func=_receipt, methods=["POST"])),
        ("receipt.take_back", shared.limit(STEPS, key_func=_receipt, methods=["POST"])),
        ("search.results", own.limit(SEARCHES)),
        ("search.suggestions", own.limit(SUGGESTIONS)),
    ):  # fmt: skip
        views[endpoint] = rule(views[endpoint])


def tributes_from_here() -> int:
    """How many tributes came from this address lately, this one among them, where they are many; else none."""
    limiter: Limiter = current_app.extensions["limits"]
    if not limiter.enabled or limiter.current_limit is None:
        return 0
    try:
        count = limiter.current_limit.limit.amount - limiter.current_limit.remaining
    except Exception:  # whatever a storage that just went may raise: a tribute is taken all the same
        current_app.logger.warning("the limits' storage did not say how many came from an address")
        return 0
    return count if count > MANY * _factor() else 0


def retry_after() -> int:
    """The seconds after which a request that was refused for a limit would be taken."""
    return int(g.get("retry_after", 60))


def _limiter(app: Flask, uri: str, options: dict[str, str | int]) -> Limiter:
    return Limiter(
        visitors.address, app=app, storage_uri=uri, storage_options=options, strategy="moving-window",
        in_memory_fallback_enabled=True, swallow_errors=True, on_breach=_note,
    )  # fmt: skip


def _note(breached: RequestLimit) -> None:
    g.retry_after = max(1, math.ceil(breached.reset_at - time.time()))


def _most() -> str:
    return f"{MOST * _factor()} per {WITHIN}"


def _factor() -> int:
    if "limits_factor" not in g:
        try:
            is_raised = safeguards.is_on(db.session(), safeguards.RAISED_LIMITS, now())
        except SQLAlchemyError:  # the limiter would take it for its storage's; the view will meet it and say so
            db.session.rollback()
            is_raised = False
        g.limits_factor = RAISED if is_raised else 1
    return int(g.limits_factor)


def _is_no_sending() -> bool:
    try:
        return request.method != "POST" or "preview" in request.form or "switch" in request.form
    except HTTPException:  # a body that is too large: the view says so
        return True


def _receipt() -> str:
    return visitors.hashed(str((request.view_args or {}).get("token")))


def _is_not_found(response: Response) -> bool:
    return response.status_code == 404
