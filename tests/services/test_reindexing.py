"""Making the indexes anew: in many short steps, while others write, and well in the end even if it is interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import delete, inspect, select, text
from sqlalchemy.orm import Session

from tests.services.acts import AT, memorial, sent, standing
from tests.services.test_counts import walked
from tribute.cli import index as command
from tribute.cli import tools
from tribute.cli.tools import writing
from tribute.domain.errors import Conflict, IllegalAction
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db
from tribute.models import DeskVocabulary, Tribute, TributeCount, Vocabulary, begin_write
from tribute.search import index, rebuild
from tribute.search.index import ARTICLES, DESK, PUBLIC, Index, engine_of
from tribute.search.query import parse
from tribute.services import articles, checks, decisions, people, reindexing, schema, search
from tribute.services.articles import Edition
from tribute.services.search import Narrowed

TEXTS = 12
Act = Callable[[Session], object]


@pytest.fixture
def whole(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A site with tributes of every status, whose indexes are made anew in steps of two or three."""
    monkeypatch.setattr(reindexing, "SMALLEST", 2)
    monkeypatch.setattr(reindexing, "LARGEST", 3)
    monkeypatch.setattr(rebuild, "PAGES", 1)
    people.add(session, "keeper@memorial.example", "", Role.KEEPER, "a hash", "en", AT)
    statuses = [*Status, *[Status.APPROVED] * (TEXTS - len(Status))]
    for number, status in enumerate(statuses):
        standing(session, status, AT + timedelta(days=number), words=f"Qərənfil söz{number % 3}")
    session.commit()
    return session


def is_well(session: Session) -> bool:
    """Whether every index says what it should, and every number is right."""
    session.rollback()
    session.expire_all()
    found = [finding for finding in checks.contents(session) if finding.id != "T022"]  # withdrawn long ago
    names = inspect(db.engine).get_table_names()
    return not found and not [name for name in names if "_fts_new" in name or "_fts_old" in name]


def broken(session: Session) -> None:
    """Break whatever can be broken."""
    numbers = list(session.scalars(select(PUBLIC.entry.number).order_by(PUBLIC.entry.number)))
    engine_of(session).delete(session, PUBLIC.entry, numbers[::2])
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("UPDATE tribute_entry SET stretch = 7 WHERE number = :number"), {"number": numbers[1]})
    session.execute(delete(DESK.entry))
    session.execute(delete(ARTICLES.entry).where(ARTICLES.entry.language == "az"))
    hidden = session.scalars(select(Tribute).where(Tribute.status == Status.HIDDEN)).one()
    index.put(session, PUBLIC, hidden.id, index.desk_of(session, hidden))
    session.execute(delete(Vocabulary).where(Vocabulary.term > "m"))
    session.execute(delete(DeskVocabulary))
    session.execute(delete(TributeCount))
    session.commit()
    assert not is_well(session)


class Meanwhile:
    """Somebody who acts on a connection of their own after each step of the reindexing."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act: Act) -> None:
        self.steps, self.act = 0, act
        for module in (tools, command):
            monkeypatch.setattr(module, "writing", self.writing)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One step, and then whatever else happens."""
        with writing() as session:
            yield session
        self.steps += 1
        with Session(db.engine) as other:
            begin_write(other)
            try:
                self.act(other)
                other.commit()
            except (IllegalAction, Conflict):
                other.rollback()


def test_what_is_broken_is_mended_in_many_steps(whole: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(whole)
    meanwhile = Meanwhile(monkeypatch, lambda _session: None)
    command.make_anew(shows=False)
    assert is_well(whole)
    assert meanwhile.steps > 4 * TEXTS / 3  # entries and leftovers of two indexes, at least


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_an_entry_in_a_later_stretch_than_the_next_one_is_found_and_mended(whole: Session) -> None:
    of_all = text("SELECT stretch FROM tribute_entry ORDER BY number")
    whole.execute(text("UPDATE tribute_entry SET stretch = 7 WHERE number = (SELECT min(number) FROM tribute_entry)"))
    whole.commit()
    assert not is_well(whole)
    command.make_anew(shows=False)
    assert is_well(whole)
    assert set(whole.scalars(of_all)) == {7}


def test_what_is_well_is_left_as_it_is(whole: Session) -> None:
    before = [whole.execute(select(which.entry.number, which.entry.source_id)).all() for which in reindexing.INDEXES]
    command.make_anew(shows=False)
    assert [
        whole.execute(select(which.entry.number, which.entry.source_id)).all() for which in reindexing.INDEXES
    ] == before
    assert is_well(whole)


@pytest.mark.parametrize("seed", [20, 1990])
@pytest.mark.parametrize("is_broken", [True, False])
def test_nothing_that_is_done_meanwhile_is_lost(
    whole: Session, monkeypatch: pytest.MonkeyPatch, seed: int, is_broken: bool
) -> None:
    chance = Random(seed)  # noqa: S311  a walk that can be walked again
    if is_broken:
        broken(whole)

    def act(other: Session) -> None:
        at = AT + timedelta(days=2000, minutes=meanwhile.steps)
        if meanwhile.steps % 4 == 0:
            sent(other, at, words=f"Qərənfil söz{meanwhile.steps}")
        elif meanwhile.steps % 9 == 0:
            written = f"Title\n\nWords {meanwhile.steps}."
            articles.bring_in(other, memorial(other), written, Edition("en", 2000 + chance.randrange(5)), at)
        else:
            walked(other, chance, chance.choice(other.scalars(select(Tribute).order_by(Tribute.id)).all()), at)

    meanwhile = Meanwhile(monkeypatch, act)
    command.make_anew(shows=False)
    if is_broken:  # a number that was wrong while somebody took from it is right after the next time
        command.make_anew(shows=False)
    assert is_well(whole)


class Interrupted(Exception):
    """Somebody pulled the plug."""


@pytest.mark.parametrize("part", [0.01, 0.05, 0.15, 0.3, 0.45, 0.6, 0.75])
def test_an_interrupted_reindexing_does_no_harm_and_the_next_ends_well(
    whole: Session, monkeypatch: pytest.MonkeyPatch, part: float
) -> None:
    wanted, ends = listed(whole), 10**9

    def stop(_session: Session) -> None:
        if meanwhile.steps >= ends:
            raise Interrupted

    meanwhile = Meanwhile(monkeypatch, stop)
    command.make_anew(shows=False)
    ends = meanwhile.steps + max(1, round(part * meanwhile.steps))
    with pytest.raises(Interrupted):
        command.make_anew(shows=False)
    whole.rollback()
    assert listed(whole) == wanted
    standing(whole, Status.APPROVED, AT + timedelta(days=99), words="Qərənfil")  # the site goes on
    whole.commit()
    assert len(listed(whole)) == len(wanted) + 1
    monkeypatch.undo()
    command.make_anew(shows=False)
    assert is_well(whole)
    assert len(listed(whole)) == len(wanted) + 1


def listed(session: Session) -> list[str]:
    """What visitors find."""
    found = search.search(session, parse("qerenfil"), Narrowed(kind="tribute"))
    session.rollback()
    return [hit.card.public_id for hit in found.items]


@pytest.mark.parametrize("after", [2, 7, 30])
def test_a_reindexing_of_what_is_broken_can_be_interrupted_again_and_again(
    whole: Session, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    broken(whole)

    def stop(_session: Session) -> None:
        if meanwhile.steps % after == 0:
            raise Interrupted

    meanwhile = Meanwhile(monkeypatch, stop)
    for _time in range(3):
        with pytest.raises(Interrupted):
            command.make_anew(shows=False)
    monkeypatch.undo()
    command.make_anew(shows=False)
    assert is_well(whole)


def test_a_new_entry_that_comes_while_the_index_is_rebuilt_is_in_both(whole: Session) -> None:
    seen = list[int]()
    for which in (PUBLIC, DESK):
        for number in stepped(whole, which):
            seen.append(number)
            if len(seen) < 12:
                standing(whole, Status.APPROVED, AT - timedelta(days=len(seen)), words="Dünənki")
                standing(whole, Status.APPROVED, AT + timedelta(days=300 + len(seen)), words="Sabahkı")
                whole.commit()
                assert reindexing.miscounted(whole, which.vocabulary) == {}
                whole.rollback()
    assert is_well(whole)
    assert len(seen) > 8 or whole.get_bind().dialect.name == "postgresql"  # where the index is the table's own


def stepped(session: Session, which: Index) -> Iterator[int]:
    """The steps of a rebuilding, each in a transaction of its own."""
    steps = reindexing.structure(session, which)
    number: int | None = 0
    while number is not None:
        begin_write(session)
        decisions.lock_head(session)
        number = next(steps, None)
        session.commit()
        yield number or 0


def test_a_step_grows_slowly_and_shrinks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, sizes = [0.0], list[int]()
    monkeypatch.setattr(reindexing, "monotonic", lambda: clock[0])
    pace = reindexing.Pace()
    for took in [0.0] * 20 + [reindexing.STEP, 10 * reindexing.STEP, 1000.0, reindexing.STEP]:
        sizes.append(pace.begin())
        clock[0] += took
        pace.end()
    assert sizes[:5] == [5, 8, 13, 20, 31]
    assert max(sizes) == reindexing.LARGEST == sizes[20]
    assert sizes[21] == reindexing.LARGEST
    assert reindexing.SMALLEST < sizes[22] < reindexing.LARGEST / 9
    assert (sizes[23], pace.size - 1) <= (reindexing.SMALLEST, reindexing.SMALLEST)


def test_prepare_makes_anew_what_a_migration_left_empty(whole: Session, app: Flask) -> None:
    wanted = listed(whole)
    whole.close()
    schema.migrate(db.engine, "0001")
    schema.migrate(db.engine)
    assert listed(whole) == []
    assert [finding.id for finding in checks.contents(whole)][-3:] == ["T032", "T033", "T034"]
    whole.close()
    answer = app.test_cli_runner().invoke(args=["tribute", "prepare"])
    assert (answer.exit_code, "The search index is made anew." in answer.output) == (0, True)
    assert is_well(whole)
    assert listed(whole) == wanted
    assert app.test_cli_runner().invoke(args=["tribute", "prepare"]).output == ""
