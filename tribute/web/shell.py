"""What stands around every page: the memorial, addresses in the other languages, static files, headers."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import current_user

from tribute.domain.anniversary import local_day, years_since
from tribute.domain.language import INTERFACE
from tribute.domain.permissions import Permission, allows
from tribute.extensions import db, now
from tribute.models import Memorial, Person
from tribute.services import memorials
from tribute.web.language import OWN_NAMES, spoken

STATIC = Path(__file__).parent.parent.parent / "static" / "build"

# Pages that hold a form or belong to one person. Every other page is the same for everyone and sets no cookie.
PERSONAL_ROOMS = ("desk", "account", "security", "receipt", "addresses", "by_mail", "contact", "reports", "previews")
PERSONAL_PAGES = ("tributes.new",)
LISTED_FORMS = ("tributes.new", "contact.new")  # public, though each copy carries its own key
FORMS = (*LISTED_FORMS, "reports.new")  # kept alike; a report's is for who reads the tribute, not for search engines

MOST_ADDRESSES = 10_000  # some megabytes

POLICY = (
    "default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
    "connect-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": "; ".join(POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # no-referrer would break every form under TLS: the CSRF check asks for it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
}  # fmt: skip
OVER_TLS = {"Strict-Transport-Security": "max-age=31536000"}  # a year; of names beside its own it says nothing


class PersonalSessions(SecureCookieSessionInterface):
    """Sessions only where a page is personal: no public page sets a cookie or varies on one."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save as ever on personal pages; elsewhere leave the response alone."""
        if is_personal():
            super().save_session(app, session, response)
        if request.endpoint in FORMS:  # private already; varying would hide it from its own reader's back button
            response.vary.discard("Cookie")


def is_personal() -> bool:
    """Whether the page belongs to one reader."""
    return request.blueprint in PERSONAL_ROOMS or request.endpoint in PERSONAL_PAGES


def init_app(app: Flask) -> None:
    """Put the shell around every page."""
    app.session_interface = PersonalSessions()
    app.extensions["addresses"] = {}
    app.url_value_preprocessor(_take_memorial)
    app.context_processor(context)
    app.after_request(_finish)
    app.jinja_env.globals |= {"asset": asset, "url_for": address}


def this_memorial() -> Memorial:
    """The memorial of the address."""
    memorial: Memorial = g.memorial
    return memorial


def _take_memorial(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and "memorial" in values:
        g.memorial = memorials.by_slug(db.session(), values.pop("memorial"))


def every_memorial() -> list[Memorial]:
    """All memorials, read once a page."""
    if "memorials" not in g:
        g.memorials = memorials.every(db.session())
    found: list[Memorial] = g.memorials
    return found


def shown_memorial() -> Memorial | None:
    """The memorial that the page stands under: the address's, or the only one there is."""
    if "memorial" not in g:
        every = every_memorial()
        g.memorial = every[0] if len(every) == 1 else None
    found: Memorial | None = g.memorial
    return found


def address(endpoint: str, **values: Any) -> str:
    """What `url_for` says, kept: to build all addresses of a page anew takes a millisecond."""
    kept: dict[Any, str] = current_app.extensions["addresses"]
    key = (request.script_root, spoken(), endpoint, *values.items())
    found = kept.get(key)
    if found is None:
        if len(kept) >= MOST_ADDRESSES:
            kept.clear()
        found = kept[key] = url_for(endpoint, **values)
    return found


def asset(path: str) -> str:
    """The hashed address of a static file, such as `css/site.css`."""
    return f"{request.script_root}{current_app.static_url_path}/{manifest()[path]}"


@cache
def manifest() -> dict[str, str]:
    """What the build named each file."""
    named: dict[str, str] = json.loads((STATIC / "manifest.json").read_text())
    return named


def absolute(path: str) -> str:
    """A path under the site's public address, whatever host the request named."""
    return f"{current_app.config['BASE_URL']}{path}"


def context() -> dict[str, Any]:
    """What every template may use."""
    addresses = alternates()  # first: those of the address's own memorial, not of the only one there is
    memorial, person = shown_memorial(), signed_in()
    canonical = g.get("canonical") or addresses.get(spoken())
    return {
        "lang": spoken(), "languages": list(OWN_NAMES.items()), "alternates": addresses,
        "canonical": absolute(canonical) if canonical and is_public() else None,
        "alternate_urls": {code: absolute(path) for code, path in addresses.items()},
        "memorial": memorial, "site_name": memorial.name(spoken()) if memorial else "Tribute",
        "years": years_now(memorial) if memorial else 0,
        "person": person, "allows": lambda name: person is not None and allows(person.held, Permission(name)),
        "absolute": absolute,
    }  # fmt: skip


def years_now(memorial: Memorial) -> int:
    """Completed years since the event, on today's day where the memorial is."""
    return years_since(memorial.event_date, local_day(now(), memorial.time_zone))


def signed_in() -> Person | None:
    """The person at the desk; nobody is signed in on a public page."""
    if not is_personal():
        return None
    return current_user._get_current_object() if isinstance(current_user, Person) else None


def is_public() -> bool:
    """Whether a page may be found and kept by everyone: the form too, which differs only in its hidden key."""
    return (
        request.endpoint is not None and "refused" not in g and (not is_personal() or request.endpoint in LISTED_FORMS)
    )


def alternates() -> dict[str, str]:
    """This page's address in each language; empty where the address has none."""
    endpoint = request.endpoint
    if endpoint is None or not current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        return {}
    if current_app.url_map.is_endpoint_expecting(endpoint, "memorial") and g.get("memorial") is None:
        return {}  # the error page of an address that names no memorial
    values = dict(request.view_args or {}) | dict(g.get("kept_query", {}))
    if current_app.url_map.is_endpoint_expecting(endpoint, "memorial"):
        values["memorial"] = this_memorial().slug
    first, *_ = INTERFACE
    before, _, after = url_for(endpoint, **(values | {"lang": first})).partition(f"/{first}/")
    return {code: f"{before}/{code}/{after}" for code in INTERFACE}


def holds(public_id: str) -> None:
    """Note that a tribute stands on the page."""
    g.setdefault("held", {})[public_id] = None


def surrogate_key() -> str:
    """What a cache in front may forget the page by: its memorial's address, and the ids of the tributes on it."""
    memorial = g.get("memorial")
    return " ".join(("public", *([memorial.slug] if memorial else []), *filter(None, g.get("held", {}))))


def guards(base_url: str) -> dict[str, str]:
    """The headers of every answer, for a site at that address."""
    return HEADERS | (OVER_TLS if base_url.startswith("https://") else {})


def _finish(response: Response) -> Response:
    response.headers.update(guards(current_app.config["BASE_URL"]))
    if request.endpoint == "static":
        return response
    if request.endpoint in FORMS and response.status_code < 500:
        # Kept by the reader's own browser alone: the back button finds the form that was sent, with its key.
        response.headers.setdefault("Cache-Control", "private, no-cache")
    elif is_personal() or response.status_code >= 400 or g.get("passing"):
        response.headers.setdefault("Cache-Control", "no-store")
    elif request.method in ("GET", "HEAD") and response.status_code == 200:
        response.headers.setdefault("Cache-Control", "public, max-age=0, must-revalidate")
        response.headers.setdefault("Surrogate-Key", surrogate_key())
        response.add_etag()
        response.make_conditional(request)
    return response
