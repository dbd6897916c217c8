"""What an author's private page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy.orm import Session

from tribute.domain import text
from tribute.domain.lifecycle import Action, Status
from tribute.models import Decision, Memorial, Revision, Tribute
from tribute.services import authors, decisions, tributes
from tribute.services.changes import changes_of
from tribute.services.wall import Card, card_of

History = Sequence[tuple[Decision, str]]

OUTCOMES = (Action.APPROVE, Action.DECLINE, Action.SPAM, Action.HIDE, Action.RESTORE, Action.REMOVE)


@dataclass(frozen=True)
class Shortening:
    """What a moderator left out: of which version, when, why, and the words that are gone."""

    of: datetime
    at: datetime
    reason: str
    note: str
    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """A tribute as its author sees it: what stands, what waits, what was decided and why."""

    public_id: str
    version: int
    status: str
    memorial: str
    page_language: str
    name: str
    place: str
    gesture: str
    html: Markup
    language: str
    words: str
    at: datetime
    public: bool
    waiting: bool
    waiting_card: Card | None
    decided_at: datetime | None
    refused: str | None  # decline or spam, where that was the last judgement
    reason: str | None
    note: str | None
    returnable_until: datetime | None
    shortened: bool  # of the words that it shows first
    words_shortened: bool  # of those that can be mended
    shortenings: tuple[Shortening, ...]  # of what is public or else waits, the oldest first
    mail: str = ""  # asked: an address was given; confirmed: its author is written to

    @property
    def can(self) -> set[str]:
        """What its author may do now: amend, withdraw, return."""
        steps = (Action.AMEND, Action.WITHDRAW, Action.RETURN)
        return {step for step in steps if authors.may(Status(self.status), step)}


def receipt(session: Session, tribute: Tribute) -> Receipt:
    """Put together an author's page. The newest words stand on it, and beside them what is still public."""
    slug = session.get_one(Memorial, tribute.memorial_id).slug
    newest = tributes.newest_revision(session, tribute.id)
    public = session.get(Revision, tribute.public_revision_id) if tribute.public_revision_id else None
    amended = tribute.waits and public is not None
    shown = public if public is not None else newest
    history = list(decisions.history(session, tribute.id))
    outcome, note = _outcome(history, tribute, waiting=tribute.waits)
    until = tribute.withdrawn_at + authors.RETURN_WITHIN if tribute.withdrawn_at else None
    return Receipt(
        public_id=tribute.public_id, version=tribute.version, status=tribute.status, memorial=slug,
        page_language=tribute.page_language, name=shown.name, place=shown.place, gesture=tribute.gesture,
        html=text.trusted(shown.html), language=shown.language, words=newest.words, at=tribute.at,
        public=tribute.status == Status.APPROVED, waiting=tribute.waits,
        waiting_card=card_of(tribute, newest, slug) if amended else None,
        decided_at=outcome.at if outcome else None,
        refused=outcome.action if outcome and outcome.action in (Action.DECLINE, Action.SPAM) else None,
        reason=outcome.reason if outcome else None, note=note,
        returnable_until=until, shortened=shown.made_by == "moderator",
        words_shortened=newest.made_by == "moderator",
        shortenings=_shortenings(session, history, newest if tribute.waits else shown), mail=_mail(tribute),
    )  # fmt: skip


def _mail(tribute: Tribute) -> str:
    if tribute.email_sealed is None:
        return ""
    return "confirmed" if tribute.email_confirmed_at else "asked"


def _outcome(history: History, tribute: Tribute, *, waiting: bool) -> tuple[Decision | None, str | None]:
    """The decision that still stands: the newest judgement, unless words sent since wait to be read."""
    stood: list[tuple[Decision | None, str | None]] = [(None, None)]
    for row, note in history:
        if row.action == Action.UNDO:
            stood.pop()  # back to what stood before
        elif row.action in OUTCOMES:
            stood.append((row, note or None))
        elif row.action == Action.AMEND:
            stood.append((None, None))
        elif row.action == Action.REDACT:
            stood.append(stood[-1])  # no judgement, but it can be taken back as one
    return (None, None) if waiting and not tribute.public_revision_id else stood[-1]


def _shortenings(session: Session, history: History, shown: Revision) -> tuple[Shortening, ...]:
    """How what is shown came to be from what its author sent."""
    made = {row.to_waiting or row.to_public: (row, note) for row, note in history if row.action == Action.REDACT}
    found: list[Shortening] = []
    while shown.id in made:
        row, note = made[shown.id]
        whole = session.get_one(Revision, row.revision_id)
        found.append(Shortening(whole.at, row.at, row.reason, note, changes_of(whole, shown).gone))
        shown = whole
    return tuple(reversed(found))
