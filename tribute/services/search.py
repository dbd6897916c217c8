"""Finding: articles above, tributes below, each with the words that matched marked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tribute.domain import ids, text
from tribute.domain.lifecycle import Status
from tribute.domain.text import Finder
from tribute.models import Article, ArticleEntry, Memorial, Revision, Tribute, TributeEntry
from tribute.search import index, match
from tribute.search.engine import EVERYTHING, Entry, Span, Spent
from tribute.search.index import engine_of
from tribute.search.match import Chosen, Sought
from tribute.search.query import Query
from tribute.services import facets, found, relevance
from tribute.services.facets import Facets
from tribute.services.found import Found
from tribute.services.memorials import every
from tribute.services.wall import Card, is_short

RESULTS = 20  # tributes a page
ARTICLES_ABOVE = 3
EXCERPT = 240  # letters of an article around its first hit
SECONDS = 0.5  # what a search may take of the database's time before it shows what it has
KINDS = ("tribute", "article")
SORTS = ("newest", "oldest", "relevance")


@dataclass(frozen=True)
class Narrowed:
    """What the reader narrowed the search to beside the words; empty means all."""

    memorial: str = ""
    language: str = ""
    kind: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Place:
    """Which part of the results: a page's edge, or the number of a page of the best."""

    sort: str = "newest"
    before: int | None = None
    after: int | None = None
    page: int = 1

    @property
    def is_first(self) -> bool:
        """Whether it is where a search begins."""
        return self.before is None and self.after is None and self.page == 1


@dataclass(frozen=True)
class Hit:
    """A tribute that matched, with the words that did so marked, and those that are not spelt as they were typed."""

    card: Card
    name_html: Markup
    place_html: Markup
    also: tuple[str, ...]


@dataclass(frozen=True)
class ArticleHit:
    """An article that matched: its title marked, the text around the first hit, and where it stands."""

    title_html: Markup
    excerpt_html: Markup
    language: str
    memorial: str
    year: int | None


@dataclass
class Results:
    """One page of results; `total` counts tributes and articles, whichever are asked for."""

    articles: list[ArticleHit] = field(default_factory=list)
    items: list[Hit] = field(default_factory=list)
    older: str | None = None
    newer: str | None = None
    page: int = 1
    pages: int = 1
    total: int = 0
    total_capped: bool = False
    is_best_of: int = 0  # only the newest so many were weighed
    facets: Facets | None = None
    is_partial: bool = False  # the time was up before everything was found


def search(
    session: Session, query: Query, narrowed: Narrowed, place: Place = Place(), *,
    reads: str = "", faceted: bool = True, memorials: Sequence[Memorial] = (),
) -> Results:  # fmt: skip
    """Find published tributes and, above the first page, up to three articles, in the language one `reads` first.

    `memorials` are all there are, where they have been read already.
    """
    results = Results()
    of = [each for each in memorials or every(session) if narrowed.memorial in ("", each.slug)]
    if not query or not of:
        return results
    try:
        with engine_of(session).within(session, SECONDS):
            _find(session, results, query, narrowed, place, of, reads, faceted)
    except Spent:
        results.is_partial = True
    return results


def _find(
    session: Session, results: Results, query: Query, narrowed: Narrowed, place: Place, memorials: Sequence[Memorial],
    reads: str, faceted: bool,
) -> None:  # fmt: skip
    """Fill in the results, what matters most first."""
    chosen = chosen_by(query, narrowed, memorials)
    slugs = {memorial.id: memorial.slug for memorial in memorials}
    known = found.known(session, query, chosen, memorials)
    articles = known.articles(session) if narrowed.kind != "tribute" else []
    shown = found.MOST_ARTICLES if narrowed.kind == "article" else ARTICLES_ABOVE if place.is_first else 0
    first = sorted(articles, key=lambda article: article[1] != reads)
    results.articles = _article_hits(session, first[:shown], query, slugs)
    results.total, results.total_capped = len(articles), len(articles) == found.MOST_ARTICLES
    if narrowed.kind != "article" and not known.wanted.is_hopeless:
        results.items = hits(session, lay(session, results, known, place, query), query, slugs)
        counted = known.counted(session)
        results.total_capped |= results.total + counted > found.MOST_COUNTED
        results.total = min(results.total + counted, found.MOST_COUNTED)
    if faceted:
        open_to = chosen_by(query, Narrowed(memorial=narrowed.memorial), memorials)
        everywhere = known if open_to == chosen else found.known(session, query, open_to, memorials)
        year, language = narrowed.year, narrowed.language
        tributes = facets.facets(session, everywhere, year, language, memorials[0].time_zone)
        every = dated(session, everywhere.articles(session))
        results.facets = facets.with_articles(tributes, every, year, language, narrowed.kind)


def chosen_by(query: Query, narrowed: Narrowed, memorials: Iterable[Memorial]) -> Chosen:
    """The reader's choices and the query's own, all of which must hold."""
    languages = tuple(filter(None, (narrowed.language, query.language)))
    years = (*([(narrowed.year, narrowed.year)] if narrowed.year else []), *([query.years] if query.years else []))
    return Chosen(tuple(memorial.id for memorial in memorials), not narrowed.memorial, languages, years, query.status)


def lay(session: Session, results: Results, known: Found, place: Place, query: Query) -> list[int]:
    """The numbers of one page in their order, and its neighbours."""
    if place.sort == "relevance":
        best = relevance.best(session, known, query)
        results.pages = max(1, -(-len(best) // RESULTS))
        results.page = min(place.page, results.pages)
        results.is_best_of = found.READ if len(known.newest(session)) > found.READ else 0
        return best[(results.page - 1) * RESULTS : results.page * RESULTS]
    newest = known.read if known.are_many(session) else known.newest(session)
    if newest is not None and _lies_within(newest, place):
        return cut(results, newest, place)
    backward = place.after is not None and place.before is None
    oldest = (place.sort == "oldest") != backward
    span = Span(*_edges(place))
    there = engine_of(session).numbers(session, known.of.entry, known.wanted, span, RESULTS + 1, oldest=oldest)
    numbers = sorted(there[:RESULTS], reverse=place.sort != "oldest")
    if numbers:
        more = len(there) > RESULTS
        first, last = numbers[0], numbers[-1]
        results.newer = ids.encode(first) if (more if backward else place.before is not None) else None
        results.older = ids.encode(last) if (not backward and more) or backward else None
    return numbers


def _lies_within(newest: list[int], place: Place) -> bool:
    """Whether a page, and what tells that another follows it, lies within the newest matches that were read."""
    if len(newest) <= found.READ:
        return True
    edge = place.before if place.before is not None else place.after
    return place.sort == "newest" and (edge is None or edge > newest[-RESULTS - 1])


def cut(results: Results, numbers: list[int], place: Place) -> list[int]:
    """One page of these numbers in their order, and its neighbours."""
    sign = 1 if place.sort == "oldest" else -1
    ordered = sorted(sign * number for number in numbers)
    if place.after is not None and place.before is None:
        end = bisect_left(ordered, sign * place.after)
        start = max(0, end - RESULTS)
    else:
        start = bisect_right(ordered, sign * place.before) if place.before is not None else 0
        end = min(len(ordered), start + RESULTS)
    page = [sign * number for number in ordered[start:end]]
    if page:
        results.newer = ids.encode(page[0]) if start > 0 else None
        results.older = ids.encode(page[-1]) if end < len(ordered) else None
    return page


def _edges(place: Place) -> tuple[int, int]:
    """`before` and `after` in the order of reading, as numbers."""
    above, below = (place.before, place.after) if place.sort == "oldest" else (place.after, place.before)
    return EVERYTHING.above if above is None else above, EVERYTHING.below if below is None else below


def sources(session: Session, entry: Entry, numbers: list[int]) -> list[int]:
    """The tributes or articles of entries, in their order."""
    query = select(entry.number, entry.source_id).where(entry.number.in_(numbers))
    known = dict(session.execute(query).all())
    return [known[number] for number in numbers if number in known]


def hits(session: Session, numbers: list[int], query: Query, slugs: dict[int, str]) -> list[Hit]:
    """Public tributes as hits, in their order."""
    if not numbers:
        return []
    words, name, place = (match.sought(query, field) for field in ("", "name", "place"))
    looked = _Looked(words, name, place, tuple(_small(word) for asked in query.wanted for word in asked.words))
    rows = {row.number: row for row in session.execute(_PUBLIC, {"numbers": numbers})}
    shown = (rows[number] for number in numbers if number in rows and rows[number].status == Status.APPROVED)
    return [_hit(row, slugs[row.memorial_id], looked) for row in shown]


# Columns of the tables, not whole rows, which take longer to make than all the words to mark. The status is looked at
# afterwards: asked for here, SQLite might begin with every public tribute.
_entry, _tribute, _revision = (table.__table__ for table in (TributeEntry, Tribute, Revision))
_PUBLIC = (
    select(
        _entry.c.number, _tribute.c.id, _tribute.c.status, _tribute.c.memorial_id, _tribute.c.gesture,
        _tribute.c.page_language, _revision.c.name, _revision.c.place, _revision.c.html, _revision.c.language,
        _revision.c.made_by,
    )
    .select_from(_entry)
    .join(_tribute, _tribute.c.id == _entry.c.source_id)
    .join(_revision, _revision.c.id == _tribute.c.public_revision_id)
    .where(_entry.c.number.in_(bindparam("numbers", expanding=True)))
)  # fmt: skip


class _Looked(NamedTuple):
    """What a query looks for in words, names and places, and what was typed, in small letters."""

    words: Sought
    name: Sought
    place: Sought
    typed: tuple[str, ...]


def _hit(row: Any, memorial: str, looked: _Looked) -> Hit:
    also: dict[str, str] = {}

    def find(sought: Sought) -> Finder:
        def finds(words: list[str]) -> set[int]:
            hits = sought.found(words, row.language)
            for word in (words[place] for place in sorted(hits)):
                if not _small(word).startswith(looked.typed):
                    also.setdefault(_small(word), word)
            return hits

        return finds

    html = text.mark(row.html, find(looked.words))
    name, place = text.mark_plain(row.name, find(looked.name)), text.mark_plain(row.place, find(looked.place))
    card = Card(
        ids.encode(row.id), memorial, row.name, row.place, row.gesture, html, row.language, row.page_language,
        ids.time_of(row.id), is_short(row.html), row.made_by == "moderator",
    )  # fmt: skip
    return Hit(card, name, place, tuple(also.values()))


def _small(word: str) -> str:
    """A word in small letters, whichever i its language makes of I."""
    return word.replace("İ", "i").replace("I", "i").replace("ı", "i").casefold()


def dated(session: Session, articles: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The year and the language of each article found; its year as `index.article_of` has it."""
    if not articles:
        return []
    those = ArticleEntry.number.in_([number for number, _language in articles])
    query = select(Article.year, Article.updated_at, Article.language).join(
        ArticleEntry, ArticleEntry.source_id == Article.id
    )
    return [(year or updated.year, language) for year, updated, language in session.execute(query.where(those))]


def _article_hits(
    session: Session, articles: list[tuple[int, str]], query: Query, slugs: dict[int, str]
) -> list[ArticleHit]:
    """The articles to show."""
    if not articles:
        return []
    return [
        _article_hit(article, query, slugs[article.memorial_id])
        for key in sources(session, ArticleEntry, [number for number, _language in articles])
        if (article := session.get(Article, key)) is not None
    ]


def _article_hit(article: Article, query: Query, slug: str) -> ArticleHit:
    find = match.finder(query, article.language)
    return ArticleHit(
        text.mark_plain(article.title, find), text.excerpt(index.article_text(article), find, EXCERPT),
        article.language, slug, article.year,
    )  # fmt: skip
