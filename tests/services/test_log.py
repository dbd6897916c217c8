"""The log of decisions: whoever changes it, or what it is about, is found out, and the row is named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tests.services.acts import AT, decided, sent
from tribute.domain.lifecycle import Action
from tribute.domain.reasons import Reason
from tribute.models import Decision, LogHead, Note, Tribute
from tribute.services import decisions
from tribute.services.decisions import GENESIS, broken_row

GUARDS = {
    "sqlite": ["DROP TRIGGER decision_no_update", "DROP TRIGGER decision_no_delete"],
    "postgresql": [
        "ALTER TABLE decision DISABLE TRIGGER USER",
        "ALTER TABLE note DROP CONSTRAINT fk_note_decision_number",
    ],
}
OFF = {"sqlite": ["PRAGMA defer_foreign_keys=ON"], "postgresql": ["SELECT 1"]}


def five_rows(session: Session) -> Tribute:
    """A log of five rows: two sendings, a refusal with a note, a publication, a removal."""
    first, second = sent(session), sent(session, AT + timedelta(seconds=1), words="Other words.")
    decided(session, first, Action.DECLINE, AT + timedelta(minutes=1), reason=Reason.OTHER, note="A note to you.")
    decided(session, second, Action.APPROVE, AT + timedelta(minutes=2))
    third = sent(session, AT + timedelta(minutes=3), words="Third words.")
    assert broken_row(session) is None
    session.commit()
    return third


def unguarded(session: Session) -> None:
    """What somebody with the database's own password can do."""
    for statement in GUARDS[session.get_bind().dialect.name] + OFF[session.get_bind().dialect.name]:
        session.execute(text(statement))


def head_of(session: Session) -> LogHead:
    """The head as it lies in the database."""
    return session.scalars(select(LogHead)).one()


def test_numbers_run_from_one_and_each_row_follows_from_the_one_before(session: Session) -> None:
    assert (head_of(session).number, head_of(session).digest) == (0, GENESIS)
    five_rows(session)
    rows = session.scalars(select(Decision).order_by(Decision.number)).all()
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert [row.previous for row in rows] == [GENESIS, *[row.digest for row in rows[:-1]]]
    assert (head_of(session).number, head_of(session).digest) == (5, rows[-1].digest)


@pytest.mark.parametrize("statement", ["UPDATE decision SET reason = 'threat'", "DELETE FROM decision"])
def test_the_database_itself_refuses_to_change_the_log(session: Session, statement: str) -> None:
    five_rows(session)
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(statement))
    session.rollback()
    assert broken_row(session) is None


@pytest.mark.postgresql
def test_postgresql_refuses_to_empty_the_log(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        return  # it has no TRUNCATE
    five_rows(session)
    for statement in ("TRUNCATE decision CASCADE", "TRUNCATE decision, note, opinion, batch_row, message"):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(statement))
        session.rollback()
    assert broken_row(session) is None


def test_a_changed_row_is_found_and_named_whichever_column_it_was(session: Session) -> None:
    five_rows(session)
    columns = {column.name for column in Decision.__table__.columns} - {"number"}
    for column in sorted(columns):
        unguarded(session)
        was = getattr(row_of(session, 3), column)
        new = AT + timedelta(days=9) if column == "at" else "x" if isinstance(was, str) else 7
        session.execute(update(Decision).where(Decision.number == 3).values({column: new}))
        session.expire_all()
        assert broken_row(session) == "row 3 does not follow from the rows before it", column
        session.rollback()


def row_of(session: Session, number: int) -> Decision:
    """A row of the log."""
    return session.get_one(Decision, number)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "row 2 does not follow from the rows before it"),
        (4, "row 5 does not follow from the rows before it"),
        (5, "the head names row 5, the last row is 4"),
    ],
)
def test_a_row_that_was_taken_out_is_found(session: Session, number: int, said: str) -> None:
    five_rows(session)
    unguarded(session)
    session.execute(delete(Decision).where(Decision.number == number))
    session.expire_all()
    assert broken_row(session) == said


def test_a_log_emptied_together_with_its_head_is_found_by_a_hash_published_before(session: Session) -> None:
    five_rows(session)
    published = head_of(session).digest
    unguarded(session)
    session.execute(delete(Note))
    session.execute(delete(Decision))
    session.execute(update(LogHead).values(number=0, digest=GENESIS))
    session.expire_all()
    assert broken_row(session) is None
    assert broken_row(session, published) == (
        f"no row has the hash {published}: the log was rewritten after that hash was published"
    )


def test_a_row_written_anew_with_a_right_hash_is_found_by_the_one_after_it(session: Session) -> None:
    five_rows(session)
    unguarded(session)
    row = row_of(session, 3)
    row.reason = Reason.THREAT
    row.digest = decisions.digest_of(row)
    session.flush()
    assert broken_row(session) == "row 4 does not follow from the rows before it"


def test_a_hash_published_earlier_stays_in_the_chain(session: Session) -> None:
    five_rows(session)
    known = [row.digest for row in session.scalars(select(Decision))]
    sent(session, AT + timedelta(hours=1))
    assert [broken_row(session, digest) for digest in (*known, GENESIS, "")] == [None] * 7


def test_the_same_words_have_another_digest_each_time(session: Session) -> None:
    sent(session)
    sent(session, AT + timedelta(seconds=1))
    digests = session.scalars(select(Decision.words_digest)).all()
    assert len(set(digests)) == 2
