"""What a keeper removes is erased at once, everywhere; the log stays whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url, select
from sqlalchemy.orm import Session

from tests.services.acts import AT, KEEPER, MODERATOR, decided, places_of, sent, standing
from tribute.domain.errors import Gone, IllegalAction, NotFound
from tribute.domain.lifecycle import Action, Status
from tribute.domain.reasons import Ground, Reason
from tribute.extensions import db
from tribute.models import Decision, Memorial, Note, Revision, Tribute
from tribute.search.index import DESK, PUBLIC, engine_of
from tribute.services import authors, counts, decisions, desk, erasure, receipts, wall
from tribute.services.tributes import Written

LATER = AT + timedelta(hours=1)
SAID = {"name": "Zərifə Qaratoprak", "place": "Mingəçevir", "words": "Unudulmaz kitabxanaçı", "gesture": "candle",
        "email": "zerife@memorial.example"}  # fmt: skip
ERASED = ("Qaratoprak", "Mingəçevir", "kitabxanaçı", "kitabxanaci", "zerife", "ovucumda", "anlaşılmazdı", "əlyazma")


def as_told(session: Session, key: str) -> Tribute:
    """The tribute as it was first sent."""
    return sent(session, AT, **SAID, key=key)


def told(session: Session) -> Tribute:
    """A published tribute with an email, mended and refused with a note, and with newer words that wait."""
    tribute = as_told(session, "told")
    decided(session, tribute, Action.DECLINE, AT + timedelta(minutes=1), reason=Reason.OTHER, note="anlaşılmazdı")
    amended = Written(SAID["name"], SAID["place"], "Unudulmaz kitabxanaçı, ovucumda qərənfil", "en")
    authors.amend(session, tribute, AT + timedelta(minutes=2), tribute.version, amended)
    decided(session, tribute, Action.APPROVE, AT + timedelta(minutes=3))
    authors.amend(
        session, tribute, AT + timedelta(minutes=4), tribute.version, Written(SAID["name"], "", "əlyazma", "en")
    )
    return tribute


def test_every_word_name_place_email_and_note_is_gone_from_every_table(session: Session) -> None:
    tribute = told(session)
    other = standing(session, Status.APPROVED)
    for needle in ERASED:
        assert needle == "zerife" or places_of(session, needle.encode()), needle
    digests = (tribute.form_key, tribute.form_digest, tribute.email_digest, tribute.email_sealed)
    decided(session, tribute, Action.REMOVE, LATER, KEEPER, Ground.PERSON)
    session.commit()
    erasure.scrub(session)
    for needle in ERASED:
        assert places_of(session, needle.encode()) == set(), needle
    for digest in digests:
        assert digest is not None
        assert places_of(session, digest) == set()
    assert session.get_one(Revision, other.public_revision_id).words


def test_the_salts_go_too_so_that_nothing_can_be_guessed_back_from_the_log(session: Session) -> None:
    tribute = told(session)
    decided(session, tribute, Action.REMOVE, LATER, KEEPER, Ground.PERSON)
    assert set(session.scalars(select(Revision.salt))) == {None}
    assert set(session.scalars(select(Note.salt))) == {None}


def test_the_log_keeps_what_was_done_and_its_chain_holds(session: Session) -> None:
    tribute = told(session)
    decided(session, tribute, Action.REMOVE, LATER, KEEPER, Ground.LAW)
    assert decisions.broken_row(session) is None
    rows = [row for row, _ in decisions.history(session, tribute.id)]
    assert [row.action for row in rows] == ["submit", "decline", "amend", "approve", "amend", "remove"]
    assert (rows[-1].actor, rows[-1].reason, rows[-1].to_status) == ("keeper", "law", "removed")
    assert [note for _, note in decisions.history(session, tribute.id)] == [""] * 6
    assert counts.kept(session) == counts.recount(session)


def test_from_every_status_but_removed_a_keeper_can_remove(session: Session) -> None:
    for status in Status:
        tribute = standing(session, status)
        if status is Status.REMOVED:
            with pytest.raises(IllegalAction):
                decided(session, tribute, Action.REMOVE, LATER, KEEPER, Ground.FAMILY)
        else:
            decided(session, tribute, Action.REMOVE, LATER, KEEPER, Ground.FAMILY)
        assert tribute.status == Status.REMOVED
        assert not any(session.scalars(select(Revision.words).where(Revision.tribute_id == tribute.id)))


def test_its_page_is_gone_its_receipt_stays_and_its_card_is_empty(session: Session) -> None:
    tribute = told(session)
    decided(session, tribute, Action.REMOVE, LATER, KEEPER, Ground.FAMILY)
    with pytest.raises(Gone):
        wall.public_card(session, session.get_one(Memorial, tribute.memorial_id), tribute.id)
    receipt = receipts.receipt(session, tribute)
    assert (receipt.status, receipt.html, receipt.name, receipt.note, receipt.can) == ("removed", "", "", None, set())
    (card,) = desk.cards(session, [tribute], MODERATOR)
    assert (card.html, card.name, card.actions) == ("", "", [])


def test_the_same_form_sent_once_more_does_not_bring_it_back(session: Session) -> None:
    tribute = as_told(session, "one form")
    decided(session, tribute, Action.REMOVE, LATER, KEEPER, Ground.FAMILY)
    assert as_told(session, "one form").id != tribute.id


def test_erased_words_are_not_in_the_databases_files_either(app: Flask) -> None:
    with app.app_context():
        session = db.session()
        tribute = told(session)
        session.commit()
        decided(session, tribute, Action.REMOVE, LATER, KEEPER, Ground.FAMILY)
        session.commit()
        erasure.scrub(session)
        if db.engine.dialect.name != "sqlite":
            return  # PostgreSQL's files are the server's
        for which in (PUBLIC, DESK):
            assert engine_of(session).counted(session, which.entry) == {}
        session.rollback()
    file = Path(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database or "")
    for part in file.parent.glob(f"{file.name}*"):
        raw = part.read_bytes()
        found = [needle for needle in ERASED if needle.encode() in raw]
        assert found == [], part.name


def test_what_was_never_public_is_not_found_rather_than_gone(session: Session) -> None:
    tribute = standing(session, Status.DECLINED)
    decided(session, tribute, Action.REMOVE, LATER, KEEPER, Ground.FAMILY)
    with pytest.raises(NotFound):
        wall.public_card(session, session.get_one(Memorial, tribute.memorial_id), tribute.id)
    assert session.scalars(select(Decision.reason).where(Decision.action == "remove")).all() == ["family"]


def test_while_somebody_reads_erasing_says_that_it_could_not_and_the_next_time_it_can(app: Flask) -> None:
    with app.app_context():
        session = db.session()
        decided(session, told(session), Action.REMOVE, LATER, KEEPER, Ground.FAMILY)
        session.commit()
        with db.engine.connect() as reader:
            reader.execute(select(Tribute.id)).all()
            assert erasure.scrub(session) is (db.engine.dialect.name != "sqlite")
        assert erasure.scrub(session)
