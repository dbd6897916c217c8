"""What a keeper removes is erased at once, everywhere; the log stays whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Text, exists, make_url, select
from sqlalchemy.orm import Session

from tests.services.acts import AT, EMAIL_KEYS, KEEPER, MODERATOR, decided, everything, places_of, sent, standing
from tribute.domain.errors import Gone, IllegalAction, NotFound
from tribute.domain.lifecycle import Action, Remark, Status
from tribute.domain.reasons import CaseKind, Ground, Reason, ReportReason
from tribute.extensions import db
from tribute.models import (
    Base,
    Batch,
    BatchRow,
    Claim,
    Decision,
    Memorial,
    Note,
    Opinion,
    Report,
    Revision,
    Sender,
    Tribute,
)
from tribute.search.index import DESK, PUBLIC, engine_of
from tribute.services import (
    authors,
    cases,
    counts,
    decisions,
    desk,
    desk_cards,
    erasure,
    hiding,
    receipts,
    reports,
    wall,
)
from tribute.services.remarks import remark
from tribute.services.tributes import Written

LATER = AT + timedelta(hours=1)
SAID = {"name": "Zərifə Qaratoprak", "place": "Mingəçevir", "words": "Unudulmaz kitabxanaçı", "gesture": "candle",
        "email": "zerife@memorial.example"}  # fmt: skip
ERASED = ("Qaratoprak", "Mingəçevir", "kitabxanaçı", "kitabxanaci", "zerife", "ovucumda", "anlaşılmazdı", "əlyazma",
          "böhtandır", "yalandır", "qohumudur", "həmkarıma")  # fmt: skip
NAMES_IT = ("tribute_id", "revision_id", "decision_number")  # the columns by which a row belongs to a tribute
LETTER = "case.message"  # a keeper has yet to answer it; it is emptied 90 days after the case is closed


def as_told(session: Session, key: str) -> Tribute:
    """The tribute as it was first sent."""
    return sent(session, AT, **SAID, key=key)


def told(session: Session) -> Tribute:
    """A published tribute with an email, mended and refused with a note, and with newer words that wait."""
    tribute = as_told(session, "told")
    decided(session, tribute, Action.DECLINE, AT + timedelta(minutes=1), reason=Reason.OTHER, note="anlaşılmazdı")
    amended = Written(SAID["name"], SAID["place"], "Unudulmaz kitabxanaçı, ovucumda qərənfil " * 4, "en")
    authors.amend(session, tribute, AT + timedelta(minutes=2), tribute.version, amended)
    decided(session, tribute, Action.APPROVE, AT + timedelta(minutes=3))
    authors.amend(
        session, tribute, AT + timedelta(minutes=4), tribute.version, Written(SAID["name"], "", "əlyazma", "en")
    )
    spoken_of(session, tribute)
    return tribute


def spoken_of(session: Session, tribute: Tribute) -> None:
    """What others said and did about it: readers, moderators, and somebody who wrote to the keepers."""
    for words in ("böhtandır", "yalandır"):
        reports.report(session, tribute, ReportReason.OTHER, words, "a hash of today", AT + timedelta(minutes=5))
        hiding.keep(session, tribute, desk.actor_of(MODERATOR), AT + timedelta(minutes=6), tribute.version)
    reports.report(session, tribute, ReportReason.OTHER, "qohumudur", "another hash", AT + timedelta(minutes=7))
    asked = remark(session, tribute, Remark.ASK, desk.actor_of(MODERATOR), AT + timedelta(minutes=8), note="həmkarıma")
    session.add(Opinion(revision_id=tribute.waiting_revision_id, person_id=MODERATOR.id, wish="ask", reason="",
                        decision_number=asked.number, at=AT))  # fmt: skip
    session.add(Claim(tribute_id=tribute.id, person_id=MODERATOR.id, until=LATER))
    session.add(Sender(tribute_id=tribute.id, address="a hash of today", day="2026-01-20"))
    session.add(Batch(id=1, person_id=MODERATOR.id, action=Action.APPROVE, reason="", minutes=0))
    session.flush()
    session.add(BatchRow(batch_id=1, decision_number=4))
    said = CaseKind.CORRECTION, "az", "", "", "Please remove it."
    cases.find(session, cases.open_case(session, b"a form", *said, AT, EMAIL_KEYS), tribute.public_id)
    session.flush()


def rows_about(session: Session, tribute: Tribute) -> dict[str, list[dict[str, object]]]:
    """Every row that belongs to a tribute by one of its columns, of every table that has such a column."""
    keys = {"tribute_id": {tribute.id}}
    keys["revision_id"] = set(session.scalars(select(Revision.id).where(Revision.tribute_id == tribute.id)))
    keys["decision_number"] = set(session.scalars(select(Decision.number).where(Decision.tribute_id == tribute.id)))
    tables = {table.name: set(NAMES_IT) & set(table.columns.keys()) for table in Base.metadata.sorted_tables}
    every = everything(session)
    return {
        name: [row for row in every[name] if any(row[column] in keys[column] for column in columns)]
        for name, columns in tables.items() if columns
    }  # fmt: skip


def test_every_table_that_can_hold_something_about_a_tribute_holds_no_text_of_it_afterwards(session: Session) -> None:
    tribute = told(session)
    before = rows_about(session, tribute)
    assert {name for name, rows in before.items() if not rows} == set()  # else this test would show nothing of it
    written = {(table.name, column.name) for table in Base.metadata.sorted_tables if table.name in before
               for column in table.columns if isinstance(column.type, Text)}  # fmt: skip
    assert {("report", "words"), ("note", "text"), ("revision", "words"), ("revision", "html")} <= written
    decided(session, tribute, Action.REMOVE, LATER, KEEPER, Ground.PERSON)
    after = rows_about(session, tribute)
    left = {f"{name}.{column}" for name, column in written if any(row[column] for row in after[name])}
    assert left == {LETTER}
    assert not session.scalar(select(exists().where(Report.tribute_id == tribute.id, Report.sender != "")))


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
    steps = ["submit", "decline", "amend", "approve", "amend", "keep", "keep", "second-opinion", "remove"]
    assert [row.action for row in rows] == steps
    assert (rows[-1].actor, rows[-1].reason, rows[-1].to_status) == ("keeper", "law", "removed")
    assert [note for _, note in decisions.history(session, tribute.id)] == [""] * 9
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
    (card,) = desk_cards.cards(session, [tribute], MODERATOR)
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
