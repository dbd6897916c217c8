"""What stands around Flask and watches: each request gets an id, is timed and counted, and has its line in the log."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Iterable
from time import perf_counter
from typing import Any

from flask import Flask, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from tribute.web.meter import Meter

ROUTE, CACHE, REQUEST_ID = "tribute.route", "tribute.cache", "tribute.request_id"  # in the request's environ
NONE = "none"  # no view has that address; the page cache had nothing to do with it
METHODS = frozenset({"GET", "HEAD", "POST"})  # what somebody invents is counted as one
PROBES = "outside."  # asked every few seconds: only what is wrong is worth a line
GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")

log = logging.getLogger(__name__)


def init_app(app: Flask, meter: Meter, proxies: int) -> None:
    """Watch an application; behind proxies, the nearest one's id of a request is believed."""
    app.extensions["meter"] = meter
    app.url_value_preprocessor(_note)
    # Flask's own writes the path, and so a private link.
    app.log_exception = _failed  # type: ignore[assignment,method-assign]
    app.wsgi_app = Watch(app.wsgi_app, meter, proxies)  # type: ignore[method-assign]  # Flask's documented way to wrap


def request_id() -> str:
    """The id of the request at hand, for somebody to quote; empty where nobody watches."""
    return str(request.environ.get(REQUEST_ID, ""))


def _note(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    request.environ[ROUTE] = endpoint or NONE


def _failed(failure: Any) -> None:
    log.error("a request failed", exc_info=failure, extra={"route": request.environ.get(ROUTE, NONE)})


class Watch:
    """WSGI around Flask; kept pages never come here, and count themselves."""

    def __init__(self, inner: Any, meter: Meter, proxies: int) -> None:
        self.inner, self.meter, self.proxies = inner, meter, proxies

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Let Flask answer."""
        started, status = perf_counter(), "500"
        name = environ[REQUEST_ID] = self._id(environ)
        bind_contextvars(request_id=name)

        def start(said: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            nonlocal status
            status = said[:3]
            return start_response(said, [*headers, ("X-Request-ID", name)], *failure)

        try:
            answer: Iterable[bytes] = self.inner(environ, start)
            return answer
        finally:
            self._tell(environ, status, perf_counter() - started)
            clear_contextvars()

    def _tell(self, environ: dict[str, Any], status: str, seconds: float) -> None:
        method = environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in METHODS else "other"
        route = environ.get(ROUTE, NONE)
        self.meter.count((method, route, status, environ.get(CACHE, NONE)), seconds)
        if not route.startswith(PROBES) or status >= "400":
            told = {"method": method, "route": route, "status": int(status), "ms": round(seconds * 1000, 1)}
            log.info("request", extra=told)

    def _id(self, environ: dict[str, Any]) -> str:
        given = environ.get("HTTP_X_REQUEST_ID", "") if self.proxies else ""
        return given if GIVEN.fullmatch(given) else secrets.token_hex(8)
