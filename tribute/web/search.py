"""Search over past entries."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, current_app, g, render_template, request, url_for
from sqlalchemy.exc import OperationalError

from tribute.domain import ids, text
from tribute.extensions import db, now
from tribute.models import begin_looking, begin_write
from tribute.search.query import LONGEST, MOST_WORDS, parse
from tribute.services import corrections, search, turnovers
from tribute.services.search import ArticleHit, Narrowed, Place
from tribute.web import cursors, histogram
from tribute.web.language import spoken
from tribute.web.shell import every_memorial

bp = Blueprint("search", __name__)

EVER = (1900, ids.LAST_YEAR)  # what `year:2019..` and `year:..2024` leave open


@bp.get("/<lang:lang>/search")
def results() -> str:
    """Published tributes and articles that match."""
    typed, narrowed, place = typed_query(), _narrowed(), _place()
    begin_looking(db.session())
    _tell_of_editions()
    query = parse(typed)
    memorials = every_memorial()
    found = search.search(
        db.session(), query, narrowed, place, memorials=memorials, reads=spoken(), faceted=place.is_first
    )
    g.kept_query = kept = _kept(typed, narrowed, place.sort)
    g.passing = found.is_partial  # another time more may be found
    is_nothing = not found.total and not found.is_partial
    nearest = corrections.corrections(db.session(), typed, query, narrowed, memorials) if is_nothing else []
    return render_template(
        "search/results.html", typed=typed, query=query, narrowed=narrowed, place=place, kept=kept, found=found,
        articles=_linked(found.articles), corrections=nearest, longest=LONGEST, most_words=MOST_WORDS,
        bars=histogram.bars(found.facets.years) if found.facets else [], base=histogram.BASE, ever=EVER,
        memorial_name=_memorial_name(narrowed.memorial),
    )  # fmt: skip


@bp.get("/<lang:lang>/search/suggestions")
def suggestions() -> dict[str, list[str]]:
    """Queries that complete what is being typed: for the search box's list."""
    begin_looking(db.session())
    _tell_of_editions()
    return {"suggestions": corrections.suggestions(db.session(), typed_query())}


def typed_query() -> str:
    """What was typed into the box, as one line."""
    return text.normalise_line(request.args.get("q", "")[:LONGEST])


def _narrowed() -> Narrowed:
    return Narrowed(
        cursors.slug("memorial"), cursors.choice("language"), cursors.choice("kind", search.KINDS), cursors.year()
    )


def _place() -> Place:
    sort = cursors.choice("sort", search.SORTS) or "newest"
    return Place(sort, cursors.cursor("before"), cursors.cursor("after"), cursors.page())


def _kept(typed: str, narrowed: Narrowed, sort: str) -> dict[str, Any]:
    """The search as an address says it: what every link of the page keeps."""
    said = {"q": typed, **asdict(narrowed), "sort": sort if sort != "newest" else ""}
    return {name: value for name, value in said.items() if value}


def _memorial_name(slug: str) -> str:
    """The name of the memorial that the search is narrowed to; what was asked for where there is none."""
    named = {each.slug: each.name(spoken()) for each in every_memorial()} if slug else {}
    return named.get(slug, slug)


def _linked(hits: list[ArticleHit]) -> list[dict[str, Any]]:
    """Each hit with its address: the article in the language that it was found in, where it stands now."""
    session, at = db.session(), now()
    of = [memorial for memorial in every_memorial() if memorial.slug in {hit.memorial for hit in hits}]
    standing = {memorial.slug: turnovers.standing_year(session, memorial, at) for memorial in of}
    return [asdict(hit) | {"url": _address(hit, standing[hit.memorial])} for hit in hits]


def _address(hit: ArticleHit, standing: int | None) -> str:
    """Where an article is, by the year of the edition that stands."""
    endpoint = "memorial.show" if hit.year == standing else "memorial.edition" if hit.year else "memorial.undated"
    year = hit.year if endpoint == "memorial.edition" else None
    return url_for(endpoint, lang=hit.language, memorial=hit.memorial, year=year)


def _tell_of_editions() -> None:
    """Let the search find an edition that took its place at midnight: whoever searches first after it sees to that.

    The one reading that writes, once a year; where it cannot, the next one does.
    """
    if not turnovers.is_due(db.session(), every_memorial(), now()):
        return
    try:
        begin_write(db.session())
        turnovers.catch_up(db.session(), now())
        db.session.commit()
    except OperationalError as error:
        db.session.rollback()
        current_app.logger.warning("the search could not be told of an edition", exc_info=error)
