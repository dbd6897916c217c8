"""A naive Bayes of letters in a row that learns from this site's decisions and explains itself.

It keeps in how many texts of each kind a gram stands, by the gram's hash alone. What was learnt of a text is unlearnt
exactly: the text's row says as what it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b
from math import log
from typing import NamedTuple

from sqlalchemy import ARRAY, BigInteger, Select, any_, bindparam, delete, select, update
from sqlalchemy.orm import Session

from tribute.domain.verdict import Verdict
from tribute.models import Gram, Learnt, Revision, Triage, add_to
from tribute.search.fold import fold_text
from tribute.triage.signals import Leaning, Sent, Signal

PUBLISHED = "published"
KINDS: tuple[tuple[str, str, Leaning], ...] = (
    ("spam", "learnt_spam", "spam"), ("hateful", "learnt_hateful", "hateful"),
)  # fmt: skip
LENGTH = 5  # letters of a gram: whole short words, and the stems of long ones
MOST = 2_000  # grams of a text that count: those of its first pages
FEWEST = 50  # texts of a kind, before which nothing is said
WEIGHTY = 15  # grams by which a text is judged: a long one is not judged more surely than a short one
LIKELY, CERTAIN = 6.0, 14.0  # log-odds of those grams together, and the weights they have
LIKELY_WEIGHT, CERTAIN_WEIGHT = 0.6, 1.0
ALONE = 2  # texts of the kind a gram must stand in: one text's own words tell nothing
TOLD = 5  # pieces that the sentence names


class Seen(NamedTuple):
    """In how many texts of each kind a gram stands."""

    published: int
    spam: int
    hateful: int


def grams(said: str) -> dict[int, str]:
    """The letters in a row of a text, by their hash: each word with the ends of its neighbours."""
    padded = f" {fold_text(said)} "
    rows = dict.fromkeys(padded[start : start + LENGTH] for start in range(min(len(padded) - LENGTH + 1, MOST)))
    return {_hash(row): row for row in rows}


def find(session: Session, sent: Sent) -> Iterator[Signal]:
    """What was decided of texts like this one; nothing until enough was learnt of both kinds."""
    texts = {row.kind: row.texts for row in session.scalars(select(Learnt))}
    kinds = [kind for kind in KINDS if texts.get(kind[0], 0) >= FEWEST]
    if texts.get(PUBLISHED, 0) < FEWEST or not kinds:
        return
    own = grams(f"{sent.name}\n{sent.words}")
    rows = session.execute(_known(session.get_bind().dialect.name), {"keys": list(own)})
    known = {row[0]: Seen(*row[1:]) for row in rows}
    seen = {key: known[key] for key in own if key in known}  # in the order of the text
    for kind, name, leaning in kinds:
        odds = _odds(seen, kind, texts)
        together = sum(odds.values())
        if together >= LIKELY:
            strongest = (own[key] for key in sorted(odds, key=lambda key: -odds[key]) if odds[key] > 0)
            weight = CERTAIN_WEIGHT if together >= CERTAIN else LIKELY_WEIGHT
            yield Signal(name, leaning, weight, _pieces(strongest))


@cache
def _known(dialect: str) -> Select[int, int, int, int]:
    """What is known of grams: all of them are one value for PostgreSQL. For SQLite they are written into the statement
    as whole numbers: to bind three hundred takes its driver longer than to find them.
    """
    query = select(Gram.hash, Gram.published, Gram.spam, Gram.hateful)
    if dialect == "postgresql":
        return query.where(Gram.hash == any_(bindparam("keys", type_=ARRAY(BigInteger))))
    return query.where(Gram.hash.in_(bindparam("keys", expanding=True, literal_execute=True)))


def settle(session: Session, revision: Revision, kind: str) -> None:
    """Let a revision be learnt as this kind and no other; as none where it is empty."""
    row = session.get(Triage, revision.id)
    if row is None:
        row = Triage(revision_id=revision.id, verdict=Verdict.ORDINARY, signals=[], learnt_as="")
        session.add(row)
    if row.learnt_as == kind:
        return
    own = sorted(grams(f"{revision.name}\n{revision.words}"))  # in one order: two who learn never wait for each other
    if row.learnt_as:
        _count(session, row.learnt_as, own, -1)
        emptied = (Gram.published == 0, Gram.spam == 0, Gram.hateful == 0)
        session.execute(delete(Gram).where(Gram.hash.in_(own), *emptied))
    if kind:
        _count(session, kind, own, 1)
    row.learnt_as = kind
    session.flush()


def _count(session: Session, kind: str, own: list[int], by: int) -> None:
    """Add a text of a kind, or take it away."""
    add_to(session, Learnt, [{"kind": kind, "texts": by, "grams": by * len(own)}], "texts", "grams")
    if by < 0:
        column = getattr(Gram, kind)
        session.execute(update(Gram).where(Gram.hash.in_(own)).values({kind: column + by}))
    else:
        add_to(session, Gram, [{"hash": key, **dict.fromkeys(Seen._fields, 0), kind: by} for key in own], kind)


def _odds(seen: dict[int, Seen], kind: str, texts: dict[str, int]) -> dict[int, float]:
    """The log-odds of the grams that tell most, of the kind against what was published."""
    odds = {
        key: log((getattr(each, kind) + 0.5) / (texts[kind] + 1)) - log((each.published + 0.5) / (texts[PUBLISHED] + 1))
        for key, each in seen.items() if max(getattr(each, kind), each.published) >= ALONE
    }  # fmt: skip
    telling = sorted(odds, key=lambda key: -abs(odds[key]))[:WEIGHTY]
    return {key: odds[key] for key in telling}


def _pieces(rows: Iterable[str]) -> tuple[str, ...]:
    """Grams as pieces to read: those that overlap are one."""
    pieces: list[str] = []
    for row in rows:
        for place, piece in enumerate(pieces):
            if (joined := _joined(piece, row)) is not None:
                pieces[place] = joined
                break
        else:
            if len(pieces) < TOLD:
                pieces.append(row)
    return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def _joined(one: str, other: str) -> str | None:
    """Two pieces as one where all but a letter or two of the second stands at an end of the first."""
    if other in one:
        return one
    for kept in range(LENGTH - 1, LENGTH - 3, -1):
        if one.endswith(other[:kept]):
            return one + other[kept:]
        if one.startswith(other[-kept:]):
            return other[:-kept] + one
    return None


def _hash(row: str) -> int:
    return int.from_bytes(blake2b(row.encode(), digest_size=8).digest(), "big", signed=True)
