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
from tribute.models import Article, Memorial, renew_version
from tribute.search import index
from tribute.services import decisions, turnovers, versions
from tribute.services.versions import BY_FILE, BY_PROGRAM, Beside, Made


@dataclass(frozen=True)
class Edition:
    """Which edition a file is, and what its issuer says of it."""

    language: str
    year: int | None = None
    issuer: str = ""
    issued: date | None = None
    source: str = ""

    @property
    def beside(self) -> Beside:
        """What its issuer says of it."""
        return Beside(self.issuer, self.issued, self.source)


@dataclass(frozen=True)
class Imported:
    """What became of a file: the article, whether anything changed, and the lines that were left out."""

    article: Article
    outcome: Literal["added", "replaced", "unchanged"]
    left_out: tuple[str, ...]


def standing(session: Session, memorial: Memorial, language: str, at: datetime) -> Article:
    """The text that the memorial's page shows at a moment, in a language or in the one it has. Raises NotFound."""
    return _in_language(_of(session, memorial, turnovers.standing_year(session, memorial, at)), language)


def edition(session: Session, memorial: Memorial, year: int, language: str, at: datetime) -> Article:
    """An anniversary's public text, in a language or in the one it has. Raises NotFound."""
    if turnovers.is_draft(turnovers.of(session, memorial, year), at):
        raise NotFound
    return _in_language(_of(session, memorial, year), language)


def draft(session: Session, memorial: Memorial, year: int, language: str) -> Article:
    """An edition's text for those who may see it before others do. Raises NotFound."""
    return _in_language(_of(session, memorial, year), language)


def undated(session: Session, memorial: Memorial, language: str, at: datetime) -> Article | None:
    """The text without a year, once an edition stands in its place; None while it stands itself."""
    found = _of(session, memorial, None)
    is_former = turnovers.standing_year(session, memorial, at) is not None
    return _in_language(found, language) if found and is_former else None


def editions(session: Session, memorial: Memorial, language: str, at: datetime) -> list[Article]:
    """Every anniversary's public edition, newest first, each in a language or in the one it has."""
    hidden = [turnover.year for turnover in turnovers.drafts(session, memorial, at)]
    query = select(Article).where(
        Article.memorial_id == memorial.id, Article.year.is_not(None), Article.year.not_in(hidden)
    )
    by_year: dict[int, list[Article]] = {}
    for article in session.scalars(query.order_by(Article.year.desc())):
        by_year.setdefault(article.year or 0, []).append(article)
    return [_in_language(found, language) for found in by_year.values()]


def every(session: Session) -> list[tuple[Memorial, Article]]:
    """All articles with their memorials."""
    query = select(Memorial, Article).join(Article, Article.memorial_id == Memorial.id)
    return list(session.execute(query.order_by(Memorial.id, Article.year, Article.language)))


def bring_in(
    session: Session, memorial: Memorial, written: str, which: Edition, at: datetime, *, shipped: bool = False,
    made: Made | None = None,
) -> Imported:  # fmt: skip
    """Add or replace an edition from a file's text. Raises BadArticle, and then nothing has changed."""
    read = files.parse(written, which.language)
    decisions.lock_head(session)  # who changes the vocabulary, or writes a version, waits for whoever does so
    present = in_language(session, memorial, which.year, which.language)
    is_same = present is not None and _is_same(present, written, which)
    if present is not None and is_same and made is None:
        return Imported(present, "unchanged", read.left_out)
    article = present or Article(id=ids.new_id(at), memorial_id=memorial.id)
    if not is_same or article.shipped != shipped:
        _fill(article, read, written, which, at, shipped=shipped)
    session.add(article)
    session.flush()
    subject = versions.of_article(memorial.slug, which.year, which.language)
    versions.keep(session, subject, written, made or (BY_PROGRAM if shipped else BY_FILE), at, which.beside)
    index.update_article(session, article)
    renew_version(session)
    return Imported(article, "replaced" if present else "added", read.left_out)


def in_language(session: Session, memorial: Memorial, year: int | None, language: str) -> Article | None:
    """The article of an edition in just this language, as the database has it now."""
    of_year = Article.year.is_(None) if year is None else Article.year == year
    query = select(Article).where(Article.memorial_id == memorial.id, of_year, Article.language == language)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def export(session: Session, memorial: Memorial, language: str, year: int | None) -> str:
    """The file an edition came from, as it came. Raises NotFound."""
    found = in_language(session, memorial, year, language)
    if found is None:
        raise NotFound
    return found.original


def read(written: str, which: Edition, at: datetime) -> Article:
    """What a file makes of an article, kept nowhere. Raises BadArticle."""
    return as_it_would_be(files.parse(written, which.language), which, at)


def as_it_would_be(read: files.Text, which: Edition, at: datetime) -> Article:
    """An article that is kept nowhere: to be looked at before it is."""
    article = Article()
    _fill(article, read, "", which, at, shipped=False)
    return article


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
