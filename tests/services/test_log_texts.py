"""The words and notes beside the log: whoever changes them is found out; what is erased breaks nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.services.acts import AT, KEEPER, decided, standing, step
from tests.services.test_log import five_rows
from tribute.domain.lifecycle import Action, Status
from tribute.domain.reasons import Ground
from tribute.models import Note, Revision, Triage, Tribute
from tribute.services import decisions
from tribute.services.decisions import broken_row


def test_a_changed_note_is_found(session: Session) -> None:
    five_rows(session)
    session.execute(update(Note).values(text="Another note."))
    session.expire_all()
    assert broken_row(session) == "the note of row 3 was changed"


@pytest.mark.parametrize("column", ["words", "name", "place"])
def test_changed_words_are_found_where_they_were_first_decided_on(session: Session, column: str) -> None:
    third = five_rows(session)
    changing = update(Revision).where(Revision.tribute_id == third.id)
    session.execute(changing.values({column: "something else"}))
    session.expire_all()
    assert broken_row(session) == "the words decided on in row 5 were changed"


def test_words_and_notes_changed_under_the_guise_of_erasure_are_found(session: Session) -> None:
    third = five_rows(session)
    session.execute(update(Revision).where(Revision.tribute_id == third.id).values(words="Not mine.", salt=None))
    session.expire_all()
    assert broken_row(session) == "the words decided on in row 5 were changed"
    session.rollback()
    session.execute(update(Note).values(text="Not mine.", salt=None))
    session.expire_all()
    assert broken_row(session) == "the note of row 3 was changed"


def test_a_note_or_words_taken_out_whole_are_found(session: Session) -> None:
    third = five_rows(session)
    session.execute(delete(Note))
    session.expire_all()
    assert broken_row(session) == "the note of row 3 was changed"
    session.rollback()
    session.execute(update(Tribute).where(Tribute.id == third.id).values(waiting_revision_id=None))
    session.execute(delete(Triage))
    session.execute(delete(Revision).where(Revision.tribute_id == third.id))
    session.expire_all()
    assert broken_row(session) == "the words decided on in row 5 were changed"


def test_a_note_that_nobody_wrote_is_found(session: Session) -> None:
    five_rows(session)
    session.add(Note(decision_number=4, text="Slipped in.", salt=None))
    session.flush()
    assert broken_row(session) == "the note of row 4 was changed"


def test_erased_words_and_notes_keep_the_chain_whole(session: Session) -> None:
    five_rows(session)
    for number, tribute in enumerate(session.scalars(select(Tribute)).all()):
        decided(session, tribute, Action.REMOVE, AT + timedelta(days=1, minutes=number), KEEPER, str(Ground.FAMILY))
    assert set(session.execute(select(Revision.words, Revision.salt))) == {("", None)}
    assert broken_row(session) is None


def test_a_row_names_the_words_that_its_step_was_about(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    public = tribute.public_revision_id
    step(session, tribute, Action.AMEND, AT + timedelta(hours=1))
    newer = tribute.waiting_revision_id
    step(session, tribute, Action.HIDE, AT + timedelta(hours=2))
    step(session, tribute, Action.RESTORE, AT + timedelta(hours=3))
    step(session, tribute, Action.DECLINE, AT + timedelta(hours=4))
    step(session, tribute, Action.WITHDRAW, AT + timedelta(hours=5))
    about = [(row.action, row.revision_id) for row, _ in decisions.history(session, tribute.id)]
    assert about == [
        ("submit", public), ("approve", public), ("amend", newer), ("hide", public), ("restore", public),
        ("decline", newer), ("withdraw", public),
    ]  # fmt: skip
    assert broken_row(session) is None
