"""Stored HTML made anew where it was rendered under an earlier policy of the cleaner.

Each generator takes one step whenever it is asked for the next, inside a transaction that its caller begins and
commits. What is done says so itself, so whoever begins again goes on where the last one ended.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain import text
from tribute.models import Article, Memorial, Page, Revision, renew_version
from tribute.services import articles, pages
from tribute.services.articles import Edition
from tribute.services.reindexing import Pace

STORED = (Revision, Article, Page)  # what keeps HTML


def outdated(session: Session) -> int:
    """How many texts were rendered under an earlier policy."""
    counts = (select(func.count()).select_from(kind).where(kind.policy < text.POLICY) for kind in STORED)
    return sum(session.execute(query).scalar_one() for query in counts)


def rerender(session: Session) -> Iterator[int]:
    """Render every text of an earlier policy again, from the words that were kept; yields how many each step took."""
    yield from _revisions(session)
    yield _articles(session) + _pages(session)


def _revisions(session: Session) -> Iterator[int]:
    pace, after = Pace(), -1
    while True:
        size = pace.begin()
        query = select(Revision).where(Revision.policy < text.POLICY, Revision.id > after)
        found = session.scalars(query.order_by(Revision.id).limit(size)).all()
        for revision in found:
            revision.html, revision.policy, after = str(text.render(revision.words)), text.POLICY, revision.id
        session.flush()
        session.expunge_all()
        renew_version(session)
        pace.end()
        yield len(found)
        if len(found) < size:
            return


def _articles(session: Session) -> int:
    query = select(Memorial, Article).join(Article, Article.memorial_id == Memorial.id)
    found = session.execute(query.where(Article.policy < text.POLICY)).all()
    for memorial, article in found:
        which = Edition(article.language, article.year, article.issuer, article.issued, article.source)
        articles.bring_in(session, memorial, article.original, which, article.updated_at, shipped=article.shipped)
    return len(found)


def _pages(session: Session) -> int:
    found = session.scalars(select(Page).where(Page.policy < text.POLICY)).all()
    for page in found:
        pages.render(page, page.original)
    session.flush()
    renew_version(session)
    return len(found)
