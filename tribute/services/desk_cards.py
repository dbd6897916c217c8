"""Tributes as cards of the desk: the words to decide on, what stands public, what triage and colleagues said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tribute.domain import text
from tribute.domain.lifecycle import Action, Status, possible
from tribute.domain.permissions import may_take
from tribute.domain.verdict import Verdict
from tribute.models import Memorial, Person, Revision, Triage, Tribute, stands
from tribute.services import kin, opinions
from tribute.services.changes import Changes, changes_of
from tribute.services.kin import ALONE, Numbers
from tribute.services.opinions import Said
from tribute.services.wall import Card, card_of


@dataclass(frozen=True)
class DeskCard:
    """A tribute as a moderator sees it: the words to decide on, and what may be done."""

    public_id: str
    version: int
    status: str
    memorial: str
    name: str
    place: str
    gesture: str
    html: Markup
    language: str
    page_language: str
    at: datetime
    waiting: bool
    amended: bool
    public: Card | None  # what stands public while other words wait
    actions: list[Action]
    verdict: str = Verdict.ORDINARY  # of the words that wait
    signals: tuple[tuple[str, ...], ...] = ()  # what led to it: each a name and what its sentence tells
    opinions: tuple[Said, ...] = ()  # of those who were not enough, or who ask
    changes: Changes | None = None  # where other words wait: what differs from what is public
    kin: Numbers = ALONE  # how many others came by the same email, or today from the same address


def cards(session: Session, rows: list[Tribute], person: Person, at: datetime | None = None) -> list[DeskCard]:
    """The cards of tributes, with a few queries whatever their number."""
    revisions = _revisions(session, rows)
    by_key = {revision.id: revision for revision in revisions}
    by_tribute = {revision.tribute_id: revision for revision in revisions}
    slugs = {memorial.id: memorial.slug for memorial in session.scalars(select(Memorial))}
    weighed, said = _weighed(session, rows), opinions.of(session, (row.waiting_revision_id for row in rows))
    others = kin.numbers(session, rows, at) if at else {}
    made = (
        _card(row, by_key.get(_shown(row)) or by_tribute[row.id], by_key.get(row.public_revision_id or 0),
              slugs[row.memorial_id], person)
        for row in rows
    )  # fmt: skip
    return [
        replace(
            card,
            kin=others.get(row.id, ALONE),
            opinions=tuple(said.get(row.waiting_revision_id or 0, ())),
            **weighed.get(row.id, {}),
        )
        for row, card in zip(rows, made, strict=True)
    ]


def _revisions(session: Session, rows: list[Tribute]) -> list[Revision]:
    """What is public and what waits of tributes; the newest of those that have neither."""
    wanted = {key for row in rows for key in (row.public_revision_id, row.waiting_revision_id) if key}
    bare = [row.id for row in rows if not (row.public_revision_id or row.waiting_revision_id)]
    if bare:  # asked for apart: with "or", PostgreSQL would read every revision there is
        newest = select(func.max(Revision.id)).where(Revision.tribute_id.in_(bare), stands())
        wanted |= set(session.scalars(newest.group_by(Revision.tribute_id)))
    return list(session.scalars(select(Revision).where(Revision.id.in_(wanted))))


def _weighed(session: Session, rows: list[Tribute]) -> dict[int, dict[str, Any]]:
    """What triage said of the words that wait, by their tributes."""
    waiting = {row.waiting_revision_id: row.id for row in rows if row.waits}
    said = session.scalars(select(Triage).where(Triage.revision_id.in_(waiting)))
    return {
        waiting[row.revision_id]: {"verdict": row.verdict, "signals": tuple(map(tuple, row.signals))} for row in said
    }


def preview(session: Session, tribute: Tribute) -> Card | None:
    """How what waits will look when it is published."""
    if not tribute.waits:
        return None
    slug = session.get_one(Memorial, tribute.memorial_id).slug
    return card_of(tribute, session.get_one(Revision, tribute.waiting_revision_id), slug)


def _shown(row: Tribute) -> int:
    """The revision to look at: what waits to be decided, else what is or was public."""
    waiting, public = row.waiting_revision_id or 0, row.public_revision_id or 0
    return waiting if row.waits else public or waiting


def _card(row: Tribute, shown: Revision, public: Revision | None, slug: str, person: Person) -> DeskCard:
    amended = row.waits and public is not None
    allowed = [
        action for action in possible(Status(row.status), waiting=row.waiting_revision_id is not None)
        if may_take(person.held, action)
    ]  # fmt: skip
    return DeskCard(
        public_id=row.public_id, version=row.version, status=row.status, memorial=slug, name=shown.name,
        place=shown.place, gesture=row.gesture, html=text.trusted(shown.html), language=shown.language,
        page_language=row.page_language, at=shown.at, waiting=row.waits, amended=amended,
        public=card_of(row, public, slug) if amended and public else None, actions=allowed,
        changes=changes_of(public, shown) if amended and public else None,
    )  # fmt: skip
