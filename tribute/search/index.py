"""Keeping the index: an entry stands for each public tribute and each article, and for nothing else."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tribute.domain import text
from tribute.domain.lifecycle import Status
from tribute.models import Article, ArticleEntry, Revision, Tribute, TributeEntry
from tribute.search.fold import fold_text

LONGEST = 200_000  # folded letters of one entry; a tsvector holds no more than 1 MiB


def update_tribute(session: Session, tribute: Tribute) -> None:
    """Make the index say what the tribute's status and public revision now are."""
    session.execute(delete(TributeEntry).where(TributeEntry.id == tribute.id))
    if tribute.status != Status.APPROVED or tribute.public_revision_id is None:
        return
    revision = session.get_one(Revision, tribute.public_revision_id)
    said = " ".join((text.plain(revision.html), revision.name, revision.place))
    session.add(
        TributeEntry(
            id=tribute.id, memorial_id=tribute.memorial_id, language=revision.language, folded=fold_text(said)[:LONGEST]
        )
    )
    session.flush()


def article_text(article: Article) -> str:
    """Everything an article says but its title, as plain text."""
    timeline = " ".join(f"{when} {what}" for when, what in article.timeline)
    return " ".join((article.summary, text.plain(article.body_html), timeline, article.closing)).strip()


def update_article(session: Session, article: Article) -> None:
    """Put an article's whole text into the index."""
    session.execute(delete(ArticleEntry).where(ArticleEntry.id == article.id))
    folded = fold_text(f"{article.title} {article_text(article)}")[:LONGEST]
    session.add(ArticleEntry(id=article.id, memorial_id=article.memorial_id, language=article.language, folded=folded))
    session.flush()


def rebuild(session: Session) -> tuple[int, int]:
    """Make every entry anew; returns how many tributes and articles are indexed."""
    session.execute(delete(TributeEntry))
    session.execute(delete(ArticleEntry))
    approved = session.query(Tribute).filter_by(status=Status.APPROVED).order_by(Tribute.id)
    made = [0, 0]
    for tribute in approved.yield_per(500):
        update_tribute(session, tribute)
        made[0] += 1
    for article in session.query(Article):
        update_article(session, article)
        made[1] += 1
    return made[0], made[1]
