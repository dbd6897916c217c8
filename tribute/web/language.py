"""Which language a page speaks: the address says so; elsewhere the person's own, or what the browser asks for."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_login import current_user
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from tribute.domain.language import INTERFACE
from tribute.models import Person

OWN_NAMES = {"az": "Azərbaycanca", "en": "English", "ru": "Русский", "tr": "Türkçe"}


class LanguageConverter(BaseConverter):
    """The first step of a public address: one of the four."""

    regex = "|".join(INTERFACE)


class YearConverter(IntegerConverter):
    """A year of four digits."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, fixed_digits=4, min=1900, max=2999)


def init_app(app: Flask) -> None:
    """Teach addresses their language."""
    app.url_map.converters["lang"] = LanguageConverter
    app.url_map.converters["year"] = YearConverter
    app.url_value_preprocessor(_take)
    app.url_defaults(_give)


def _take(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and "lang" in values:
        g.lang = values.pop("lang")


def _give(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = spoken()


def spoken() -> str:
    """The language of the page being made."""
    if not has_request_context():
        return str(current_app.config["DEFAULT_LANGUAGE"])
    if "lang" not in g:
        g.lang = _asked_for()
    return str(g.lang)


def preferred() -> str:
    """What the browser asks for among the four, or the site's default. A region counts as its language: az-AZ as az."""
    for tag, quality in request.accept_languages:  # the most wanted first
        if quality > 0 and (code := tag.split("-")[0].lower()) in INTERFACE:
            return code
    return str(current_app.config["DEFAULT_LANGUAGE"])


def _asked_for() -> str:
    if (first := request.path.split("/")[1]) in INTERFACE:
        return first  # no page of that address, but its language is plain
    if (wanted := request.args.get("lang")) in INTERFACE:
        return str(wanted)
    if request.blueprint in ("desk", "account", "security") and isinstance(current_user, Person):
        return str(current_user.language)
    return preferred()
