"""What moderators hear of by mail, each by their own choice: what waits for them. Nobody hears anything at first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from tribute.domain import ids
from tribute.domain.mail import Mail, Notice
from tribute.models import Memorial, Message, Person, Tribute
from tribute.services import counts, desk, last_done, outbox

LISTED = 10  # tributes that one mail names; the others are counted
SOONEST = timedelta(minutes=1)  # between two mails: who wants each gets a raid as lists, one a minute
SETTLES = timedelta(minutes=1)  # what came later may not be committed yet, and would be missed by who looks only once
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = time(8)  # of a daily mail, where the memorial is


@dataclass(frozen=True)
class Due:
    """A mail that one person is to get: about which tributes, and how many there are in all."""

    kind: Mail
    person: Person
    tributes: list[int]
    number: int


def due(session: Session, at: datetime) -> list[Due]:
    """What is to be told now. Reads only: most of the time it is nothing."""
    active = list(session.scalars(select(Person).where(Person.active).order_by(Person.id)))
    found = [told for person in active for told in (_news(session, person, at), _alone(session, person, active, at))]
    return [told for told in found if told is not None]


def queue_due(session: Session, at: datetime) -> None:
    """Put what is to be told into the outbox; of two workers at once, one does."""
    for told in due(session, at):
        if told.kind == Mail.READER_NEEDED or _marked(session, told.person, at):
            values = {"tributes": told.tributes, "number": told.number}
            language = told.person.language
            outbox.queue(session, told.kind, to=told.person, language=language, at=at, values=values)


def choose(person: Person, notice: Notice, hours: int, at: datetime, *, alone: bool) -> None:
    """Set what a person wants to hear of; what came before is not news to them."""
    if notice != person.notice:
        person.noticed_at = None if notice == Notice.LATE else at
    person.notice, person.notice_hours, person.notice_alone = notice, hours, alone


def _news(session: Session, person: Person, at: datetime) -> Due | None:
    if person.notice == Notice.LATE:
        return _late(session, person, at)
    since = last_done.past(person.noticed_at, at) if person.noticed_at else None
    if since is None or not _is_time(session, person, since, at):
        return None
    return _found(session, Mail.NEW_TRIBUTES, person, *_between(since, at))


def _late(session: Session, person: Person, at: datetime) -> Due | None:
    """Once the oldest has waited too long; a day later again, where that is still so."""
    if person.noticed_at is not None and at < last_done.past(person.noticed_at, at) + DAY:
        return None
    found = _found(session, Mail.LATE, person)
    if found is None:
        return None
    oldest = session.get_one(Tribute, found.tributes[0]).waiting_revision_id or 0
    return found if at - ids.time_of(oldest) >= person.notice_hours * HOUR else None


def _is_time(session: Session, person: Person, since: datetime, at: datetime) -> bool:
    match person.notice:
        case Notice.EACH:
            return at >= since + SOONEST
        case Notice.HOURLY:
            return at >= since + HOUR
        case Notice.DAILY:
            return since < _last_morning(session, at)
    return False


def _last_morning(session: Session, at: datetime) -> datetime:
    """The last eight o'clock where the memorial is."""
    zone = ZoneInfo(session.scalars(select(Memorial.time_zone).order_by(Memorial.id).limit(1)).first() or "UTC")
    here = at.astimezone(zone)
    morning = datetime.combine(here.date(), MORNING, zone)
    return morning if morning <= here else datetime.combine(here.date() - DAY, MORNING, zone)


def _alone(session: Session, person: Person, active: list[Person], at: datetime) -> Due | None:
    """What waits in a language that this person reads and nobody else does."""
    if not person.notice_alone:
        return None
    others = [other.reads for other in active if other.id != person.id]
    mine = [code for code in person.reads if not any(not reads or code in reads for reads in others)]
    newest = select(func.max(Message.id)).where(Message.kind == Mail.READER_NEEDED, Message.person_id == person.id)
    last = session.execute(newest).scalar()
    told = last_done.past(ids.time_of(last), at) if last else at - DAY
    if not mine or at < told + SOONEST:
        return None
    return _found(session, Mail.READER_NEEDED, person, *_between(told, at), Tribute.language.in_(mine))


def _between(since: datetime, at: datetime) -> tuple[ColumnElement[bool], ...]:
    """That words came since one look and before another, each as it stood a minute ago: none is told twice."""
    first, last = ids.first_id_at(since - SETTLES), ids.first_id_at(at - SETTLES)
    return Tribute.waiting_revision_id >= first, Tribute.waiting_revision_id < last


def _found(session: Session, kind: Mail, person: Person, *only: ColumnElement[bool]) -> Due | None:
    """What waits for a person, the oldest first; None where nothing does."""
    query = select(Tribute.id).where(*desk.in_queue_of(person), *only)
    tributes = list(session.scalars(query.order_by(Tribute.waiting_revision_id).limit(LISTED)))
    bounded = query.limit(counts.MOST_COUNTED + 1).subquery()
    number = session.execute(select(func.count()).select_from(bounded)).scalar_one() if tributes else 0
    return Due(kind, person, tributes, number) if tributes else None


def _marked(session: Session, person: Person, at: datetime) -> bool:
    """Note that a person was told; False where another worker was quicker."""
    seen = Person.noticed_at.is_(None) if person.noticed_at is None else Person.noticed_at == person.noticed_at
    marked = session.execute(
        update(Person).where(Person.id == person.id, seen).values(noticed_at=at)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return bool(marked.rowcount == 1)  # type: ignore[attr-defined]  # an UPDATE's result is a CursorResult
