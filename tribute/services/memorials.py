"""Memorials: what is remembered here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.errors import BadSetup, NotFound
from tribute.models import Memorial

# The first step of an address under a language; a memorial of that name could not be reached.
RESERVED = frozenset(
    {"search", "receipt", "preview", "pages", "contact", "archive", "account", "desk", "static", "api", "t", "mail",
     "healthz", "readyz", "metrics"}
)  # fmt: skip
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def every(session: Session) -> list[Memorial]:
    """All memorials, in the order in which they came."""
    return list(session.scalars(select(Memorial).order_by(Memorial.id)))


def versions_of(memorials: Iterable[Memorial]) -> tuple[tuple[int, int], ...]:
    """What changes whenever something public of any of them does: what is kept under it holds until then."""
    return tuple((memorial.id, memorial.public_version) for memorial in memorials)


def by_slug(session: Session, slug: str) -> Memorial:
    """The memorial of an address, or NotFound."""
    if not SLUG.fullmatch(slug):
        raise NotFound  # PostgreSQL refuses some letters that an address can hold
    found = session.scalars(select(Memorial).where(Memorial.slug == slug)).one_or_none()
    if found is None:
        raise NotFound
    return found


def add(
    session: Session, slug: str, event: date, time_zone: str,
    names: dict[str, str], places: dict[str, str], at: datetime, closing: tuple[str, str] = ("", ""),
) -> Memorial:  # fmt: skip
    """Add a memorial. `closing`: a language and the words at the foot of its pages. Raises BadSetup with the reason."""
    if not SLUG.fullmatch(slug) or slug in RESERVED:
        raise BadSetup(
            f"{slug!r} cannot be a memorial's address: use small letters, digits and hyphens, no reserved word"
        )
    if session.scalars(select(Memorial).where(Memorial.slug == slug)).first():
        raise BadSetup(f"a memorial {slug!r} is already here")
    if not names or not all(name.strip() for name in names.values()):
        raise BadSetup("give the memorial a name in at least one language")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadSetup(f"{time_zone!r} is not a time zone; write it as Asia/Baku") from error
    memorial = Memorial(
        id=ids.new_id(at), slug=slug, event_date=event, time_zone=time_zone, names=names, places=places,
        closing_language=closing[0], closing=closing[1],
    )  # fmt: skip
    session.add(memorial)
    session.flush()
    return memorial
