"""What an author does: send, mend, withdraw, take back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.services.acts import AT, EMAIL_KEYS, WORDS, decided, filled_in, memorial, places_of, sent, standing, step
from tribute.domain import emails, ids
from tribute.domain.errors import Conflict, IllegalAction, KeyReused, NotFound
from tribute.domain.lifecycle import Action, Status
from tribute.models import Decision, Revision, Tribute
from tribute.services import authors, counts, decisions
from tribute.services.tributes import Written

LATER = AT + timedelta(hours=1)
RECEIPT_KEYS = (b"a receipt key for the tests alone", b"a former one")


def number(session: Session, table: type[Tribute] | type[Decision]) -> int:
    """How many rows a table holds."""
    return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_what_is_sent_waits_and_is_kept_as_typed(session: Session) -> None:
    tribute = sent(session, gesture="candle", words="<b>Salam</b> & <3")
    revision = session.get_one(Revision, tribute.waiting_revision_id)
    assert (tribute.status, tribute.version, tribute.at, tribute.gesture) == ("pending", 1, AT, "candle")
    assert (tribute.consented_at, tribute.rules_version, tribute.page_language) == (AT, "1", "en")
    assert (revision.words, revision.html) == ("<b>Salam</b> & <3", "<p><b>Salam</b> &amp; &lt;3</p>")
    assert (revision.name, revision.place, revision.made_by) == ("Daniel M.", "Leeds", "author")
    assert counts.by_status(session) == {"pending": 1}
    row = decisions.last_of(session, tribute.id)
    assert row is not None
    assert (row.action, row.actor, row.person_id, row.from_status) == ("submit", "author", None, "")


def test_a_gesture_may_come_without_words(session: Session) -> None:
    tribute = sent(session, gesture="dove", words="", page_language="ru")
    assert (tribute.worded, tribute.language) == (False, "ru")


def test_words_that_nobody_can_see_are_no_words(session: Session) -> None:
    assert not sent(session, gesture="dove", words="\u200b \n").worded


def test_the_same_form_and_words_are_the_same_tribute(session: Session) -> None:
    first = sent(session, key="one form")
    again = sent(session, AT + timedelta(days=2), key="one form")
    assert again.id == first.id
    assert (number(session, Tribute), number(session, Decision)) == (1, 1)


def test_the_same_form_after_a_decision_is_still_the_same_tribute(session: Session) -> None:
    first = sent(session, key="one form")
    decided(session, first, Action.APPROVE, LATER)
    assert sent(session, key="one form").status == Status.APPROVED


def test_the_same_form_with_anything_else_typed_is_refused(session: Session) -> None:
    sent(session, key="one form")
    for field in ("name", "place", "words", "gesture", "email"):
        typed = {field: "dove" if field == "gesture" else "other@memorial.example"}
        with pytest.raises(KeyReused):
            sent(session, AT, **typed, key="one form")
    assert number(session, Tribute) == 1


def test_typed_fields_do_not_run_into_each_other(session: Session) -> None:
    sent(session, key="one form", name="Daniel", place="M. Leeds")
    with pytest.raises(KeyReused):
        sent(session, key="one form", name="Daniel M.", place="Leeds")


def test_the_same_words_from_another_form_are_a_tribute_of_their_own(session: Session) -> None:
    assert sent(session).id != sent(session).id
    assert number(session, Tribute) == 2


def test_a_form_sent_from_another_languages_page_is_the_same_tribute(session: Session) -> None:
    first = sent(session, key="one form", page_language="az")
    assert sent(session, key="one form", page_language="tr").id == first.id


def test_an_email_is_kept_sealed_and_can_be_found_by_its_hash(session: Session) -> None:
    tribute = sent(session, email="Daniel@memorial.example")
    assert tribute.email_sealed is not None
    assert emails.unseal(EMAIL_KEYS, tribute.email_sealed) == "Daniel@memorial.example"
    assert tribute.email_digest == emails.digest(EMAIL_KEYS, "daniel@memorial.example")
    assert places_of(session, b"daniel@memorial") == set()


def test_without_an_email_nothing_is_kept_of_one(session: Session) -> None:
    tribute = sent(session)
    assert (tribute.email_sealed, tribute.email_digest) == (None, None)


def test_the_private_link_opens_the_tribute_and_can_be_made_again(session: Session) -> None:
    tribute = sent(session)
    token = authors.token_of(tribute, RECEIPT_KEYS)
    assert authors.by_token(session, token, RECEIPT_KEYS) is tribute
    assert authors.by_token(session, authors.token_of(tribute, RECEIPT_KEYS[1:]), RECEIPT_KEYS) is tribute
    assert authors.token_of(tribute, RECEIPT_KEYS) == token


def test_a_revoked_or_foreign_or_mistyped_link_opens_nothing(session: Session) -> None:
    tribute = sent(session)
    token = authors.token_of(tribute, RECEIPT_KEYS)
    tribute.receipt_generation += 1
    for wrong in (token, authors.token_of(tribute, [b"another key"]), "", "-" * 32, "x" * 32, "ə" * 32, "A" * 32):
        with pytest.raises(NotFound):
            authors.by_token(session, wrong, RECEIPT_KEYS)


@pytest.mark.parametrize(
    ("status", "after", "public"),
    [(Status.PENDING, Status.PENDING, False), (Status.APPROVED, Status.APPROVED, True),
     (Status.DECLINED, Status.PENDING, False)],
)  # fmt: skip
def test_mended_words_wait_and_what_is_public_stays(
    session: Session, status: Status, after: Status, public: bool
) -> None:
    tribute = standing(session, status)
    shown = tribute.public_revision_id
    authors.amend(session, tribute, LATER, tribute.version, Written("Daniel", "York", "Mended words.", "en"))
    waiting = session.get_one(Revision, tribute.waiting_revision_id)
    assert (tribute.status, tribute.public_revision_id) == (after, shown)
    assert (shown is not None) is public
    assert (waiting.name, waiting.place, waiting.words) == ("Daniel", "York", "Mended words.")


def test_mending_twice_leaves_only_the_newest_waiting(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    step(session, tribute, Action.AMEND, LATER)
    step(session, tribute, Action.AMEND, LATER + timedelta(hours=1))
    decided(session, tribute, Action.APPROVE, LATER + timedelta(hours=2))
    assert session.get_one(Revision, tribute.public_revision_id).words == "Other words of 11:00."


def test_what_is_hidden_spam_or_gone_cannot_be_mended(session: Session) -> None:
    for status in (Status.SPAM, Status.HIDDEN, Status.WITHDRAWN, Status.REMOVED):
        with pytest.raises(IllegalAction):
            step(session, standing(session, status), Action.AMEND, LATER)


def test_mending_what_was_decided_meanwhile_is_a_conflict(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    with pytest.raises(Conflict):
        authors.amend(session, tribute, LATER, 1, Written("Daniel", "", WORDS, "en"))
    session.flush()
    assert session.execute(select(func.count()).select_from(Revision)).scalar_one() == 1


def test_the_same_amendment_sent_twice_is_known(session: Session) -> None:
    tribute = sent(session)
    assert authors.is_newest(session, tribute, Written("Daniel M.", "Leeds", WORDS, "en"))
    authors.amend(session, tribute, LATER, tribute.version, Written("Daniel", "York", "Mended.", "en"))
    assert authors.is_newest(session, tribute, Written("Daniel", "York", "Mended.", "az"))
    for other in (("Daniel M.", "York", "Mended."), ("Daniel", "", "Mended."), ("Daniel", "York", WORDS)):
        assert not authors.is_newest(session, tribute, Written(*other, "en"))


def test_a_tribute_is_written_for_the_memorial_it_was_left_at(session: Session) -> None:
    assert sent(session).memorial_id == memorial(session).id
    assert filled_in().digest(b"a") != filled_in().digest(b"b")
    assert ids.decode(sent(session).public_id) is not None
