"""The sample tributes: of every status, taken there by the steps that real ones take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.acts import AT, EMAIL_KEYS, everything, memorial, sent, statuses
from tests.services.test_counts import fits
from tribute.domain import text
from tribute.domain.anniversary import local_day
from tribute.domain.lifecycle import Status
from tribute.domain.verdict import Verdict
from tribute.models import Decision, Revision, Tribute
from tribute.services import counts, demo, desk, erasure, pages
from tribute.services.demo import Stage

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def stage(session: Session) -> Stage:
    """Where the samples are set up."""
    return Stage(session, memorial(session), pages.rules_version(session, "en"), EMAIL_KEYS, NOW)


def test_the_samples_are_of_every_status_in_four_languages_over_several_years(session: Session, stage: Stage) -> None:
    added = demo.load(stage)
    assert added >= 35
    assert set(statuses(session)) == set(Status)
    tributes = session.scalars(select(Tribute)).all()
    assert {tribute.page_language for tribute in tributes} == {"az", "en", "ru", "tr"}
    assert {tribute.gesture for tribute in tributes} == {"carnation", "candle", "dove", "none"}
    assert len({local_day(tribute.at, "Asia/Baku").year for tribute in tributes}) >= 3
    assert any(tribute.public_revision_id and tribute.waiting_revision_id for tribute in tributes)
    assert all(tribute.at < NOW for tribute in tributes)


def test_the_samples_that_wait_are_weighed_as_real_ones_are(session: Session, stage: Stage) -> None:
    demo.load(stage)
    assert set(desk.verdict_counts(session)) >= {Verdict.HELP, Verdict.ORDINARY, Verdict.LOOK_CLOSER, Verdict.SPAM}


def test_log_counts_and_index_fit_the_samples(session: Session, stage: Stage) -> None:
    demo.load(stage)
    fits(session)
    moments = session.scalars(select(Decision.at)).all()
    assert all(at <= NOW for at in moments)


def test_every_sample_is_one_that_the_form_would_take(session: Session, stage: Stage) -> None:
    demo.load(stage)
    removed = select(Tribute.id).where(Tribute.status == Status.REMOVED)
    for revision in session.scalars(select(Revision).where(Revision.tribute_id.not_in(removed))):
        assert 1 <= text.length(revision.name) <= 80
        assert text.length(revision.place) <= 80
        assert text.length(revision.words) <= 2000
        assert text.normalise(revision.words) == revision.words
        gesture = session.get_one(Tribute, revision.tribute_id).gesture
        assert gesture != "none" or not text.is_blank(revision.words)


def test_loading_twice_changes_nothing(session: Session, stage: Stage) -> None:
    demo.load(stage)
    before = everything(session)
    assert demo.load(stage) == 0
    assert everything(session) == before


def test_a_database_that_holds_a_tribute_is_left_as_it_is(session: Session, stage: Stage) -> None:
    sent(session, AT)
    assert demo.load(stage) == 0
    assert counts.by_status(session) == {"pending": 1}


def test_what_a_sample_withdrew_can_still_be_seen_a_month_long(session: Session, stage: Stage) -> None:
    demo.load(stage)
    assert erasure.erase_withdrawn(session, NOW + timedelta(days=29)) == 0
    assert statuses(session)["withdrawn"] >= 1
