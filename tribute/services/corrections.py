"""What somebody may have meant: words for a misspelt one, and words for one that is being typed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from tribute.domain import text
from tribute.models import Memorial
from tribute.search import match, vocabulary
from tribute.search.engine import EVERYTHING, Spent
from tribute.search.fold import parts
from tribute.search.index import ARTICLES, PUBLIC, engine_of
from tribute.search.query import Query, parse
from tribute.services import search
from tribute.services.memorials import every
from tribute.services.search import Narrowed

CORRECTIONS = 3
TRIED = 12  # words tried for a misspelt one
SUGGESTIONS = 8
TYPED = 2  # letters before anything is suggested


def corrections(
    session: Session, typed: str, query: Query, narrowed: Narrowed, memorials: Sequence[Memorial] = ()
) -> list[str]:
    """Up to three queries near to one that found nothing, the nearest and most frequent first; each finds something."""
    of = [each for each in memorials or every(session) if narrowed.memorial in ("", each.slug)]
    unknown = [
        asked.said for asked in query.wanted if asked.kind in ("word", "exact") and _is_unknown(session, asked.said)
    ]
    if not unknown or not of:
        return []
    found: list[str] = []
    try:
        with engine_of(session).within(session, search.SECONDS):
            for meant in _near(session, typed, unknown):
                if _finds(session, parse(meant), narrowed, of):
                    found.append(meant)
                if len(found) == CORRECTIONS:
                    break
    except Spent:
        pass
    return found


def _near(session: Session, typed: str, unknown: list[str]) -> list[str]:
    """The query with its first unknown word replaced by each word near it, and the others by the nearest."""
    first, *others = unknown
    for word in others:
        nearest = vocabulary.alike(session, word, 1)
        typed = _with(typed, word, nearest[0][1]) if nearest else typed
    return [_with(typed, first, spelling) for _term, spelling in vocabulary.alike(session, first, TRIED)]


def _with(typed: str, word: str, meant: str) -> str:
    """The query with another word in the place of one; not where that is a part of a longer word."""
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _: meant, typed, count=1)


def _is_unknown(session: Session, word: str) -> bool:
    asked = match.groups(session, PUBLIC.vocabulary, parse(f'"{word}"').asked + parse(word).asked)
    return all(not group.terms for group in asked)


def _finds(session: Session, query: Query, narrowed: Narrowed, memorials: list[Memorial]) -> bool:
    chosen = search.chosen_by(query, narrowed, memorials)
    looked = {"tribute": (PUBLIC,), "article": (ARTICLES,)}.get(narrowed.kind, (PUBLIC, ARTICLES))
    wanted = match.match(session, PUBLIC.vocabulary, query, chosen)  # one vocabulary counts both
    if wanted.is_hopeless:
        return False
    engine = engine_of(session)
    return any(engine.numbers(session, of.entry, wanted, EVERYTHING, 1) for of in looked)


def suggestions(session: Session, typed: str) -> list[str]:
    """Up to eight completions of the last word, the most frequent first."""
    last = text.words_of(typed)[-1:]
    if not last or not typed.endswith(last[0]) or len(last[0]) < TYPED or not parts(last[0]):
        return []
    begun = vocabulary.beginning(session, PUBLIC.vocabulary, parts(last[0])[-1], SUGGESTIONS)
    return [typed.removesuffix(last[0]) + spelling for _term, _number, spelling in begun]
