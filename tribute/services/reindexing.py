"""Making the indexes anew, in steps so short that the site goes on; and comparing them with what they are made from.

Each generator takes one step whenever it is asked for the next, inside a transaction that its caller begins and
commits; it settles the size of its steps by the time they take.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tribute.domain.lifecycle import Status
from tribute.models import Article, Base, Memorial, Revision, Tribute, may_be_found
from tribute.search import index, vocabulary
from tribute.search.index import ARTICLES, DESK, PUBLIC, Index, engine_of
from tribute.search.terms import Said, row_of

STEP = 0.2  # seconds that a step should take: others wait to write meanwhile; each has a commit of its own
SMALLEST, LARGEST = 5, 5_000  # rows of a step
COMPARED = 20_000  # texts that are compared word for word, spread over all of them where there are more
INDEXES = (PUBLIC, DESK, ARTICLES)


@dataclass(frozen=True)
class Difference:
    """What an index has otherwise than what it is made from; by the ids of tributes or articles."""

    missing: list[int]
    surplus: list[int]
    differing: list[int]

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.differing)


class Pace:
    """How many rows the next step takes, by what the last ones took."""

    def __init__(self) -> None:
        self.size = SMALLEST
        self.started = monotonic()

    def begin(self) -> int:
        """Start a step; returns how many rows it shall take."""
        self.started = monotonic()
        return self.size

    def end(self) -> None:
        """End it. A step grows by half at the most, so that one quick step makes no endless next."""
        share = STEP / max(monotonic() - self.started, STEP / 100)
        self.size = max(SMALLEST, min(LARGEST, int(self.size * min(share, 1.5)) + 1))


def of(which: Index) -> Select[int]:
    """The ids of everything that an index should hold."""
    if which is ARTICLES:
        return select(Article.id).where(may_be_found())
    wanted = Tribute.status == Status.APPROVED if which is PUBLIC else Tribute.status != Status.REMOVED
    return select(Tribute.id).where(wanted)


def said_of(session: Session, which: Index, source_id: int) -> Said | None:
    """What an index should say of a tribute or an article; None for nothing."""
    if which is ARTICLES:
        article = session.get(Article, source_id)
        return index.article_of(article) if article else None
    tribute = session.get(Tribute, source_id)
    if tribute is None:
        return None
    return index.public_of(session, tribute) if which is PUBLIC else index.desk_of(session, tribute)


def entries(session: Session, which: Index) -> Iterator[int]:
    """Put right every entry that is missing or says something else; yields how many were looked at."""
    pace, after, table = Pace(), -1, Article if which is ARTICLES else Tribute
    while True:
        size = pace.begin()
        found = session.scalars(of(which).where(table.id > after).order_by(table.id).limit(size)).all()
        missing, differing = _wrong(session, which, found)
        for source_id, said in differing.items():
            index.put(session, which, source_id, said)
        index.fill(session, which, missing)
        session.expunge_all()
        pace.end()
        yield len(found)
        if len(found) < size:
            return
        after = found[-1]


def leftovers(session: Session, which: Index) -> Iterator[int]:
    """Take out every entry of what should not be found; yields how many were looked at."""
    pace, after, entry = Pace(), -1, which.entry
    while True:
        size = pace.begin()
        query = select(entry.number, entry.source_id).where(entry.number > after).order_by(entry.number).limit(size)
        rows = session.execute(query).all()
        for source_id in _surplus(session, which, [source for _number, source in rows]):
            index.put(session, which, source_id, None)
        session.expunge_all()
        pace.end()
        yield len(rows)
        if len(rows) < size:
            return
        after = rows[-1][0]


def structure(session: Session, which: Index) -> Iterator[int]:
    """Make the engine's own structure anew from the entries; yields how many entries went into it."""
    pace = Pace()
    steps = engine_of(session).rebuild(session, which.entry, pace)
    for number in steps:
        pace.end()
        yield number
        pace.begin()


def counted(session: Session, table: vocabulary.Table) -> dict[str, int]:
    """Every term of the indexes that count in a vocabulary, with the number of its texts."""
    found: dict[str, int] = {}
    for which in INDEXES:
        if which.vocabulary is table:
            for term, number in engine_of(session).counted(session, which.entry).items():
                found[term] = found.get(term, 0) + number
    return found


def miscounted(session: Session, table: vocabulary.Table) -> dict[str, int]:
    """What must be added to a vocabulary's numbers to make them right. Both are read in one snapshot."""
    right, kept = counted(session, table), vocabulary.kept(session, table)
    return {
        term: right.get(term, 0) - kept.get(term, 0)
        for term in right.keys() | kept.keys()
        if right.get(term, 0) != kept.get(term, 0)
    }


def compare(session: Session, which: Index) -> Difference:
    """Compare an index with what it is made from."""
    entry, key = which.entry, _id(which)
    has_entry = select(entry.number).where(entry.source_id == key).exists()
    is_wanted = of(which).where(key == entry.source_id).exists()
    missing = session.scalars(of(which).where(~has_entry).limit(COMPARED)).all()
    surplus = session.scalars(select(entry.source_id).where(~is_wanted).limit(COMPARED)).all()
    return Difference(list(missing), list(surplus), _differing(session, which))


def is_stale(session: Session, which: Index, looked_at: int = 20) -> bool:
    """Whether the newest entries are missing, or say something else than this program would."""
    newest = session.scalars(of(which).order_by(_id(which).desc()).limit(looked_at)).all()
    return any(_wrong(session, which, newest))


def lag(session: Session, which: Index, looked_at: int = 500) -> int:
    """How many of the newest texts that an index should hold it does not."""
    key, source = _id(which), which.entry.source_id
    newest = session.scalars(of(which).where(key > 0).order_by(key.desc()).limit(looked_at)).all()
    # In two steps: joined, PostgreSQL would read the whole index to hash it.
    held = select(func.count()).select_from(which.entry).where(source.in_(newest))
    return len(newest) - session.execute(held).scalar_one()


def _differing(session: Session, which: Index) -> list[int]:
    every = max(1, session.execute(select(func.count()).select_from(which.entry)).scalar_one() // COMPARED)
    query = select(which.entry.source_id).where(which.entry.number % every == 0).order_by(which.entry.number)
    sampled, found = list(session.scalars(query)), list[int]()
    for start in range(0, len(sampled), 500):
        missing, differing = _wrong(session, which, sampled[start : start + 500])
        found += sorted(missing | differing)
        session.expunge_all()
    return found


Wrong = dict[int, Said]  # sources, each with what an index should say of it


def _wrong(session: Session, which: Index, source_ids: Sequence[int]) -> tuple[Wrong, Wrong]:
    """Those of these sources that have no entry but should, and those whose entry says something else."""
    entry = which.entry
    numbered = select(entry.source_id, entry.number).where(entry.source_id.in_(source_ids))
    numbers = dict(session.execute(numbered).all())
    read = _read(session, which, source_ids)  # held until it is said: a session forgets what nobody holds
    said = {source: one for source in source_ids if (one := said_of(session, which, source))}
    del read
    rows = [row_of(numbers[source], one) for source, one in said.items() if source in numbers]
    differing = set(engine_of(session).differing(session, entry, rows)) if rows else set()
    missing = {source: one for source, one in said.items() if source not in numbers}
    return missing, {source: one for source, one in said.items() if numbers.get(source) in differing}


def _read(session: Session, which: Index, source_ids: Sequence[int]) -> list[Base]:
    """Read at once what would be looked up one by one, which takes longer than to index it."""
    if which is ARTICLES:
        return list(session.scalars(select(Article).where(Article.id.in_(source_ids))))
    tributes = session.scalars(select(Tribute).where(Tribute.id.in_(source_ids))).all()
    keys = [key for each in tributes for key in (each.public_revision_id, each.waiting_revision_id) if key]
    revisions = session.scalars(select(Revision).where(Revision.id.in_(keys)))
    return [*tributes, *revisions, *session.scalars(select(Memorial))]


def _surplus(session: Session, which: Index, source_ids: list[int]) -> list[int]:
    wanted = set(session.scalars(of(which).where(_id(which).in_(source_ids))))
    return [source for source in source_ids if source not in wanted]


def _id(which: Index) -> InstrumentedAttribute[int]:
    return Article.id if which is ARTICLES else Tribute.id
