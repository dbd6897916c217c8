"""From signals to a verdict: it is ordered, and nothing refuses."""

from __future__ import annotations

import pytest

from tribute.domain.verdict import Verdict
from tribute.triage.signals import Leaning, Signal
from tribute.triage.weighing import verdict_of


def of(leaning: Leaning, weight: float) -> Signal:
    """Some signal."""
    return Signal("some", leaning, weight)


@pytest.mark.parametrize(
    ("signals", "verdict"),
    [
        ([], Verdict.ORDINARY),
        ([of("spam", 0.4)], Verdict.ORDINARY),
        ([of("spam", 0.5)], Verdict.LOOK_CLOSER),
        ([of("spam", 0.6), of("spam", 0.4)], Verdict.SPAM),
        ([of("spam", 0.9), of("hateful", 0.9)], Verdict.LOOK_CLOSER),
        ([of("spam", 1.0), of("hateful", 1.0)], Verdict.HATEFUL),
        ([of("hateful", 1.0), of("help", 1.0)], Verdict.HELP),
        ([of("closer", 3.0)], Verdict.LOOK_CLOSER),
        ([of("closer", 0.5), of("closer", -0.3)], Verdict.ORDINARY),
    ],
)
def test_weights_of_one_leaning_add_up_to_a_verdict(signals: list[Signal], verdict: Verdict) -> None:
    assert verdict_of(signals) == verdict


def test_who_may_need_help_comes_first_and_likely_spam_last() -> None:
    assert [verdict.urgency for verdict in Verdict] == [0, 1, 2, 3, 4]
    assert sorted(Verdict, key=lambda verdict: verdict.urgency)[0] is Verdict.HELP
    assert max(Verdict, key=lambda verdict: verdict.urgency) is Verdict.SPAM
