"""Leaving something out of a tribute: the version that waits or is public gets a successor, and nothing is lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import AT, KEEPER, MODERATOR, decided, entry_of, memorial, places_of, sent, standing, step
from tribute.domain.errors import Conflict, IllegalAction
from tribute.domain.lifecycle import Action, Status
from tribute.domain.reasons import Ground, Reason
from tribute.domain.redaction import NotThere
from tribute.domain.text import POLICY
from tribute.domain.verdict import Verdict
from tribute.models import Person, Revision, Sketch, Triage, Tribute
from tribute.search.index import DESK, PUBLIC
from tribute.services import authors, counts, decisions, desk, desk_cards, receipts, redaction, triage, tributes, wall
from tribute.services.changes import versions
from tribute.services.desk import Listed, Order
from tribute.services.tributes import Written
from tribute.triage.signals import Signal
from tribute.triage.weighing import Weighed

LATER = AT + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
WORDS = "We remember Zəhra, the teacher of our school. Call 050 555 12 34 or see https://spam.example/ for more."


def redacted(
    session: Session, tribute: Tribute, *phrases: str, at: datetime = LATER, note: str = "", by: Person = MODERATOR
) -> Revision:
    """Leave something out, on the version as it is."""
    revision = redaction.successor(session, tribute, tribute.version, list(phrases), at)
    order = Order(Action.REDACT, tribute.version, Reason.PRIVATE_PERSON, note, revision)
    desk.decide(session, tribute, order, by, at)
    return revision


def words_of(session: Session, key: int | None) -> str:
    """The words of a version."""
    return session.get_one(Revision, key).words


def test_what_waits_gets_a_successor_and_the_original_stays(session: Session) -> None:
    tribute = sent(session, words=WORDS, name="Zəhra’s son")
    original = session.get_one(Revision, tribute.waiting_revision_id)
    made = redacted(session, tribute, "Zəhra")
    assert (tribute.status, tribute.waiting_revision_id, tribute.public_revision_id) == ("pending", made.id, None)
    assert (made.made_by, made.name, made.place, made.language, made.policy) == (
        "moderator", "[…]’s son", "Leeds", original.language, POLICY,
    )  # fmt: skip
    assert made.words == WORDS.replace("Zəhra", "[…]")
    assert made.html == f"<p>{made.words}</p>"
    assert made.salt not in (None, original.salt)
    assert original.words == WORDS
    row = decisions.last_of(session, tribute.id)
    assert row is not None
    assert (row.action, row.reason, row.revision_id, row.from_waiting, row.to_waiting, row.version) == (
        "redact", "private_person", original.id, original.id, made.id, 2,
    )  # fmt: skip
    assert decisions.broken_row(session) is None


def test_what_is_public_gets_a_successor_that_is_public(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words=WORDS)
    original = tribute.public_revision_id
    made = redacted(session, tribute, "Zəhra")
    assert (tribute.status, tribute.public_revision_id, tribute.waiting_revision_id) == ("approved", made.id, None)
    row = decisions.last_of(session, tribute.id)
    assert row is not None
    assert (row.revision_id, row.from_public, row.to_public) == (original, original, made.id)
    card = wall.public_card(session, memorial(session), tribute.id)
    assert card.shortened
    assert "Zəhra" not in card.html


def test_where_new_words_wait_they_are_cut_and_the_public_ones_stay(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    public = tribute.public_revision_id
    authors.amend(session, tribute, LATER, tribute.version, Written("Daniel M.", "Leeds", WORDS, "en"))
    made = redacted(session, tribute, "Zəhra", at=LATER + MINUTE)
    assert (tribute.public_revision_id, tribute.waiting_revision_id) == (public, made.id)
    decided(session, tribute, Action.APPROVE, LATER + 2 * MINUTE)
    assert (tribute.public_revision_id, tribute.waiting_revision_id) == (made.id, None)


def test_what_waits_keeps_its_place_in_the_queue_and_what_triage_said(session: Session) -> None:
    weighed = Weighed(Verdict.LOOK_CLOSER, (Signal("listed_rough", "hateful", 0.5, ("harsh",)),))
    first, second = (sent(session, AT + n * MINUTE, words=f"{WORDS} {n}") for n in range(2))
    for tribute in (first, second):
        step(session, tribute, Action.WITHDRAW, AT)
        step(session, tribute, Action.RETURN, AT)
        authors.amend(session, tribute, tribute.at + 2 * MINUTE, tribute.version,
                      Written("Daniel M.", "Leeds", WORDS, "en"), weighed)  # fmt: skip
    cut = first.waiting_revision_id or 0
    made = redacted(session, first, "Zəhra")
    items = desk.queue(session, MODERATOR, Listed()).items
    assert [item.public_id for item in items] == [first.public_id, second.public_id]
    assert (items[0].verdict, items[0].signals) == (Verdict.LOOK_CLOSER, (("listed_rough", "harsh"),))
    assert first.urgency == Verdict.LOOK_CLOSER.urgency
    assert made.at == session.get_one(Revision, cut).at
    assert not session.scalars(select(Sketch).where(Sketch.revision_id == made.id)).all()
    assert session.scalars(select(Sketch).where(Sketch.revision_id == cut)).all()


def learnt(session: Session, key: int | None) -> str:
    """What a version was learnt as."""
    row = session.get(Triage, key)
    return row.learnt_as if row else ""


def test_nothing_is_learnt_of_leaving_out_and_nothing_unlearnt_of_taking_it_back(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words=WORDS)
    original = tribute.public_revision_id
    made = redacted(session, tribute, "Zəhra")
    assert (learnt(session, original), learnt(session, made.id)) == ("published", "")
    decided(session, tribute, Action.UNDO, LATER + MINUTE)
    assert (learnt(session, original), learnt(session, made.id)) == ("published", "")
    triage.forget(session, list(session.scalars(select(Revision))))
    assert not session.scalars(select(Triage)).all()


def test_the_undo_of_another_step_unlearns_what_that_step_taught(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words=WORDS)
    public = tribute.public_revision_id
    step(session, tribute, Action.AMEND, LATER)
    waiting = tribute.waiting_revision_id
    decided(session, tribute, Action.SPAM, LATER + MINUTE)
    assert (learnt(session, public), learnt(session, waiting)) == ("published", "spam")
    decided(session, tribute, Action.UNDO, LATER + 2 * MINUTE)
    assert (learnt(session, public), learnt(session, waiting)) == ("published", "")


def test_the_cut_word_is_found_no_more(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words=WORDS)
    assert "zehra" in entry_of(session, PUBLIC, tribute.id)[1]
    redacted(session, tribute, "Zəhra")
    for which in (PUBLIC, DESK):
        assert "zehra" not in entry_of(session, which, tribute.id)[1]
        assert "teacher" in entry_of(session, which, tribute.id)[1]
    decided(session, tribute, Action.UNDO, LATER + MINUTE)
    for which in (PUBLIC, DESK):
        assert "zehra" in entry_of(session, which, tribute.id)[1]
    assert counts.kept(session) == counts.recount(session)


@pytest.mark.parametrize("status", [Status.PENDING, Status.APPROVED])
def test_taking_it_back_brings_back_the_original(session: Session, status: Status) -> None:
    tribute = standing(session, status, words=WORDS)
    before = (tribute.status, tribute.public_revision_id, tribute.waiting_revision_id)
    redacted(session, tribute, "Zəhra")
    decided(session, tribute, Action.UNDO, LATER + 10 * MINUTE)
    assert (tribute.status, tribute.public_revision_id, tribute.waiting_revision_id) == before
    assert not receipts.receipt(session, tribute).shortenings


def test_what_was_taken_back_is_never_the_newest_version_again(session: Session) -> None:
    tribute = sent(session, words=WORDS)
    redacted(session, tribute, "Zəhra")
    decided(session, tribute, Action.UNDO, LATER + MINUTE)
    again = redacted(session, tribute, "teacher", at=LATER + 2 * MINUTE)
    decided(session, tribute, Action.UNDO, LATER + 3 * MINUTE)
    decided(session, tribute, Action.DECLINE, LATER + 4 * MINUTE, reason=Reason.OFF_TOPIC)
    assert tributes.newest_revision(session, tribute.id).words == WORDS
    assert "zehra" in entry_of(session, DESK, tribute.id)[1]
    (card,) = desk_cards.cards(session, [tribute], MODERATOR)
    assert "Zəhra" in card.html
    decided(session, tribute, Action.RESTORE, LATER + 5 * MINUTE)
    assert words_of(session, tribute.waiting_revision_id) == WORDS
    history = [row for row, _ in decisions.history(session, tribute.id)]
    taken = [(each.is_taken_back, each.revision.id == again.id) for each in versions(session, tribute, history)]
    assert taken == [(False, False), (True, False), (True, True)]


def test_a_redacted_one_that_is_declined_is_what_comes_back(session: Session) -> None:
    tribute = sent(session, words=WORDS)
    made = redacted(session, tribute, "Zəhra")
    decided(session, tribute, Action.DECLINE, LATER + MINUTE, reason=Reason.OFF_TOPIC)
    decided(session, tribute, Action.RESTORE, LATER + 2 * MINUTE)
    assert tribute.waiting_revision_id == made.id


def test_what_was_cut_twice_is_cut_from_the_shortened_words(session: Session) -> None:
    tribute = sent(session, words=WORDS)
    redacted(session, tribute, "Zəhra")
    made = redacted(session, tribute, "050 555 12 34", at=LATER + MINUTE)
    assert made.words.count("[…]") == 2
    with pytest.raises(NotThere):
        redaction.successor(session, tribute, tribute.version, ["Zəhra"], LATER)


def test_each_version_tells_what_went_and_came(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words=WORDS)
    redacted(session, tribute, "050 555 12 34")
    mended = Written("Daniel M.", "Leeds", "Other" + WORDS.replace("050 555 12 34", "us")[2:], "en")
    authors.amend(session, tribute, LATER + MINUTE, tribute.version, mended)
    history = [row for row, _ in decisions.history(session, tribute.id)]
    first, cut, amended = versions(session, tribute, history)
    assert first.changes is None
    assert cut.changes is not None
    assert cut.changes.gone == ("050 555 12 34",)
    assert cut.at == LATER
    assert amended.changes is not None
    assert amended.changes.words is not None
    assert "<ins>Other</ins> remember Zəhra" in amended.changes.words.new
    assert "Call <del>[…]</del> or" in amended.changes.words.old


@pytest.mark.parametrize("status", [Status.DECLINED, Status.SPAM, Status.HIDDEN, Status.WITHDRAWN, Status.REMOVED])
def test_only_what_waits_or_is_public_can_be_cut(session: Session, status: Status) -> None:
    tribute = standing(session, status, words=WORDS)
    with pytest.raises(IllegalAction):
        redaction.successor(session, tribute, tribute.version, ["Zəhra"], LATER)
    with pytest.raises(IllegalAction):
        desk.decide(session, tribute, Order(Action.REDACT, tribute.version, Reason.INSULT), MODERATOR, LATER)


def test_a_stale_version_is_told_who_came_first_before_anything_is_sought(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    with pytest.raises(Conflict):
        redaction.successor(session, tribute, 1, ["not there"], LATER)


def test_removing_erases_what_was_cut_too(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words=WORDS)
    redacted(session, tribute, "Zəhra")
    decided(session, tribute, Action.REMOVE, LATER + MINUTE, KEEPER, Ground.PERSON)
    assert places_of(session, "Zəhra".encode()) == set()
    assert decisions.broken_row(session) is None


def test_the_receipt_tells_what_was_left_out_why_and_of_which_version(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words=WORDS)
    redacted(session, tribute, "Zəhra", note="She asked us to.")
    receipt = receipts.receipt(session, tribute)
    (told,) = receipt.shortenings
    assert (told.of, told.at, told.reason, told.note) == (AT, LATER, "private_person", "She asked us to.")
    assert told.gone == ("Zəhra",)
    assert "[…]" in receipt.html
    assert (receipt.shortened, receipt.words_shortened, "[…]" in receipt.words) == (True, True, True)
    assert receipt.decided_at == AT + timedelta(minutes=5)


def test_the_undo_of_leaving_out_leaves_the_judgement_that_stood_before(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    step(session, tribute, Action.AMEND, LATER)
    decided(session, tribute, Action.DECLINE, LATER + MINUTE, reason=Reason.THREAT, note="Please mend this.")
    redacted(session, tribute, "silence", at=LATER + 2 * MINUTE)
    for _ in range(2):
        receipt = receipts.receipt(session, tribute)
        assert (receipt.refused, receipt.reason, receipt.note) == ("decline", "threat", "Please mend this.")
        if tribute.version == 5:
            decided(session, tribute, Action.UNDO, LATER + 3 * MINUTE)
    assert tribute.version == 6


def test_words_that_were_mended_after_it_are_their_authors_alone(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    redacted(session, tribute, "silence")
    step(session, tribute, Action.AMEND, LATER + MINUTE)
    decided(session, tribute, Action.APPROVE, LATER + 2 * MINUTE)
    receipt = receipts.receipt(session, tribute)
    assert (receipt.shortened, receipt.words_shortened, receipt.shortenings) == (False, False, ())
