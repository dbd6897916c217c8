"""The best first: words in the order typed, spelt as typed, in the name or the place; among equals the newest."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from tribute.search import match
from tribute.search.engine import EVERYTHING
from tribute.search.index import Index, engine_of
from tribute.search.match import Group, Match
from tribute.search.query import Asked, Query

WEIGHED = 2_000  # matches that are weighed: the newest ones
IN_A_ROW, AS_TYPED, IN_NAME, IN_PLACE = 8, 4, 2, 1


def best(session: Session, of: Index, wanted: Match, query: Query) -> tuple[list[int], bool]:
    """The numbers of the newest matches, best first; and whether there are more than were weighed."""
    engine = engine_of(session)
    found = engine.numbers(session, of.entry, wanted, EVERYTHING, WEIGHED + 1)
    numbers = found[:WEIGHED]
    signs = _signs(session, of, wanted, query)
    if not numbers or not signs:
        return numbers, len(found) > WEIGHED
    held = engine.among(session, of.entry, [sign for _weight, sign in signs], numbers)
    scores = {
        number: sum(weight for (weight, _sign), those in zip(signs, held, strict=True) if number in those)
        for number in numbers
    }
    return sorted(numbers, key=lambda number: (-scores[number], -number)), len(found) > WEIGHED


def _signs(session: Session, of: Index, wanted: Match, query: Query) -> list[tuple[int, Match]]:
    """What makes one match better than another, each with its weight."""
    words = tuple(asked for asked in query.wanted if asked.kind == "word" and not asked.field)
    if not words:
        return []
    exact = [replace(asked, kind="exact") for asked in words]
    signs = [(AS_TYPED, exact)]
    signs += (
        [(IN_A_ROW, [Asked(tuple(word for asked in words for word in asked.words), "phrase")])] if words[1:] else []
    )
    signs += [(IN_NAME, [replace(asked, field="name") for asked in words])]
    signs += [(IN_PLACE, [replace(asked, field="place") for asked in words])]
    return [(weight, wanted.and_also(*_groups(session, of, asked))) for weight, asked in signs]


def _groups(session: Session, of: Index, asked: list[Asked]) -> tuple[Group, ...]:
    return match.groups(session, of.vocabulary, asked)
