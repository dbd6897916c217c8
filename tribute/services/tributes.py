"""The one writer of status: every change of a tribute passes through `transition`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tribute.domain import ids, text
from tribute.domain import language as languages
from tribute.domain.errors import NotFound
from tribute.domain.lifecycle import JUDGED, Action, Status, next_status
from tribute.models import Decision, LogHead, Memorial, Revision, Tribute, renew_version, stands
from tribute.search import index
from tribute.services import answers, counts, decisions, reports, tallies, triage
from tribute.services.decisions import Actor
from tribute.services.tallies import Fact
from tribute.services.triage import ORDINARY
from tribute.triage.weighing import Weighed

LEARNT = (*JUDGED, Action.RESTORE)  # what triage learns from, and unlearns when it is taken back


@dataclass(frozen=True)
class Standing:
    """Where a tribute stands: its status, the revision that is public, and the one that waits."""

    status: Status
    public: int | None
    waiting: int | None


@dataclass(frozen=True)
class Reasoned:
    """What a decision says beside itself: a code, and a note to the author."""

    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class Written:
    """What an author signs, checked and normalised; cleaned as it is made, so before any lock is held."""

    name: str
    place: str
    words: str
    page_language: str
    html: str = field(init=False)
    language: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "html", str(text.render(self.words)))
        object.__setattr__(self, "language", languages.guess(self.words, self.page_language))


def standing_of(tribute: Tribute) -> Standing:
    """Where a tribute stands now."""
    return Standing(Status(tribute.status), tribute.public_revision_id, tribute.waiting_revision_id)


def shown_of(standing: Standing) -> int | None:
    """The revision that everybody can read, if there is one."""
    return standing.public if standing.status == Status.APPROVED else None


def by_id(session: Session, tribute_id: int | None) -> Tribute:
    """Load a tribute, or raise NotFound."""
    found = session.get(Tribute, tribute_id) if tribute_id is not None else None
    if found is None:
        raise NotFound
    return found


def transition(
    session: Session, tribute: Tribute, action: Action, actor: Actor, at: datetime, version: int,
    *, said: Reasoned = Reasoned(), back_to: Standing | None = None, revision: Revision | None = None,
    weighed: Weighed = ORDINARY,
) -> Decision:  # fmt: skip
    """Take one step of the lifecycle, whole or not at all.

    Checks the table, compares and sets on `version`, keeps counts, tallies and index, writes the log's row, and queues
    what its author is told.
    `revision` is what AMEND or REDACT brings, and `weighed` what triage says of it; `back_to` is where UNDO and RETURN
    lead. Raises IllegalAction, or Conflict for a stale version.
    """
    head = decisions.lock_head(session)
    session.refresh(tribute)
    if tribute.version != version:
        raise decisions.conflict_of(session, tribute.id)
    _memorial = session.get_one(Memorial, tribute.memorial_id)  # held: counts and indexes would each read it anew
    if revision is not None:  # only now: a row that refers to the tribute holds it, and the head comes first
        session.add(revision)
        session.flush()
    before = standing_of(tribute)
    after = _after(session, tribute, before, action, back_to, revision)
    undone = decisions.step_to(session, tribute.id, version) if action == Action.UNDO else None
    judged = undone.revision_id if undone else _judged(action, before, after)
    if revision is not None and action == Action.REDACT:
        triage.hand_on(session, judged, revision)
    elif revision is not None:
        triage.keep(session, revision, weighed)
    about = session.get(Revision, judged) if judged else None
    old_language = tribute.language
    _set(session, tribute, after, at, version)
    _recount(session, tribute, before, old_language)
    is_told = index.update_tribute(session, tribute)
    if (before.status, before.public) != (after.status, after.public):
        reports.follow(session, tribute, action, actor, at)
    if shown_of(before) != shown_of(after) and not is_told:  # the same words, or none
        renew_version(session, only_more=shown_of(before) is None)
    if about is not None and (undone is None or undone.action in LEARNT):
        triage.learn(session, about, action, said.reason)
    row = _row(tribute, action, actor, at, before, after, about)
    row.reason = said.reason
    tallies.add(session, decisions.append(session, head, row, said.note))
    answers.follow(session, tribute, row, undone, at)
    return row


def new_revision(tribute_id: int, at: datetime, written: Written) -> Revision:
    """Make a version of a tribute's words, with a salt of its own."""
    return Revision(
        id=ids.new_id(at), tribute_id=tribute_id, made_by="author", name=written.name, place=written.place,
        words=written.words, html=written.html, language=written.language, policy=text.POLICY,
        salt=secrets.token_bytes(16),
    )  # fmt: skip


def log_submission(session: Session, head: LogHead, tribute: Tribute, revision: Revision, at: datetime) -> Decision:
    """Count and index a new tribute, and write the first row about it after the log's locked head."""
    counts.add(session, tribute, tribute.status, tribute.language, 1)
    index.add_tribute(session, tribute, revision)
    before = Standing(Status.PENDING, None, None)
    row = _row(tribute, Action.SUBMIT, decisions.AUTHOR, at, before, standing_of(tribute), revision)
    row.from_status = ""
    tallies.count(session, Fact(tribute.memorial_id, at, Action.SUBMIT, "", revision.language, None, None))
    return decisions.append(session, head, row)


def newest_revision(session: Session, tribute_id: int) -> Revision:
    """The newest version of a tribute's words."""
    query = select(Revision).where(Revision.tribute_id == tribute_id, stands()).order_by(Revision.id.desc()).limit(1)
    return session.scalars(query).one()


def _after(
    session: Session, tribute: Tribute, before: Standing, action: Action, back_to: Standing | None, new: Revision | None
) -> Standing:
    status = next_status(
        before.status, action, waiting=before.waiting is not None, before=back_to.status if back_to else None
    )
    if back_to is not None:
        return back_to
    match action:
        case Action.APPROVE:
            return Standing(status, before.waiting, None)
        case Action.DECLINE | Action.SPAM:
            return Standing(status, before.public, None)
        case Action.AMEND if new is not None:
            return Standing(status, before.public, new.id)
        case Action.REDACT if new is not None:
            return Standing(status, before.public, new.id) if before.waiting else Standing(status, new.id, None)
        case Action.RESTORE if before.status in (Status.DECLINED, Status.SPAM):
            return Standing(status, None, newest_revision(session, tribute.id).id)
    return Standing(status, before.public, before.waiting)


def _judged(action: Action, before: Standing, after: Standing) -> int | None:
    """The revision that a step is about: what an author sent, what waited to be judged, or what stood."""
    if action == Action.AMEND:
        return after.waiting
    if action in (*JUDGED, Action.REDACT) and before.waiting:
        return before.waiting
    return before.public or before.waiting or after.waiting


def _set(session: Session, tribute: Tribute, after: Standing, at: datetime, version: int) -> None:
    """Compare and set; nothing else in the program writes these columns."""
    shown_id = after.public or after.waiting
    shown = session.get_one(Revision, shown_id) if shown_id else newest_revision(session, tribute.id)
    newly_public = after.status == Status.APPROVED and (
        tribute.published_at is None or after.public != tribute.public_revision_id
    )
    published_at = at if newly_public else tribute.published_at
    values = {
        "status": after.status, "public_revision_id": after.public, "waiting_revision_id": after.waiting,
        "version": version + 1, "language": shown.language, "worded": not text.is_blank(shown.words),
        "published_at": published_at if after.public else None,  # an undone slip was no publishing
        "withdrawn_at": at if after.status == Status.WITHDRAWN else None,
        "urgency": triage.urgency(session, after.waiting),
    }  # fmt: skip
    statement = update(Tribute).where(
        Tribute.id == tribute.id, Tribute.version == version, Tribute.status == tribute.status
    )
    changed = session.execute(statement.values(values).execution_options(synchronize_session=False))
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result is a CursorResult
        raise decisions.conflict_of(session, tribute.id)
    session.refresh(tribute)


def _recount(session: Session, tribute: Tribute, before: Standing, old_language: str) -> None:
    if (before.status, old_language) != (tribute.status, tribute.language):
        counts.add(session, tribute, before.status, old_language, -1)
        counts.add(session, tribute, tribute.status, tribute.language, 1)


def _row(
    tribute: Tribute, action: Action, actor: Actor, at: datetime, before: Standing, after: Standing,
    about: Revision | None,
) -> Decision:  # fmt: skip
    return Decision(
        at=at, actor=actor.kind, person_id=actor.person_id, action=action, tribute_id=tribute.id,
        version=tribute.version, from_status=before.status, to_status=after.status,
        from_public=before.public, to_public=after.public, from_waiting=before.waiting, to_waiting=after.waiting,
        reason="", revision_id=about.id if about else None, words_digest=decisions.words_digest(about),
    )  # fmt: skip
