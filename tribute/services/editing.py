"""Editing the articles and the site's pages: what a text says now, saving it anew, and going back to a version."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import article as files
from tribute.domain.composing import compose
from tribute.domain.errors import Conflict, NotFound
from tribute.domain.language import INTERFACE
from tribute.domain.lifecycle import Remark
from tribute.models import Article, Memorial, Person, TextVersion
from tribute.services import articles, decisions, desk, memorials, pages, remarks, versions
from tribute.services.articles import Edition
from tribute.services.versions import EDITED, RESTORED, Beside, Made, Subject


@dataclass(frozen=True)
class Said:
    """All that a text says: what its file holds, and what its issuer says beside it."""

    text: files.Text
    beside: Beside = field(default_factory=Beside)


def subject_of(session: Session, of: str, part: str, language: str) -> Subject:
    """The text that an address names, whether or not it is written yet in that language. Raises NotFound."""
    subject = Subject(of, part, language)
    if language not in INTERFACE or (subject.is_page and part not in pages.SLUGS):
        raise NotFound
    if not subject.is_page:
        memorial = memorials.by_slug(session, of)
        if part != versions.UNDATED and not _is_edition(session, memorial, subject):
            raise NotFound
    return subject


def _is_edition(session: Session, memorial: Memorial, subject: Subject) -> bool:
    """Whether the part is the year of an edition that is here in some language: others are begun, not written to."""
    if subject.part != str(subject.year):
        return False
    here = select(Article.id).where(Article.memorial_id == memorial.id, Article.year == subject.year).limit(1)
    return session.scalars(here).first() is not None


def said_by(version: TextVersion) -> Said:
    """What a version says."""
    subject = Subject.of_key(version.subject)
    is_page = subject.is_page
    read = files.parse_page(version.original) if is_page else files.parse(version.original, subject.language)
    return Said(replace(read, left_out=()), versions.beside_of(version))


def save(
    session: Session, subject: Subject, said: Said, seen: int, follows: int | None, person: Person, at: datetime
) -> TextVersion:
    """Make what was typed the text, as a version of its own; where nothing changed, the version there is.

    `seen` is the number of the version that was edited, 0 for none. Raises Conflict where another came first.
    """
    present = _unchanged_since(session, subject, seen)
    there = said_by(present) if present is not None else None
    if present is not None and there == said and present.follows == follows:
        return present
    is_same_file = present is not None and there is not None and there.text == said.text
    written = present.original if present and is_same_file else compose(said.text, is_page=subject.is_page)
    return _write(session, subject, written, said.beside, Made(EDITED, person.id, follows), person, at)


def restore(session: Session, subject: Subject, number: int, seen: int, person: Person, at: datetime) -> TextVersion:
    """Make an earlier version the text again: a new version with the same words. Raises Conflict, NotFound."""
    _unchanged_since(session, subject, seen)
    earlier = versions.numbered(session, subject, number)
    made = Made(RESTORED, person.id, earlier.follows)
    return _write(session, subject, earlier.original, versions.beside_of(earlier), made, person, at)


def _unchanged_since(session: Session, subject: Subject, seen: int) -> TextVersion | None:
    decisions.lock_head(session)
    newest = versions.newest(session, subject)
    if (newest.number if newest else 0) != seen:
        raise Conflict(Remark.EDIT, newest.person_id if newest else None, newest.at if newest else None)
    return newest


def _write(
    session: Session, subject: Subject, written: str, beside: Beside, made: Made, person: Person, at: datetime
) -> TextVersion:
    """Render, index, keep the version, and write the log's row: by number, without a word of it."""
    if subject.is_page:
        pages.bring_in(session, subject.part, subject.language, written, at, shipped=False, made=made)
    else:
        memorial = memorials.by_slug(session, subject.of)
        which = Edition(subject.language, subject.year, beside.issuer, beside.issued, beside.source)
        articles.bring_in(session, memorial, written, which, at, made=made)
    version = versions.current(session, subject)
    remarks.about_site(session, Remark.EDIT, desk.actor_of(person), at, version=version.number)
    return version
