"""What waits is weighed, and decisions are learnt from."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tribute.domain.lifecycle import Action
from tribute.domain.reasons import Reason
from tribute.domain.verdict import Verdict
from tribute.models import Revision, Sketch, Triage
from tribute.triage import bayes, repeats, weighing
from tribute.triage.finders import FINDERS
from tribute.triage.signals import Sent
from tribute.triage.weighing import Weighed

ORDINARY = Weighed()
HATEFUL = (Reason.HATRED, Reason.INSULT, Reason.THREAT, Reason.DENIAL)  # declined for these: learnt as hateful


def weigh(session: Session, sent: Sent) -> Weighed:
    """What every signal together says of words. Reads only: it comes before the lock is taken."""
    return weighing.weigh(session, sent, FINDERS)


def keep(session: Session, revision: Revision, weighed: Weighed) -> None:
    """Write down why a revision stands where it will in the queue, and what it repeats can be found by."""
    signals = [[signal.name, *signal.told] for signal in weighed.signals]
    session.add(Triage(revision_id=revision.id, verdict=weighed.verdict, signals=signals, learnt_as=""))
    repeats.keep(session, revision)


def hand_on(session: Session, revision_id: int | None, successor: Revision) -> None:
    """Let a redacted revision stand where the one that was cut stood. It is no repetition, and nothing is learnt."""
    known = session.get(Triage, revision_id) if revision_id else None
    if known is not None:
        row = Triage(revision_id=successor.id, verdict=known.verdict, signals=known.signals, learnt_as="")
        session.add(row)
        session.flush()


def urgency(session: Session, waiting: int | None) -> int:
    """The place in the queue of the revision that waits; of what nobody weighed, that of ordinary words."""
    known = session.get(Triage, waiting) if waiting else None
    return Verdict(known.verdict if known else Verdict.ORDINARY).urgency


def learn(session: Session, revision: Revision, action: Action, reason: str) -> None:
    """Learn from a decision about a revision; what is undone or put back is unlearnt."""
    match action:
        case Action.APPROVE:
            kind = "published"
        case Action.SPAM:
            kind = "spam"
        case Action.DECLINE:
            kind = "hateful" if reason in HATEFUL else ""
        case Action.UNDO | Action.RESTORE:
            kind = ""
        case _:
            return
    bayes.settle(session, revision, kind)


def forget(session: Session, revisions: list[Revision]) -> None:
    """Before words are erased: unlearn them, and take away what was said of them."""
    keys = [revision.id for revision in revisions]
    for revision in revisions:
        bayes.settle(session, revision, "")
    session.execute(delete(Sketch).where(Sketch.revision_id.in_(keys)))
    session.execute(delete(Triage).where(Triage.revision_id.in_(keys)))
