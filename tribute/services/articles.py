"""Articles: the standing edition of a memorial, the editions of its anniversaries, and bringing one in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import article as files
from tribute.domain import ids, text
from tribute.domain.errors import NotFound
from tribute.domain.language import INTERFACE
from tribute.models import Article, Memorial
from tribute.search import index
from tribute.services import decisions


@dataclass(frozen=True)
class Edition:
    """Which edition a file is, and what its issuer says of it."""

    language: str
    year: int | None = None
    issuer: str = ""
    issued: date | None = None
    source: str = ""


@dataclass(frozen=True)
class Imported:
    """What became of a file: the article, whether anything changed, and the lines that were left out."""

    article: Article
    outcome: Literal["added", "replaced", "unchanged"]
    left_out: tuple[str, ...]


def standing(session: Session, memorial: Memorial, language: str) -> Article:
    """The text that the memorial's page shows, in a language or in the one it has. Raises NotFound."""
    return _in_language(_of(session, memorial, None), language)


def edition(session: Session, memorial: Memorial, year: int, language: str) -> Article:
    """An anniversary's text, in a language or in the one it has. Raises NotFound."""
    return _in_language(_of(session, memorial, year), language)


def editions(session: Session, memorial: Memorial, language: str) -> list[Article]:
    """Every anniversary's edition, newest first, each in a language or in the one it has."""
    query = select(Article).where(Article.memorial_id == memorial.id, Article.year.is_not(None))
    by_year: dict[int, list[Article]] = {}
    for article in session.scalars(query.order_by(Article.year.desc())):
        by_year.setdefault(article.year or 0, []).append(article)
    return [_in_language(found, language) for found in by_year.values()]


def every(session: Session) -> list[tuple[Memorial, Article]]:
    """All articles with their memorials."""
    query = select(Memorial, Article).join(Article, Article.memorial_id == Memorial.id)
    return list(session.execute(query.order_by(Memorial.id, Article.year, Article.language)))


def bring_in(
    session: Session, memorial: Memorial, written: str, which: Edition, at: datetime, *, shipped: bool = False
) -> Imported:
    """Add or replace an edition from a file's text. Raises BadArticle, and then nothing has changed."""
    read = files.parse(written, which.language)
    query = select(Article).where(Article.memorial_id == memorial.id, Article.language == which.language)
    found = session.scalars(query.where(Article.year.is_(None) if which.year is None else Article.year == which.year))
    present = found.one_or_none()
    if present is not None and _is_same(present, written, which):
        return Imported(present, "unchanged", read.left_out)
    decisions.lock_head(session)  # who changes the vocabulary waits for whoever does so
    article = present or Article(id=ids.new_id(at), memorial_id=memorial.id)
    _fill(article, read, written, which, at, shipped=shipped)
    session.add(article)
    session.flush()
    index.update_article(session, article)
    return Imported(article, "replaced" if present else "added", read.left_out)


def export(session: Session, memorial: Memorial, language: str, year: int | None) -> str:
    """The file an edition came from, as it came. Raises NotFound."""
    found = [article for article in _of(session, memorial, year) if article.language == language]
    if not found:
        raise NotFound
    return found[0].original


def lede_and_rest(article: Article) -> tuple[Markup, Markup]:
    """An article's rendered body, split after its first paragraph."""
    return text.first_paragraph(article.body_html)


def _of(session: Session, memorial: Memorial, year: int | None) -> list[Article]:
    of_year = Article.year.is_(None) if year is None else Article.year == year
    return list(session.scalars(select(Article).where(Article.memorial_id == memorial.id, of_year)))


def _in_language(found: list[Article], language: str) -> Article:
    """The article in a language; else in the first of the four that it has."""
    if not found:
        raise NotFound
    preferred = (language, "en", *INTERFACE)
    return min(found, key=lambda article: preferred.index(article.language))


def _is_same(present: Article, written: str, which: Edition) -> bool:
    said = (present.original, present.issuer, present.issued, present.source, present.policy)
    return said == (written, which.issuer, which.issued, which.source, text.POLICY)


def _fill(article: Article, read: files.Text, written: str, which: Edition, at: datetime, *, shipped: bool) -> None:
    is_plain = read.source_format == "plain"
    article.year, article.language, article.title = which.year, which.language, read.title
    article.summary = read.summary
    article.body_html = str(text.render_plain(read.body) if is_plain else text.render_markdown(read.body))
    article.figures_html = str(text.render_markdown_line(read.figures))
    article.figures_note, article.timeline = read.figures_note, [list(entry) for entry in read.timeline]
    article.closing, article.closing_language = read.closing, read.closing_language
    article.closing_meaning = read.closing_meaning
    article.sources_html = str(text.render_markdown(read.sources))
    article.issuer, article.issued, article.source = which.issuer, which.issued, which.source
    article.original, article.shipped, article.policy, article.updated_at = written, shipped, text.POLICY, at
