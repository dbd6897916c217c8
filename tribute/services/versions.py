"""Every version of the articles and of the site's pages: kept as they are written, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain.errors import NotFound
from tribute.models import TextVersion

SHIPPED, IMPORTED, BEGUN, EDITED, RESTORED = "shipped", "imported", "begun", "edited", "restored"
PAGES, UNDATED = "pages", "undated"  # no memorial's address is `pages`


@dataclass(frozen=True)
class Subject:
    """Which text: a memorial's slug with a year or `undated`, or `pages` with a page's slug; and its language."""

    of: str
    part: str
    language: str

    @classmethod
    def of_key(cls, key: str) -> Self:
        """Read a key."""
        return cls(*key.split("/"))

    @property
    def key(self) -> str:
        """As the table of versions names it."""
        return f"{self.of}/{self.part}/{self.language}"

    @property
    def is_page(self) -> bool:
        """Whether it is one of the site's own pages."""
        return self.of == PAGES

    @property
    def year(self) -> int | None:
        """The edition's year; None for the text without one."""
        return int(self.part) if self.part.isdecimal() else None


def of_article(slug: str, year: int | None, language: str) -> Subject:
    """The subject of an article."""
    return Subject(slug, str(year or UNDATED), language)


@dataclass(frozen=True)
class Made:
    """How a version came to be, by whom, and the version in another language that it was translated from."""

    how: str
    person_id: int | None = None
    follows: int | None = None


BY_FILE, BY_PROGRAM = Made(IMPORTED), Made(SHIPPED)


@dataclass(frozen=True)
class Beside:
    """What an article's issuer says of it, which its file does not hold."""

    issuer: str = ""
    issued: date | None = None
    source: str = ""


def keep(
    session: Session, subject: Subject, original: str, made: Made, at: datetime, beside: Beside = Beside()
) -> TextVersion:
    """Write down a version, unless it is the newest already; the log's head is held."""
    last = newest(session, subject)
    if last is not None and made.how in (SHIPPED, IMPORTED) and (last.original, beside_of(last)) == (original, beside):
        return last
    number = session.execute(select(func.coalesce(func.max(TextVersion.number), 0))).scalar_one() + 1
    version = TextVersion(
        number=number, subject=subject.key, at=at, how=made.how, person_id=made.person_id, original=original,
        issuer=beside.issuer, issued=beside.issued, source=beside.source, follows=made.follows,
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version


def beside_of(version: TextVersion) -> Beside:
    """What stands beside a version's file."""
    return Beside(version.issuer, version.issued, version.source)


def every(session: Session, subject: Subject) -> Sequence[TextVersion]:
    """All versions of a text, the newest first."""
    query = select(TextVersion).where(TextVersion.subject == subject.key)
    return session.scalars(query.order_by(TextVersion.number.desc())).all()


def newest(session: Session, subject: Subject) -> TextVersion | None:
    """The version that is the text as it stands; None for a text that is not here."""
    query = select(TextVersion).where(TextVersion.subject == subject.key)
    return session.scalars(query.order_by(TextVersion.number.desc()).limit(1)).first()


def current(session: Session, subject: Subject) -> TextVersion:
    """The same for a text that has to be here. Raises NotFound."""
    found = newest(session, subject)
    if found is None:
        raise NotFound
    return found


def numbered(session: Session, subject: Subject, number: int | None) -> TextVersion:
    """One version of a text. Raises NotFound."""
    found = session.get(TextVersion, number) if number else None
    if found is None or found.subject != subject.key:
        raise NotFound
    return found
