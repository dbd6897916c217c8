"""Links and phone numbers in a plain text."""

from __future__ import annotations

import re

LONGEST = 40_000  # letters that are looked at

_LINK = re.compile(
    r"https?://\S+|www\.\S+|(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,18}(?:/\S*|(?![\w.@]))",
    re.IGNORECASE,
)
_HOST = re.compile(r"^(?:https?://)?(?:www\.)?([^/\s:?#]+)", re.IGNORECASE)
# Nine digits at least; E.164 has no more than fifteen.
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d(?:[ ().\-\u2013]{0,2}\d){8,14}(?![\w])")
_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d\b|\b(?:1[89]|20)\d\d[ \u2013-]+(?:1[89]|20)\d\d\b")
# What ends a domain: without a list of all, words that a missing space joins ("end.Then") would be links.
_ENDS = frozenset(
    ("com", "net", "org", "info", "biz", "az", "ru", "tr", "am", "ge", "ua", "by", "kz", "uz", "ir", "eu", "uk", "de",
     "fr", "es", "pl", "il", "io", "co", "me", "tv", "cc", "xyz", "top", "site", "online", "shop", "store", "club",
     "vip", "win", "bet", "casino", "live", "link", "click", "pro", "app", "dev", "pw", "su", "example", "test", "рф")
)  # fmt: skip


def links(said: str) -> list[str]:
    """The links of a text, with or without a scheme, as typed."""
    found = (match.group().lstrip("-").rstrip(".,;:!?)»”\"'") for match in _LINK.finditer(said[:LONGEST]))
    return [link for link in found if "/" in link or link.lower().startswith("www.") or _ends_as_a_domain(link)]


def phones(said: str) -> list[str]:
    """The phone numbers of a text, as typed; dates and years are none."""
    return [match.group() for match in _PHONE.finditer(_DATE.sub("#", said[:LONGEST]))]


def _ends_as_a_domain(link: str) -> bool:
    return host(link).rpartition(".")[2] in _ENDS


def host(link: str) -> str:
    """The host that a link leads to, in small letters."""
    found = _HOST.match(link)
    return found[1].lower() if found else ""


def is_under(link: str, domain: str) -> bool:
    """Whether a link leads to a domain or one below it."""
    return f".{host(link)}".endswith(f".{domain.lower()}")
