"""The site's own pages: rules, privacy, about, accessibility."""

from __future__ import annotations

from typing import Any

import frontmatter
from sqlalchemy.orm import Session

from tribute.domain import text
from tribute.domain.errors import BadArticle, NotFound
from tribute.domain.language import INTERFACE
from tribute.models import Page

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


def bring_in(session: Session, slug: str, language: str, written: str) -> bool:
    """Add a shipped page, or replace it where it came with an earlier program; tells whether anything changed."""
    present = session.get(Page, (slug, language))
    if present is not None and (not present.shipped or (present.original, present.policy) == (written, text.POLICY)):
        return False
    matter, body = frontmatter.parse(written)
    page = present or Page(slug=slug, language=language)
    page.title, page.summary, page.version = (_said(matter, key) for key in ("title", "summary", "version"))
    page.body_html, page.original = str(text.render_markdown(body)), written
    page.shipped, page.policy = True, text.POLICY
    session.add(page)
    session.flush()
    return True


def _said(matter: dict[str, Any], key: str) -> str:
    if not matter.get(key):
        raise BadArticle(f"the front matter has no {key}", 1)
    return str(matter[key])
