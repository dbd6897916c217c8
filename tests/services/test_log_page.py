"""Reading the log: newest first, by who, what, reason and time; each page a stretch of one index."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count, product
from typing import Any

import pytest
from sqlalchemy import Connection, delete, event, text, update
from sqlalchemy.orm import Session

from tests.services.acts import AT, COLLEAGUE, MODERATOR, decided, sent, step
from tribute.domain import ids
from tribute.domain.lifecycle import Action
from tribute.domain.permissions import Role
from tribute.domain.reasons import Ground, Reason
from tribute.models import Person, Tribute
from tribute.services import erasure, log, people
from tribute.services.decisions import AUTHOR, RULE
from tribute.services.log import SIZE, LogPage, Sought

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ALL = Sought()


def numbers(page: LogPage) -> list[int]:
    """The rows on a page, in order."""
    return [entry.row.number for entry in page.entries]


def shown(session: Session, sought: Sought = ALL, before: str | None = None, after: str | None = None) -> LogPage:
    """A page between cursors."""
    return log.page(session, sought, *(ids.decode(cursor) if cursor else None for cursor in (before, after)))


def ten_rows(session: Session) -> list[Tribute]:
    """Rows 1-4: sent; 5, 6: published by two people; 7, 8: declined by them; 9: withdrawn; 10: erased by the rule."""
    made = [sent(session, AT + number * MINUTE, name=f"Author {number}") for number in range(4)]
    later = AT + DAY
    decided(session, made[0], Action.APPROVE, later, MODERATOR)
    decided(session, made[1], Action.APPROVE, later + MINUTE, COLLEAGUE)
    decided(session, made[2], Action.DECLINE, later + 2 * MINUTE, MODERATOR, Reason.THREAT)
    decided(session, made[3], Action.DECLINE, later + 3 * MINUTE, COLLEAGUE, Reason.OTHER, "A note to you.")
    step(session, made[1], Action.WITHDRAW, AT + 2 * DAY)
    assert erasure.erase_withdrawn(session, AT + 40 * DAY) == 1
    return made


def test_the_newest_rows_come_first_each_with_what_may_be_erased_beside_it(session: Session) -> None:
    ten_rows(session)
    page = shown(session)
    assert numbers(page) == list(range(10, 0, -1))
    assert (page.older, page.newer) == (None, None)
    names = {entry.row.number: entry.name for entry in page.entries}
    assert (names[1], names[8]) == ("Author 0", "Author 3")
    assert [names[number] for number in (2, 6, 9, 10)] == [""] * 4  # withdrawn, and erased since
    assert {entry.row.number: entry.note for entry in page.entries if entry.note} == {8: "A note to you."}


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        (Sought(who=AUTHOR.kind), [9, 4, 3, 2, 1]),
        (Sought(who=RULE.kind), [10]),
        (Sought(who=1), [7, 5]),
        (Sought(who=2), [8, 6]),
        (Sought(who=99), []),
        (Sought(what=Action.APPROVE), [6, 5]),
        (Sought(what=Action.HIDE), []),
        (Sought(reason=Reason.THREAT), [7]),
        (Sought(reason=Ground.LAW), []),
        (Sought(who=1, what=Action.DECLINE), [7]),
        (Sought(who=1, what=Action.DECLINE, reason=Reason.OTHER), []),
        (Sought(who=2, what=Action.DECLINE, reason=Reason.OTHER), [8]),
        (Sought(who=AUTHOR.kind, what=Action.APPROVE), []),
        (Sought(since=AT + DAY), [10, 9, 8, 7, 6, 5]),
        (Sought(until=AT + DAY), [4, 3, 2, 1]),
        (Sought(since=AT + MINUTE, until=AT + 3 * MINUTE), [3, 2]),
        (Sought(who=1, since=AT + DAY + MINUTE), [7]),
        (Sought(since=AT + DAY, until=AT), []),
    ],
)
def test_each_question_finds_its_rows_and_no_others(session: Session, sought: Sought, found: list[int]) -> None:
    ten_rows(session)
    assert numbers(shown(session, sought)) == found


def test_the_end_of_a_time_is_outside_it_and_its_beginning_within(session: Session) -> None:
    sent(session, AT)
    tick = timedelta(microseconds=1)
    assert numbers(shown(session, Sought(since=AT))) == [1]
    assert numbers(shown(session, Sought(since=AT + tick))) == []
    assert numbers(shown(session, Sought(until=AT))) == []
    assert numbers(shown(session, Sought(until=AT + tick))) == [1]


def test_a_clock_that_was_wrong_hides_no_row_of_a_day(session: Session) -> None:
    for minutes in (0, 50, 10, 50, 20):
        sent(session, AT + minutes * MINUTE)
    assert numbers(shown(session)) == [4, 2, 5, 3, 1]
    assert numbers(shown(session, Sought(until=AT + 30 * MINUTE))) == [5, 3, 1]
    assert numbers(shown(session, before=ids.encode(4))) == [2, 5, 3, 1]
    assert numbers(shown(session, after=ids.encode(5))) == [4, 2]


def test_pages_cover_the_log_once_in_both_ways_while_it_grows(session: Session) -> None:
    for number in range(2 * SIZE + 3):
        sent(session, AT + number * MINUTE)
    sought = Sought(who=AUTHOR.kind)
    first = shown(session, sought)
    assert (len(first.entries), first.newer) == (SIZE, None)
    sent(session, AT + DAY)
    second = shown(session, sought, before=first.older)
    third = shown(session, sought, before=second.older)
    assert numbers(first) + numbers(second) + numbers(third) == list(range(2 * SIZE + 3, 0, -1))
    assert third.older is None
    back = shown(session, sought, after=third.newer)
    assert numbers(back) == numbers(second)
    assert numbers(shown(session, sought, after=back.newer)) == numbers(first)
    top = shown(session, sought, after=shown(session, sought, after=back.newer).newer)
    assert (numbers(top), top.newer) == ([2 * SIZE + 4], None)


def test_a_cursor_stays_within_what_is_sought(session: Session) -> None:
    ten_rows(session)
    sought = Sought(since=AT + DAY, until=AT + DAY + 3 * MINUTE)
    assert numbers(shown(session, sought, before=ids.encode(9))) == [7, 6, 5]
    assert numbers(shown(session, sought, before=ids.encode(7))) == [6, 5]
    assert numbers(shown(session, sought, after=ids.encode(1))) == [7, 6, 5]
    assert numbers(shown(session, sought, before=ids.encode(7), after=ids.encode(5))) == [6]
    assert numbers(shown(session, Sought(who=1), before=ids.encode(6))) == [5]


def test_a_number_that_no_row_has_is_no_edge(session: Session) -> None:
    ten_rows(session)
    for number in (0, 11, ids.MAXIMUM):
        assert numbers(shown(session, before=ids.encode(number))) == list(range(10, 0, -1))


def test_everybody_who_ever_decided_is_named_and_nobody_else(session: Session) -> None:
    rena, _idle, kamran = (
        people.add(session, f"{name}@memorial.example", name, Role.MODERATOR, "", "en", AT)
        for name in ("rena", "idle", "kamran")
    )  # fmt: skip
    tribute = sent(session)
    decided(session, tribute, Action.APPROVE, AT, rena)
    decided(session, tribute, Action.HIDE, AT, kamran)
    session.execute(update(Person).where(Person.id == kamran.id).values(active=False))
    assert log.deciders(session) == {rena.id: "rena", kamran.id: "kamran"}
    session.execute(delete(Person).where(Person.id == rena.id))
    assert log.deciders(session) == {kamran.id: "kamran"}
    assert numbers(shown(session, Sought(who=rena.id))) == [2]


QUESTIONS: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "ix_decision_at"),
    ({"who": 5}, "ix_decision_person_id"),
    ({"who": AUTHOR.kind}, "ix_decision_actor"),
    ({"what": Action.HIDE}, "ix_decision_action"),
    ({"reason": Reason.THREAT}, "ix_decision_reason"),
    ({"who": 5, "what": Action.APPROVE}, "ix_decision_person_id"),
    ({"who": AUTHOR.kind, "what": Action.APPROVE}, "ix_decision_actor"),
    ({"who": 5, "reason": Reason.THREAT}, "ix_decision_reason"),
    ({"what": Action.APPROVE, "reason": Reason.THREAT}, "ix_decision_reason"),
    ({"who": AUTHOR.kind, "what": Action.APPROVE, "reason": Reason.THREAT}, "ix_decision_reason"),
)
TIMES: tuple[dict[str, Any], ...] = ({}, {"since": AT, "until": AT + DAY})
EDGES: tuple[dict[str, int], ...] = ({}, {"before": 3}, {"after": 3})
ASKED = count()
SORTED = re.compile(r"TEMP B-TREE|(?<!Incremental )Sort")  # in the words of either database


def plan(session: Session, sought: Sought, edges: dict[str, int]) -> str:
    """How the database would find a page in a log that is too long to be read or sorted whole."""
    asked: list[tuple[str, Any]] = []

    def listen(_connection: Connection, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        asked.append((statement, values))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", listen)
    log.page(session, sought, **edges)
    event.remove(connection, "before_cursor_execute", listen)
    statement, values = asked[-1]
    if connection.dialect.name == "sqlite":
        statement += f" -- {next(ASKED)}"  # its driver keeps a plan with the statement, whatever became of the index
        return "\n".join(str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))
    for way in ("seqscan", "bitmapscan", "sort"):
        session.execute(text(f"SET LOCAL enable_{way} = off"))
    return "\n".join(str(row) for row in connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", values))


@pytest.mark.parametrize(("asked", "index"), QUESTIONS)
def test_a_page_is_read_from_one_index_and_no_other_could_be_walked_instead(
    session: Session, asked: dict[str, Any], index: str
) -> None:
    ten_rows(session)
    for times, edges in product(TIMES, EDGES):
        sought = Sought(**asked, **times)
        found = plan(session, sought, edges)
        assert index in found, (sought, edges, found)
        assert "Sort" not in found, (sought, edges, found)
        assert "TEMP B-TREE" not in found, (sought, edges, found)
        with session.begin_nested() as savepoint:
            session.execute(text(f"DROP INDEX {index}"))
            without = plan(session, sought, edges)
            assert SORTED.search(without), (sought, edges, without)
            savepoint.rollback()
