"""Texts that are translated when they are shown. To a reader of the code they are plain strings."""

from __future__ import annotations

from typing import Any, cast

from flask_babel import lazy_gettext, lazy_ngettext


def _l(message: str, **values: Any) -> str:
    """A text in the language of whoever will see it."""
    return cast("str", lazy_gettext(message, **values))


def _ln(singular: str, plural: str, num: int) -> str:
    """The same for a text with a number in it."""
    return cast("str", lazy_ngettext(singular, plural, num))
