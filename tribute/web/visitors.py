"""Where a request comes from, as no more than a hash: under a random key that is destroyed when its day is over."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from flask import current_app, request
from limits.storage import Storage

from tribute.extensions import now
from tribute.web.limit_storage import day_key

PATIENCE = timedelta(minutes=1)  # before a storage that did not answer is asked again
HOUSEHOLD = 64  # bits of an IPv6 address: what a provider gives to one household, and one machine can go through


class DayKey:
    """The key of the day, asked of the storage once a day; one of the process's own while that does not answer."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.kept: tuple[str, bytes] = ("", b"")
        self.until = now()

    def __call__(self) -> bytes:
        """The key that hashes what comes today (UTC)."""
        at = now()
        day = at.date().isoformat()
        if self.kept[0] != day or at >= self.until:
            self.kept, self.until = self._asked(day, at)
        return self.kept[1]

    def _asked(self, day: str, at: datetime) -> tuple[tuple[str, bytes], datetime]:
        try:
            return (day, day_key(self.storage, day)), at + timedelta(days=1)
        except Exception:  # whatever a storage that is gone may raise: counting goes on in this process
            current_app.logger.warning("the limits' storage gave no key for the day; this process made its own")
            own = self.kept[1] if self.kept[0] == day else secrets.token_bytes(32)
            return (day, own), at + PATIENCE


def hashed(what: str) -> str:
    """Something of a visitor's as a hash that means nothing tomorrow."""
    key: DayKey = current_app.extensions["day_key"]
    return hmac.new(key(), what.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def address() -> str:
    """The hash of the address that this request comes from."""
    return hashed(network(request.remote_addr or ""))


def sender() -> str:
    """The same of whoever sends something; empty where it is not known, or where nothing is counted by it."""
    is_known = "day_key" in current_app.extensions and parsed(request.remote_addr or "") is not None
    return address() if is_known else ""


def network(written: str) -> str:
    """The address that counts as one sender: an IPv4 address, or an IPv6 household."""
    found = parsed(written)
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    if isinstance(found, IPv6Address):
        return str(ip_network((found, HOUSEHOLD), strict=False))
    return str(found or "unknown")


def parsed(written: str) -> IPv4Address | IPv6Address | None:
    """The address in what a server or a proxy wrote, which may name a port too."""
    bare = written.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return ip_address(bare.partition("%")[0])
    except ValueError:
        return None
