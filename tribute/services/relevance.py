"""The best first: words in the order typed, spelt as typed, in the name or the place; among equals the newest."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from sqlalchemy.orm import Session

from tribute.search import match
from tribute.search.engine import Sign
from tribute.search.index import Index, engine_of
from tribute.search.match import Match
from tribute.search.query import Asked, Query
from tribute.services import found
from tribute.services.found import Found

IN_A_ROW, AS_TYPED, IN_NAME, IN_PLACE = 8, 4, 2, 1


def best(session: Session, known: Found, query: Query) -> list[int]:
    """The numbers of the newest matches, best first."""
    if known.ranked is None:
        known.ranked = _ranked(session, known, query)
    return known.ranked


def _ranked(session: Session, known: Found, query: Query) -> list[int]:
    signs = [] if known.wanted.is_hopeless else _signs(session, known.of, known.wanted, query)
    if not signs:
        return known.newest(session)[: found.READ]
    engine, entry = engine_of(session), known.of.entry
    if known.read is None:
        weights = dict(engine.best(session, entry, known.wanted, signs, found.READ + 1))
        known.read = list(weights)
    else:
        weights = engine.weighed(session, entry, signs, known.read)
    return sorted(known.read[: found.READ], key=lambda number: (-weights.get(number, 0), -number))


def _signs(session: Session, of: Index, wanted: Match, query: Query) -> list[Sign]:
    """What makes one match better than another, each with its weight: asked of matches alone."""
    words = tuple(asked for asked in query.wanted if asked.kind == "word" and not asked.field)
    in_a_row = Asked(tuple(word for asked in words for word in asked.words), "phrase")
    signs = {
        AS_TYPED: [replace(asked, kind="exact") for asked in words],
        IN_A_ROW: [in_a_row] if words[1:] else [],
        IN_NAME: [replace(asked, field="name") for asked in words],
        IN_PLACE: [replace(asked, field="place") for asked in words],
    }
    groups = iter(match.groups(session, of.vocabulary, (asked for some in signs.values() for asked in some)))
    matches = {weight: replace(wanted, groups=tuple(islice(groups, len(some)))) for weight, some in signs.items()}
    return [(weight, sign) for weight, sign in matches.items() if sign.groups and not sign.is_hopeless]
