"""The best first: words in the order typed, spelt as typed, in the name or the place; among equals the newest."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from sqlalchemy.orm import Session

from tribute.search import match
from tribute.search.engine import EVERYTHING
from tribute.search.index import Index, engine_of
from tribute.search.match import Match
from tribute.search.query import Asked, Query

WEIGHED = 2_000  # matches that are weighed: the newest ones
IN_A_ROW, AS_TYPED, IN_NAME, IN_PLACE = 8, 4, 2, 1


def best(session: Session, of: Index, wanted: Match, query: Query, few: list[int] | None) -> tuple[list[int], bool]:
    """The numbers of the newest matches, best first; and whether there are more than were weighed.

    `few` is everything that matches, where it is known.
    """
    engine = engine_of(session)
    found = engine.numbers(session, of.entry, wanted, EVERYTHING, WEIGHED + 1) if few is None else few
    numbers = found[:WEIGHED]
    signs = _signs(session, of, wanted, query)
    if not numbers or not signs:
        return numbers, len(found) > WEIGHED
    weights = engine.weighed(session, of.entry, signs, numbers)
    return sorted(numbers, key=lambda number: (-weights.get(number, 0), -number)), len(found) > WEIGHED


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
