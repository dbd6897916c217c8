"""The site's own pages: rules, privacy, about, accessibility."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tribute.domain import article as files
from tribute.domain import text
from tribute.domain.article import Text
from tribute.domain.errors import NotFound
from tribute.domain.language import INTERFACE
from tribute.models import Page, renew_version
from tribute.services import decisions, versions
from tribute.services.versions import BY_PROGRAM, PAGES, Made, Subject

SLUGS = ("rules", "privacy", "about", "accessibility")


def shown(session: Session, slug: str, language: str) -> Page:
    """A page in a language, or in the first it has. Raises NotFound."""
    for code in (language, "en", *INTERFACE):
        if (found := session.get(Page, (slug, code))) is not None:
            return found
    raise NotFound


def rules_version(session: Session, language: str) -> str:
    """The version of the rules that a visitor reads and consents to."""
    return shown(session, "rules", language).version


def bring_in(
    session: Session, slug: str, language: str, written: str, at: datetime, *, shipped: bool = True,
    made: Made = BY_PROGRAM,
) -> bool:  # fmt: skip
    """Add or replace a page from a file's text; tells whether anything changed. Raises BadArticle."""
    files.parse_page(written)
    decisions.lock_head(session)
    present = session.get(Page, (slug, language), populate_existing=True)
    is_same = present is not None and (present.original, present.policy) == (written, text.POLICY)
    if is_same and made is BY_PROGRAM:
        return False
    page = present or Page(slug=slug, language=language)
    render(page, written)
    page.shipped = shipped
    session.add(page)
    session.flush()
    versions.keep(session, Subject(PAGES, slug, language), written, made, at)
    renew_version(session)
    return True


def render(page: Page, written: str) -> None:
    """Make a page of its file's text."""
    fill(page, files.parse_page(written))
    page.original, page.policy = written, text.POLICY


def fill(page: Page, read: Text) -> None:
    """Let a page say what was read or typed."""
    page.title, page.summary, page.version = read.title, read.summary, read.version
    page.body_html = str(text.render_markdown(read.body))
