"""Every version of a tribute's words, and what each changed of the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tribute.domain import text
from tribute.domain.lifecycle import Action
from tribute.domain.text import Compared
from tribute.models import Decision, Revision, Tribute

REFUSALS = (Action.DECLINE, Action.SPAM)


@dataclass(frozen=True)
class Changes:
    """Name, place and words of two versions, each marked where it differs; words too long to compare are None."""

    name: Compared
    place: Compared
    words: Compared | None

    @property
    def gone(self) -> tuple[str, ...]:
        """What went, each once, in the order of the page."""
        words = self.words.gone if self.words else ()
        return tuple(dict.fromkeys((*self.name.gone, *self.place.gone, *words)))


def changes_of(old: Revision, new: Revision) -> Changes:
    """Compare two versions."""
    return Changes(
        text.compare_plain(old.name, new.name), text.compare_plain(old.place, new.place),
        text.compare(old.html, new.html),
    )  # fmt: skip


@dataclass(frozen=True)
class Version:
    """One version: when it was made, what it changed (nothing, for the first), and what became of it."""

    revision: Revision
    at: datetime
    changes: Changes | None
    is_refused: bool
    is_taken_back: bool


def versions(session: Session, tribute: Tribute, history: Sequence[Decision]) -> list[Version]:
    """Every version, the oldest first. A redaction is compared with what it cut, others with what stood before."""
    rows = session.scalars(select(Revision).where(Revision.tribute_id == tribute.id).order_by(Revision.id)).all()
    made = {row.to_waiting or row.to_public: row for row in history if row.action == Action.REDACT}
    refused, taken_back = _refused(tribute, history), _taken_back(history) & made.keys()
    found: list[Version] = []
    stood: Revision | None = None
    for each in rows:
        of = made.get(each.id)
        before = next((row for row in rows if row.id == of.revision_id), None) if of else stood
        changes = changes_of(before, each) if before else None
        at = of.at if of else each.at
        found.append(Version(each, at, changes, each.id in refused, each.id in taken_back))
        stood = stood if each.id in taken_back else each
    return found


def _refused(tribute: Tribute, history: Sequence[Decision]) -> set[int]:
    kept = {tribute.public_revision_id, tribute.waiting_revision_id}
    return {
        row.from_waiting for row in history
        if row.action in REFUSALS and row.from_waiting and row.from_waiting not in kept
    }  # fmt: skip


def _taken_back(history: Sequence[Decision]) -> set[int | None]:
    """What stood before a step was taken back, and not after it."""
    undone = [row for row in history if row.action == Action.UNDO]
    return {key for row in undone for key in {row.from_public, row.from_waiting} - {row.to_public, row.to_waiting}}
