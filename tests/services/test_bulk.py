"""Synthetic tributes: written in bulk, they are what the steps of real ones would have left."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from tests.services.acts import memorial, sent, statuses
from tests.services.test_checks import ids_of
from tribute.domain import ids
from tribute.domain import text as texts
from tribute.domain.anniversary import local_day
from tribute.domain.lifecycle import Status
from tribute.models import Base, Decision, Revision, Tribute, TributeEntry, Vocabulary
from tribute.search import terms
from tribute.search.query import parse
from tribute.services import bulk, checks, corpus, search, synthetic, tributes
from tribute.services.search import Narrowed

COUNT = 300
NO_KEEPER = "T021"


def load(session: Session, count: int = COUNT, seed: int = 1) -> int:
    """Every step, committed one by one as the command does."""
    added = 0
    for step in bulk.load(session, memorial(session), "1", count, seed):
        session.commit()
        added += step
    return added


@pytest.fixture
def loaded(session: Session) -> Session:
    """A database with synthetic tributes."""
    assert load(session) == COUNT
    return session


def test_log_counts_index_and_vocabulary_fit(loaded: Session) -> None:
    assert ids_of(checks.contents(loaded)) == [NO_KEEPER]
    if loaded.get_bind().dialect.name == "sqlite":
        assert loaded.execute(text("PRAGMA foreign_key_check")).all() == []


def test_indexes_are_there_again(session: Session) -> None:
    before = {index["name"] for index in inspect(session.connection()).get_indexes("tribute_entry")}
    load(session)
    assert {index["name"] for index in inspect(session.connection()).get_indexes("tribute_entry")} == before


def test_the_same_seed_gives_the_same_tributes_in_parts_made_elsewhere(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = memorial(session)
    wanted = synthetic.Wanted(60, 1, shipped.id, shipped.event_date, shipped.time_zone, "1")
    monkeypatch.setattr(bulk, "CHUNK", 12)
    here = [synthetic.make(wanted, first, synthetic.slots(wanted)[first : first + 12]) for first in range(0, 60, 12)]
    assert list(bulk.made(wanted)) == here


def test_other_seeds_give_other_tributes() -> None:
    first, second = (list(corpus.texts(seed, 20, 0, 20)) for seed in (1, 2))
    assert not set(first) & set(second)


def test_words_are_rendered_as_the_cleaner_would(loaded: Session) -> None:
    revisions = loaded.scalars(select(Revision)).all()
    assert any("\n\n" in revision.words for revision in revisions)
    assert any(not revision.words for revision in revisions)
    for revision in revisions:
        assert revision.html == str(texts.render(revision.words))


def test_every_tribute_is_one_that_the_form_would_take(loaded: Session) -> None:
    rows = select(Tribute, Revision).join(Revision, Revision.tribute_id == Tribute.id)
    for tribute, revision in loaded.execute(rows):
        assert 1 <= texts.length(revision.name) <= 80
        assert texts.length(revision.place) <= 80
        assert texts.normalise(revision.words) == revision.words
        assert tribute.worded == (not texts.is_blank(revision.words))
        assert tribute.worded or tribute.gesture != "none"


@pytest.mark.parametrize("status", [Status.PENDING, *synthetic.DECIDED])
def test_a_tribute_is_as_the_steps_of_a_real_one_leave_it(loaded: Session, status: Status) -> None:
    made = loaded.scalars(select(Tribute).where(Tribute.status == status)).first()
    assert made is not None
    real = sent(loaded, made.at)
    if action := synthetic.DECIDED.get(status):
        tributes.transition(loaded, real, action, bulk.MODERATOR, made.at + synthetic.READ_AFTER, real.version)
    assert shape(loaded, made) == shape(loaded, real)


OWN = {"gesture", "worded", "language", "page_language", "form_key", "form_digest", "digest", "previous", "number",
       "words_digest", "salt", "name", "place", "words", "html"}  # fmt: skip


def shape(session: Session, tribute: Tribute) -> list[dict[str, Any]]:
    """Everything about a tribute but what differs between any two."""
    log = session.scalars(select(Decision).where(Decision.tribute_id == tribute.id).order_by(Decision.number))
    revision = session.scalars(select(Revision).where(Revision.tribute_id == tribute.id)).one()
    keys = (tribute.id, revision.id)
    return [
        {name: "a key" if value in keys else value for name, value in values_of(row).items() if name not in OWN}
        for row in (tribute, revision, *log)
    ]


def values_of(row: Base) -> dict[str, Any]:
    """A row's values by the names of its columns."""
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def test_half_are_of_the_day_and_words_are_as_frequent_as_they_should_be(loaded: Session) -> None:
    every = loaded.scalars(select(Tribute)).all()
    days = [local_day(tribute.at, "Asia/Baku") for tribute in every]
    assert 0.4 < sum((day.month, day.day) == (1, 20) for day in days) / COUNT < 0.6
    assert {day.year for day in days} <= set(corpus.YEARS)
    languages = Counter(tribute.language for tribute in every)
    assert languages.most_common(1)[0][0] == "az"
    assert set(languages) == {"az", "ru", "tr", "en"}
    assert statuses(loaded)[Status.APPROVED] > 0.9 * COUNT
    newest = max(every, key=lambda tribute: tribute.id)
    assert newest.status == Status.PENDING
    documents = {word: loaded.get_one(Vocabulary, word).documents for word in (corpus.HALF, *corpus.EITHER)}
    assert all(0.35 < number / COUNT < 0.65 for number in documents.values())


def test_what_is_said_is_found_newest_first(loaded: Session) -> None:
    found = search.search(loaded, parse(corpus.HALF), Narrowed(kind="tribute"))
    assert len(found.items) == search.RESULTS
    public = select(Revision.words).join(Tribute, Tribute.public_revision_id == Revision.id)
    assert found.total == sum(corpus.HALF in texts.words_of(words) for words in loaded.scalars(public))
    keys = [ids.decode(hit.card.public_id) or 0 for hit in found.items]
    assert keys == sorted(keys, reverse=True)
    assert not search.search(loaded, parse(" ".join(corpus.EITHER)), Narrowed()).items


def test_entries_have_the_numbers_that_one_after_another_would(loaded: Session) -> None:
    before = -1
    for number, source in loaded.execute(
        select(TributeEntry.number, TributeEntry.source_id).order_by(TributeEntry.source_id)
    ):
        assert number == max(before + 1, terms.first_number_at(ids.time_of(source)))
        before = number


def test_a_database_with_a_tribute_is_not_empty(session: Session) -> None:
    assert bulk.is_empty(session)
    sent(session)
    assert not bulk.is_empty(session)
