"""The best first: words in the order typed, spelt as typed, in the name or the place; among equals the newest."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from sqlalchemy.orm import Session

from tribute.search import match
from tribute.search.index import Index, engine_of
from tribute.search.match import Match
from tribute.search.query import Asked, Query
from tribute.services import found
from tribute.services.found import Found

IN_A_ROW, AS_TYPED, IN_NAME, IN_PLACE = 8, 4, 2, 1


def best(session: Session, known: Found, query: Query) -> list[int]:
    """The numbers of the newest matches, best first."""
    numbers = known.newest(session)[: found.READ]
    signs = _signs(session, known.of, known.wanted, query)
    if not numbers or not signs:
        return numbers
    weights = engine_of(session).weighed(session, known.of.entry, signs, numbers)
    return sorted(numbers, key=lambda number: (-weights.get(number, 0), -number))


def _signs(session: Session, of: Index, wanted: Match, query: Query) -> list[tuple[int, Match]]:
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
