"""The classifier learns from decisions, explains itself, is silent while it knows little, and unlearns exactly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.services.acts import AT, decided, sent
from tribute.domain.lifecycle import Action
from tribute.domain.reasons import Reason
from tribute.models import Gram, Learnt, Revision, Tribute
from tribute.triage import bayes
from tribute.triage.bayes import FEWEST
from tribute.triage.signals import Sent, Signal

GRIEF = "We remember our neighbours from {} street and light candles for them tonight."
KINDS = ("published", "spam", "hateful", "")
TRADE = "Zebra carpets {} for sale, order zebra carpets today and pay tomorrow."
INSULT = "The goblins of valley {} deserve nothing but mockery from everybody."


def learn(session: Session, words: str, action: Action, number: int, reason: str = "") -> list[Tribute]:
    """Decide so on some texts."""
    made = []
    for each in range(number):
        tribute = sent(session, words=words.format(each))
        decided(session, tribute, action, AT + timedelta(minutes=each), reason=reason)
        made.append(tribute)
    return made


def said_of(session: Session, words: str) -> list[Signal]:
    """What the classifier says of words."""
    return list(bayes.find(session, Sent("Leyla", "", words, "en", AT)))


def learnt(session: Session) -> dict[str, int]:
    """How many texts of each kind were learnt."""
    return {row.kind: row.texts for row in session.scalars(select(Learnt)) if row.texts}


def test_it_is_silent_until_it_has_learnt_enough_of_both_kinds(session: Session) -> None:
    learn(session, GRIEF, Action.APPROVE, FEWEST)
    last = learn(session, TRADE, Action.SPAM, FEWEST - 1)[-1]
    assert said_of(session, TRADE.format("cheap")) == []
    learn(session, TRADE, Action.SPAM, 1)
    (signal,) = said_of(session, TRADE.format("cheap"))
    assert (signal.name, signal.leaning) == ("learnt_spam", "spam")
    assert signal.weight >= 0.6
    assert any("zebra" in piece or "carpet" in piece for piece in signal.told)
    decided(session, last, Action.UNDO, last.at + timedelta(minutes=FEWEST))
    assert said_of(session, TRADE.format("cheap")) == []


def test_it_tells_what_was_declined_for_hatred_and_leaves_grief_alone(session: Session) -> None:
    learn(session, GRIEF, Action.APPROVE, FEWEST)
    learn(session, INSULT, Action.DECLINE, FEWEST, Reason.HATRED)
    (signal,) = said_of(session, INSULT.format("tears"))
    assert (signal.name, signal.leaning) == ("learnt_hateful", "hateful")
    assert said_of(session, "We light candles for our neighbours.") == []
    assert said_of(session, "Allah rəhmət eləsin. Amin.") == []


@pytest.mark.parametrize("reason", [Reason.OFF_TOPIC, Reason.ADVERTISING, Reason.PRIVATE_PERSON])
def test_other_reasons_teach_nothing(session: Session, reason: Reason) -> None:
    learn(session, INSULT, Action.DECLINE, 1, reason)
    assert learnt(session) == {}


def test_what_is_put_back_is_unlearnt(session: Session) -> None:
    (tribute,) = learn(session, TRADE, Action.SPAM, 1)
    assert learnt(session) == {"spam": 1}
    decided(session, tribute, Action.RESTORE, AT + timedelta(hours=1))
    assert learnt(session) == {}
    assert session.scalar(select(func.count()).select_from(Gram)) == 0


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(max_size=80), st.lists(st.sampled_from(KINDS), max_size=3)), max_size=4))
def test_whatever_was_learnt_is_unlearnt_without_a_trace(session: Session, texts: list[tuple[str, list[str]]]) -> None:
    revisions = []
    for words, kinds in texts:
        tribute = sent(session, words=words.replace("\x00", ""))
        revision = session.get_one(Revision, tribute.waiting_revision_id)
        revisions.append(revision)
        for kind in kinds:
            bayes.settle(session, revision, kind)
    for revision in revisions:
        bayes.settle(session, revision, "")
    session.expire_all()
    assert learnt(session) == {}
    assert session.scalar(select(func.count()).select_from(Gram)) == 0


def test_what_is_kept_holds_no_letters() -> None:
    assert all(isinstance(key, int) for key in bayes.grams("Some words that somebody wrote"))
    assert list(bayes.grams("şəhid").values()) == [" sehi", "sehid", "ehid "]
