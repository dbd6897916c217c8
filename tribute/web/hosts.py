"""By which names the site may be asked: its own, this machine's, those that the settings add; and that it uses none."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, g, redirect, request
from werkzeug.exceptions import SecurityError
from werkzeug.routing import RequestRedirect

PROBES = "outside"  # asked by whatever address a supervisor knows; what they answer hangs on no name


def init_app(app: Flask) -> None:
    """Refuse every other name. Kept pages are the same under any: they are made under the site's own."""
    known = app.config["SETTINGS"].known_hosts  # once, and not for each request

    def refuse_others(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        if request.blueprint != PROBES and _asked_host() not in known:
            raise SecurityError

    app.url_value_preprocessor(refuse_others)
    app.url_value_preprocessor(_stay)


def _stay(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Lead from an address without its slash to the path alone; Werkzeug's own answer would name the request's host."""
    if isinstance(request.routing_exception, RequestRedirect):
        g.passing = True
        whole = urlsplit(request.routing_exception.new_url)
        abort(redirect(whole._replace(scheme="", netloc="").geturl(), 308))


def _asked_host() -> str:
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""
