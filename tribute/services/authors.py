"""What an author does with a tribute: submit, amend, withdraw, take back; and what their receipt shows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from tribute.domain import emails, ids, receipts, text
from tribute.domain.errors import Conflict, IllegalAction, KeyReused, NotFound
from tribute.domain.lifecycle import BACK, FIXED, Action, Remark, Status
from tribute.models import Decision, Memorial, Revision, Tribute, inserts
from tribute.services import answers, decisions, kin, remarks, triage, tributes
from tribute.services.decisions import AUTHOR, Actor
from tribute.services.triage import ORDINARY
from tribute.services.tributes import Reasoned, Standing, Written
from tribute.triage.signals import Circumstances, Sent
from tribute.triage.weighing import Weighed

BY_ITSELF = Circumstances()  # nothing is known beside the words
RETURN_WITHIN = timedelta(days=30)  # after withdrawing; then the words are erased


@dataclass(frozen=True)
class Submission:
    """A filled-in form, checked and normalised; its words are cleaned as it is made, so before any lock is held."""

    name: str
    place: str
    words: str
    gesture: str
    email: str
    page_language: str
    rules_version: str
    written: Written = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "written", Written(self.name, self.place, self.words, self.page_language))

    def digest(self, key: bytes) -> bytes:
        """What tells the same words from others under one form's key."""
        typed = (self.name, self.place, self.words, self.gesture, self.email)
        return hashlib.sha256(key + "\x1f".join(typed).encode()).digest()


def weigh(
    session: Session, written: Written, at: datetime, email_digest: bytes | None = None,
    circumstances: Circumstances = BY_ITSELF,
) -> Weighed:  # fmt: skip
    """What triage says of what an author wrote. Reads only: it comes before the lock is taken."""
    sent = Sent(written.name, written.place, written.words, written.language, at, email_digest, circumstances)
    return triage.weigh(session, sent)


def key_digest(key: bytes) -> bytes:
    """A form's key as the database keeps it."""
    return hashlib.sha256(key).digest()


def received(session: Session, submission: Submission, key: bytes) -> Tribute:
    """The tribute that this form's key already brought. Raises KeyReused when its words were others."""
    found = session.scalars(select(Tribute).where(Tribute.form_key == key_digest(key))).one()
    if found.form_digest != submission.digest(key):
        raise KeyReused
    return found


def submit(
    session: Session, memorial: Memorial, submission: Submission, key: bytes, at: datetime, email_keys: Sequence[bytes],
    weighed: Weighed = ORDINARY, sender: str = "",
) -> Tribute:  # fmt: skip
    """Take in a tribute; it waits to be read. The same key and words give back the tribute they made before.

    `sender`: the hash of the address it came from, under the day's key; empty where none is known.
    """
    tribute_id = ids.new_id(at)
    revision = tributes.new_revision(tribute_id, at, submission.written)
    tribute = _added(session, memorial, submission, key, at, email_keys, weighed, revision)
    if tribute is None:
        return received(session, submission, key)
    session.add(revision)
    session.flush()
    triage.keep(session, revision, weighed)
    head = decisions.lock_head(session)  # for which everybody waits: what nobody else can know of yet is written by now
    kin.keep(session, tribute, sender, at)
    tributes.log_submission(session, head, tribute, revision, at)
    answers.ask_to_confirm(session, tribute, at)
    return tribute


def _added(
    session: Session, memorial: Memorial, submission: Submission, key: bytes, at: datetime, email_keys: Sequence[bytes],
    weighed: Weighed, revision: Revision,
) -> Tribute | None:  # fmt: skip
    """The new tribute; None where the form's key brought one before. Who sends a form twice at once waits here."""
    sealed = (emails.seal(email_keys, submission.email), emails.digest(email_keys, submission.email))
    email_sealed, email_digest = sealed if submission.email else (None, None)
    values = {
        "id": revision.tribute_id, "memorial_id": memorial.id, "status": Status.PENDING, "version": 1,
        "gesture": submission.gesture, "worded": not text.is_blank(submission.words), "language": revision.language,
        "page_language": submission.page_language, "waiting_revision_id": revision.id, "receipt_generation": 1,
        "form_key": key_digest(key), "form_digest": submission.digest(key), "consented_at": at,
        "rules_version": submission.rules_version, "email_sealed": email_sealed, "email_digest": email_digest,
        "urgency": weighed.verdict.urgency,
    }  # fmt: skip
    return session.scalars(_adding(session.get_bind().dialect.name), values).one_or_none()


@cache
def _adding(dialect: str) -> ReturningInsert[Tribute]:
    """Put together once: that takes longer than to run it."""
    return inserts(dialect)(Tribute).on_conflict_do_nothing(index_elements=["form_key"]).returning(Tribute)


def by_token(session: Session, token: str, keys: Sequence[bytes]) -> Tribute:
    """The tribute that a receipt's token opens, or NotFound."""
    tribute_id = receipts.tribute_of(token)
    found = session.get(Tribute, tribute_id) if tribute_id is not None and tribute_id <= ids.MAXIMUM else None
    if found is None or not receipts.is_valid(keys, token, found.receipt_generation):
        raise NotFound
    return found


def token_of(tribute: Tribute, keys: Sequence[bytes]) -> str:
    """The token of a tribute's receipt, made again."""
    return receipts.make_token(keys, tribute.id, tribute.receipt_generation)


def renew_link(session: Session, tribute: Tribute, generation: int, actor: Actor, at: datetime) -> None:
    """Let the link before open nothing any more, so that a new one can be given out; the log says so.

    `generation`: the one that was seen. Raises Conflict where another was made meanwhile, IllegalAction once the
    tribute is removed.
    """
    decisions.lock_head(session)
    session.refresh(tribute)
    if tribute.receipt_generation != generation:
        raise Conflict
    if tribute.status == Status.REMOVED:
        raise IllegalAction(Remark.NEW_LINK, tribute.status)
    tribute.receipt_generation += 1
    remarks.remark(session, tribute, Remark.NEW_LINK, actor, at)


def may(status: Status, action: Action) -> bool:
    """Whether the lifecycle lets the author take this step."""
    return (status, action) in FIXED or (status, action) in BACK


def amend(
    session: Session, tribute: Tribute, at: datetime, version: int, written: Written, weighed: Weighed = ORDINARY
) -> None:
    """Send new words; they wait to be read, and what is public stays so until then."""
    revision = tributes.new_revision(tribute.id, at, written)
    tributes.transition(session, tribute, Action.AMEND, AUTHOR, at, version, revision=revision, weighed=weighed)


def is_newest(session: Session, tribute: Tribute, written: Written) -> bool:
    """Whether these very words are the newest that the tribute has."""
    newest = tributes.newest_revision(session, tribute.id)
    return (newest.name, newest.place, newest.words) == (written.name, written.place, written.words)


def withdraw(session: Session, tribute: Tribute, at: datetime, version: int) -> None:
    """Take a tribute off every page at once."""
    tributes.transition(session, tribute, Action.WITHDRAW, AUTHOR, at, version)


def take_back(session: Session, tribute: Tribute, at: datetime, version: int) -> None:
    """Undo a withdrawal within its 30 days: the tribute stands where it stood. Raises IllegalAction later."""
    if tribute.withdrawn_at is None or at > tribute.withdrawn_at + RETURN_WITHIN:
        raise IllegalAction(Action.RETURN, tribute.status)
    last = withdrawal_of(session, tribute)
    back = Standing(Status(last.from_status), last.from_public, last.from_waiting)
    tributes.transition(session, tribute, Action.RETURN, AUTHOR, at, version, back_to=back, said=Reasoned())


def withdrawal_of(session: Session, tribute: Tribute) -> Decision:
    """The log's row of a withdrawn tribute's withdrawal."""
    last = decisions.last_of(session, tribute.id)
    if last is None or last.action != Action.WITHDRAW:
        raise IllegalAction(Action.RETURN, tribute.status)
    return last
