"""What is there in which language: which text is missing, and which is older than the one it was translated from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain.language import INTERFACE
from tribute.models import Article, Memorial, TextVersion
from tribute.services import pages, versions
from tribute.services.versions import PAGES, SHIPPED, Subject


@dataclass(frozen=True)
class State:
    """One text of a group: since when it is as it is, or that it is missing; what it is older than, and since when."""

    subject: Subject
    version: TextVersion | None
    behind: str = ""  # the language of a text that has changed since
    known: int = 0  # the version of that text that it was translated from; 0 where none was named
    newest: int = 0  # the version of it that stands now
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Group:
    """One article, edition or page in the four languages."""

    of: str
    part: str
    states: tuple[State, ...]

    @property
    def missing(self) -> int:
        """How many languages it lacks."""
        return sum(state.version is None for state in self.states)

    @property
    def behind(self) -> int:
        """How many are older than another."""
        return sum(bool(state.behind) for state in self.states)


def of_memorial(session: Session, memorial: Memorial) -> list[Group]:
    """The text without a year, then the editions, newest first."""
    query = select(Article.year).where(Article.memorial_id == memorial.id, Article.year.is_not(None)).distinct()
    years = sorted(session.scalars(query), reverse=True)  # type: ignore[type-var]  # none of them is None
    return [group(session, memorial.slug, part) for part in (versions.UNDATED, *map(str, years))]


def of_site(session: Session) -> list[Group]:
    """The site's own pages."""
    return [group(session, PAGES, slug) for slug in pages.SLUGS]


def group(session: Session, of: str, part: str) -> Group:
    """One article or page in the four languages."""
    subjects = [Subject(of, part, language) for language in INTERFACE]
    newest = {subject.language: versions.newest(session, subject) for subject in subjects}
    there = {language: version for language, version in newest.items() if version is not None}
    changed = {language for language, version in there.items() if _is_change(session, version)}
    return Group(of, part, tuple(_state(session, subject, there, changed) for subject in subjects))


def _is_change(session: Session, version: TextVersion) -> bool:
    """Whether a version changed a text that was here, by a keeper's hand or file."""
    first = select(func.min(TextVersion.number)).where(TextVersion.subject == version.subject)
    return version.how != SHIPPED and session.execute(first).scalar_one() != version.number


def _state(session: Session, subject: Subject, there: dict[str, TextVersion], changed: set[str]) -> State:
    own = there.get(subject.language)
    if own is None:
        return State(subject, None)
    if (source := session.get(TextVersion, own.follows or 0)) is not None:
        language = Subject.of_key(source.subject).language
        newest = there.get(language)
        if newest is None or newest.original == source.original:
            return State(subject, own)
        return State(subject, own, language, source.number, newest.number, newest.at)
    later = {code: each for code, each in there.items() if code in changed and each.number > own.number}
    roots = sorted(later.items(), key=lambda pair: (pair[1].follows is not None, -pair[1].number))
    for code, each in roots:
        if not _leads_to(session, each, subject):
            return State(subject, own, code, 0, each.number, each.at)
    return State(subject, own)


def _leads_to(session: Session, version: TextVersion, subject: Subject) -> bool:
    """Whether a version was translated from a text, by however many steps."""
    for _step in INTERFACE:
        source = session.get(TextVersion, version.follows or 0)
        if source is None:
            return False
        if source.subject == subject.key:
            return True
        version = source
    return False


def behind(groups: Iterable[Group]) -> int:
    """How many texts of these are missing or older than another."""
    return sum(each.missing + each.behind for each in groups)
