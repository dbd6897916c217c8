"""What must not come back when a backup is put in place: what was erased, withdrawn or closed after it was made.

What is gone is said by ids, codes and digests alone. It is read of the database that is replaced, and every backup
carries it too, so that an older one put back learns it from a newer one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.errors import LastKeeper
from tribute.domain.lifecycle import Action, Status
from tribute.models import Decision, Person, StoppedAddress, Tribute, insert
from tribute.services import addresses, authors, decisions, erasure, people
from tribute.services.deeds import OPERATOR


@dataclass(frozen=True)
class Gone:
    """As JSON keeps it: tributes by their public ids, moments as ISO 8601, digests as hexadecimal digits."""

    site: str = ""  # the hash of the log's first row: no two sites have the same
    removed: dict[str, str] = field(default_factory=dict)  # with the ground; empty where the author withdrew it
    withdrawn: dict[str, str] = field(default_factory=dict)  # with the moment
    links: dict[str, int] = field(default_factory=dict)  # with the generation, where an earlier one opens nothing
    stopped: dict[str, str] = field(default_factory=dict)  # addresses that want no mail, with the moment
    closed: dict[str, str] = field(default_factory=dict)  # people by their numbers, with the moment they came


def read(session: Session) -> Gone:
    """What is gone from a database."""
    ended = (Action.REMOVE, Action.ERASE)
    removed = select(Tribute.id, Decision.reason).join(Decision, Decision.tribute_id == Tribute.id)
    removed = removed.where(Tribute.status == Status.REMOVED, Decision.action.in_(ended))
    withdrawn = select(Tribute.id, Tribute.withdrawn_at).where(Tribute.status == Status.WITHDRAWN)
    links = select(Tribute.id, Tribute.receipt_generation).where(Tribute.receipt_generation > 1)
    closed = select(Person.id, Person.created_at).where(~Person.active)
    stopped = select(StoppedAddress.email_digest, StoppedAddress.at)
    first = session.scalars(select(Decision.digest).where(Decision.number == 1)).one_or_none()
    return Gone(
        site=first or "",
        removed={ids.encode(key): reason for key, reason in session.execute(removed)},
        withdrawn={ids.encode(key): at.isoformat() for key, at in session.execute(withdrawn) if at},
        links={ids.encode(key): number for key, number in session.execute(links)},
        stopped={digest.hex(): at.isoformat() for digest, at in session.execute(stopped)},
        closed={str(number): at.isoformat() for number, at in session.execute(closed)},
    )


def together(found: Iterable[Gone]) -> Gone:
    """What is gone by several, the oldest first: what can come back stands as the newest one has it."""
    whole = Gone()
    for later in found:
        whole = Gone(
            site=later.site, removed=whole.removed | later.removed, withdrawn=later.withdrawn,
            links=whole.links | later.links, stopped=whole.stopped | later.stopped, closed=later.closed,
        )  # fmt: skip
    return whole


def apply(session: Session, gone: Gone, at: datetime) -> Counter[str]:
    """Let go again what a backup brought back; returns how many of each kind. Doing it twice changes nothing."""
    decisions.lock_head(session)
    done = Counter[str]()
    for public_id, moment in gone.withdrawn.items():
        done["withdrawn"] += _withdraw(session, _tribute(session, public_id), datetime.fromisoformat(moment))
    for public_id, ground in gone.removed.items():
        done["removed"] += _remove(session, _tribute(session, public_id), ground, at)
    for public_id, generation in gone.links.items():
        done["links"] += _end_links(session, _tribute(session, public_id), generation)
    for digest, moment in gone.stopped.items():
        done["stopped"] += _stop(session, bytes.fromhex(digest), datetime.fromisoformat(moment))
    for number, since in gone.closed.items():
        done["closed"] += _close(session, int(number), datetime.fromisoformat(since), at)
    return done


def _tribute(session: Session, public_id: str) -> Tribute | None:
    key = ids.decode(public_id)
    return session.get(Tribute, key) if key is not None else None


def _withdraw(session: Session, tribute: Tribute | None, at: datetime) -> bool:
    if tribute is None or tribute.status in (Status.WITHDRAWN, Status.REMOVED):
        return False
    authors.withdraw(session, tribute, at, tribute.version)
    return True


def _remove(session: Session, tribute: Tribute | None, ground: str, at: datetime) -> bool:
    if tribute is None or tribute.status == Status.REMOVED:
        return False
    if ground:
        erasure.remove(session, tribute, OPERATOR, at, tribute.version, ground)
    else:
        _withdraw(session, tribute, at)
        erasure.erase(session, tribute, at)
    return True


def _end_links(session: Session, tribute: Tribute | None, generation: int) -> bool:
    if tribute is None or tribute.receipt_generation >= generation:
        return False
    tribute.receipt_generation = generation
    session.flush()
    return True


def _stop(session: Session, digest: bytes, at: datetime) -> bool:
    """Never write to an address again, and take it from every tribute."""
    values = {"email_digest": digest, "at": at}
    was_stopped = session.execute(select(exists().where(StoppedAddress.email_digest == digest))).scalar_one()
    session.execute(insert(session, StoppedAddress).values(values).on_conflict_do_nothing())
    for tribute in session.scalars(select(Tribute).where(Tribute.email_digest == digest)).all():
        addresses.stop(session, tribute, at)
    return not was_stopped


def _close(session: Session, number: int, since: datetime, at: datetime) -> bool:
    """Close an account, unless it is another's of that number, or the last keeper's, who may have to let others in."""
    person = session.get(Person, number)
    if person is None or person.created_at != since or not person.active:
        return False
    try:
        people.close(session, person, OPERATOR, at)
    except LastKeeper:
        return False
    return True
