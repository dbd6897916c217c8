"""Whether a machine can serve: each thing has its word, and what cannot be looked at has one too."""

from __future__ import annotations

import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from tests.services.acts import AT, decided, sent
from tribute.domain.lifecycle import Action
from tribute.services import last_done, newest, readiness, schema
from tribute.services.last_done import Chore
from tribute.services.readiness import BACKUP_WITHIN, QUEUE_WITHIN, WORK_WITHIN, Check, Word, is_ready, look

MOMENT = timedelta(seconds=1)
Usage = namedtuple("Usage", "total used free")


def words(session: Session, folder: Path, after: timedelta = timedelta(0)) -> dict[Check, Word]:
    """What is said so long after everything was well."""
    return look(session, folder, AT + after)


@pytest.fixture
def well(session: Session) -> Session:
    """A site where everything was done just now."""
    for chore in Chore:
        last_done.mark(session, chore, AT)
    return session


def test_a_site_that_is_well_has_nothing_but_good_words(well: Session, tmp_path: Path) -> None:
    found = words(well, tmp_path)
    assert found == dict.fromkeys(Check, Word.OK)
    assert is_ready(found)


def test_the_newest_migration_is_the_one_that_runs() -> None:
    assert newest.head() == schema.head()


@pytest.mark.parametrize(("version", "word", "ready"), [("0001", Word.BEHIND, False), ("9999", Word.AHEAD, True)])
def test_an_older_schema_cannot_be_served_and_a_newer_can(
    well: Session, tmp_path: Path, version: str, word: Word, ready: bool
) -> None:
    well.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    found = words(well, tmp_path)
    assert (found[Check.MIGRATIONS], is_ready(found)) == (word, ready)
    assert found[Check.WORKER] == (Word.OK if ready else Word.UNKNOWN)


def test_a_database_that_was_never_migrated_answers_and_is_behind(well: Session, tmp_path: Path) -> None:
    well.execute(text("ALTER TABLE alembic_version RENAME TO gone"))
    found = words(well, tmp_path)
    assert (found[Check.DATABASE], found[Check.MIGRATIONS]) == (Word.OK, Word.BEHIND)
    assert not is_ready(found)


@pytest.mark.parametrize("where", ["sqlite:////nowhere/at/all.db", "postgresql+psycopg://postgres@127.0.0.1:1/none"])
def test_a_database_that_does_not_answer_has_its_word(where: str, tmp_path: Path) -> None:
    with Session(create_engine(where)) as session:
        found = words(session, tmp_path)
    assert found == dict.fromkeys(Check, Word.UNKNOWN) | {Check.DATABASE: Word.SILENT, Check.DISK: Word.OK}
    assert not is_ready(found)


@pytest.mark.parametrize(("check", "within"), [(Check.WORKER, WORK_WITHIN), (Check.BACKUP, BACKUP_WITHIN)])
def test_what_was_not_done_for_long_is_late_and_the_site_is_served_all_the_same(
    well: Session, tmp_path: Path, check: Check, within: timedelta
) -> None:
    assert words(well, tmp_path, within)[check] == Word.OK
    found = words(well, tmp_path, within + MOMENT)
    assert found[check] == Word.LATE
    assert is_ready(found)


def test_what_was_never_done_is_said_to_be(session: Session, tmp_path: Path) -> None:
    found = words(session, tmp_path)
    assert (found[Check.WORKER], found[Check.BACKUP]) == (Word.NEVER, Word.NEVER)
    assert is_ready(found)


def test_a_queue_is_late_by_its_oldest_tribute_until_that_is_decided(well: Session, tmp_path: Path) -> None:
    first = sent(well, AT)
    sent(well, AT + MOMENT)
    assert words(well, tmp_path, QUEUE_WITHIN)[Check.QUEUE] == Word.OK
    assert words(well, tmp_path, QUEUE_WITHIN + MOMENT)[Check.QUEUE] == Word.LATE
    decided(well, first, Action.APPROVE, AT + MOMENT)
    assert words(well, tmp_path, QUEUE_WITHIN + MOMENT)[Check.QUEUE] == Word.OK


@pytest.mark.parametrize(
    ("total", "free", "word"),
    [(1 << 40, 1 << 30, Word.OK), (1 << 40, (1 << 30) - 1, Word.LOW), (1000, 100, Word.OK), (1000, 99, Word.LOW)],
)
def test_a_disk_is_low_below_a_gigabyte_or_a_tenth_of_a_small_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, total: int, free: int, word: Word
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(total, total - free, free))
    assert readiness.disk(tmp_path) == word


def test_a_folder_that_is_not_there_is_unknown(tmp_path: Path) -> None:
    assert readiness.disk(tmp_path / "none") == Word.UNKNOWN


def test_of_what_is_done_again_the_last_time_counts(session: Session) -> None:
    for minutes in (1, 3, 5):
        last_done.mark(session, Chore.WORK, AT + timedelta(minutes=minutes))
    assert last_done.when(session) == {Chore.WORK: AT + timedelta(minutes=5)}
