"""Finding: articles above, tributes below, each with the words that matched marked."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session

from tribute.domain import ids, text
from tribute.domain.anniversary import year_edges
from tribute.domain.lifecycle import Status
from tribute.models import Article, ArticleEntry, Memorial, Revision, Tribute, TributeEntry
from tribute.search import engine, index
from tribute.search.query import Query
from tribute.services import keyset
from tribute.services.wall import Card, card_of

RESULTS = 20  # tributes a page
ARTICLES = 3
MOST_COUNTED = 1000
EXCERPT = 240  # letters of an article around its first hit
KINDS = ("tribute", "article")


@dataclass(frozen=True)
class Chosen:
    """What the reader narrowed the search to; empty means all."""

    memorial: str = ""
    language: str = ""
    kind: str = ""
    year: int | None = None


@dataclass(frozen=True)
class ArticleHit:
    """An article that matched: its title marked, the text around the first hit, and where it stands."""

    title_html: Markup
    excerpt_html: Markup
    language: str
    memorial: str
    year: int | None


@dataclass(frozen=True)
class Results:
    """One page of results; `total` counts the articles above too."""

    articles: list[ArticleHit]
    items: list[Card]
    older: str | None
    newer: str | None
    total: int
    total_capped: bool


def search(
    session: Session, query: Query, chosen: Chosen, before: int | None = None, after: int | None = None,
    *, reads: str = "",
) -> Results:  # fmt: skip
    """Find published tributes, newest first, and up to three articles above them, those of `reads` first."""
    memorials = list(session.scalars(select(Memorial).order_by(Memorial.id)))
    slugs = {memorial.id: memorial.slug for memorial in memorials}
    articles = _articles(session, query, chosen, slugs, reads) if query and chosen.kind != "tribute" else []
    if not query or chosen.kind == "article":
        return Results(articles, [], None, None, len(articles), total_capped=False)
    found = engine.matching(session, TributeEntry, query, *_narrowed(chosen, memorials))
    total = engine.count(session, found, MOST_COUNTED + 1)
    page = keyset.page(session, found, TributeEntry.id, RESULTS, before, after)
    items = _cards(session, [key for key, _ in page.rows], query, slugs)
    shown = min(total, MOST_COUNTED) + len(articles)
    return Results(articles, items, page.older, page.newer, shown, total > MOST_COUNTED)


def _narrowed(chosen: Chosen, memorials: list[Memorial]) -> list[ColumnElement[bool]]:
    """The reader's choices as conditions; a year is a range of ids in the memorial's time zone."""
    entry, found = TributeEntry, list[ColumnElement[bool]]()
    of = [memorial for memorial in memorials if memorial.slug == chosen.memorial]
    if chosen.memorial:
        found.append(entry.memorial_id.in_([memorial.id for memorial in of]))
    if chosen.language:
        found.append(entry.language == chosen.language)
    if chosen.year is not None:
        first, last = year_edges(chosen.year, (of or memorials)[0].time_zone if memorials else "UTC")
        found += [entry.id >= ids.first_id_at(first), entry.id < ids.first_id_at(last)]
    return found


def _articles(session: Session, query: Query, chosen: Chosen, slugs: dict[int, str], reads: str) -> list[ArticleHit]:
    keys = [key for key, slug in slugs.items() if chosen.memorial in ("", slug)]
    narrowed: list[ColumnElement[bool]] = [ArticleEntry.memorial_id.in_(keys)]
    if chosen.language:
        narrowed.append(ArticleEntry.language == chosen.language)
    own_first = case((ArticleEntry.language == reads, 0), else_=1)
    matching = engine.matching(session, ArticleEntry, query, *narrowed).order_by(own_first, ArticleEntry.id.desc())
    found = session.scalars(matching.limit(MOST_COUNTED if chosen.kind == "article" else ARTICLES)).all()
    articles = {article.id: article for article in session.scalars(select(Article).where(Article.id.in_(found)))}
    return [_article_hit(articles[key], query, slugs[articles[key].memorial_id]) for key in found]


def _article_hit(article: Article, query: Query, slug: str) -> ArticleHit:
    return ArticleHit(
        text.mark_plain(article.title, query.is_hit), text.excerpt(index.article_text(article), query.is_hit, EXCERPT),
        article.language, slug, article.year,
    )  # fmt: skip


def _cards(session: Session, keys: list[int], query: Query, slugs: dict[int, str]) -> list[Card]:
    rows = select(Tribute, Revision).join(Revision, Revision.id == Tribute.public_revision_id)
    public = rows.where(Tribute.id.in_(keys), Tribute.status == Status.APPROVED).order_by(Tribute.id.desc())
    return [
        card_of(tribute, revision, slugs[tribute.memorial_id], text.mark(revision.html, query.is_hit))
        for tribute, revision in session.execute(public)
    ]
