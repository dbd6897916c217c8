"""What stands behind nginx: the site with every address that it has, and a server whose pages live for a second."""

from __future__ import annotations

import http.server
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from tests.browser.server import Site
from tests.deploy.nginx import NAME, Proxy
from tribute.domain.permissions import Access
from tribute.web.access import declared

MARK = "aToken-nobody.may_Read"


@dataclass
class Served:
    """The site, and nginx before it."""

    site: Site
    proxy: Proxy

    @property
    def app(self) -> Flask:
        """The site's own."""
        return self.site.app


def opens(app: Flask, rule: Rule) -> bool:
    """Whether an address opens something to whoever has it. The token of /metrics is no part of its address."""
    is_token = "token" in rule.arguments or declared(app, rule.endpoint) is Access.TOKEN
    return is_token and rule.endpoint != "outside.metrics"


def addresses(app: Flask, method: str) -> Iterator[tuple[Rule, str]]:
    """Every address that takes a method, with something in each of its places."""
    given = {"lang": "en", "memorial": "20-january", "year": 2026, "month": 1, "filename": "nothing.css",
             "public_id": "0000000000000", "number": 1}  # fmt: skip
    bound = app.url_map.bind(NAME, url_scheme="https")
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            values: dict[str, Any] = {}
            unknown = MARK if opens(app, rule) else "anything"
            for name, converter in rule._converters.items():
                one_of = sorted(converter.items) if isinstance(converter, AnyConverter) else []
                values[name] = one_of[0] if one_of else given.get(name, unknown)
            yield rule, bound.build(rule.endpoint, values | dict(rule.defaults or {}), method)


class Brief(http.server.BaseHTTPRequestHandler):
    """Answers with its count, a status and a lifetime that the test sets."""

    GOOD = "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=6"
    status, count = 200, 0

    def do_GET(self) -> None:
        """Count."""
        Brief.count += 1
        said = str(Brief.count).encode()
        self.send_response(Brief.status)
        self.send_header("Cache-Control", self.GOOD if Brief.status == 200 else "no-store")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_said: Any) -> None:
        """Nothing."""
