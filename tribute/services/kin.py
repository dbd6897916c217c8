"""What else came by the same confirmed email, or today from the same address: for the eyes of the desk alone.

Of an address only a hash is known, under a key that is destroyed at the day's end (`web/visitors.py`), and the rows of
other days are deleted with the first tribute of the next one and by the daily run.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from tribute.models import Sender, Tribute

NEWEST = 20  # that are named
MOST_COUNTED = 100  # then it is "100+"


class Kin(NamedTuple):
    """How many others there are, counted to 101, and the newest of them."""

    number: int
    newest: list[Tribute]


NONE = Kin(0, [])


class Numbers(NamedTuple):
    """How many others came by the same email, and from the same address today; each counted to 101."""

    email: int = 0
    address: int = 0


ALONE = Numbers()


def keep(session: Session, tribute: Tribute, sender: str, at: datetime) -> None:
    """Note where a tribute came from, where that is known; what was noted on other days goes."""
    sweep(session, at)
    if sender:
        session.add(Sender(tribute_id=tribute.id, address=sender, day=_day(at)))
        session.flush()


def sweep(session: Session, at: datetime) -> None:
    """Delete what was noted on other days."""
    session.execute(_OF_OTHER_DAYS, {"today": _day(at)})


_OF_OTHER_DAYS = delete(Sender).where(Sender.day != bindparam("today"))


def forget(session: Session, tribute: Tribute) -> None:
    """Delete what was noted of a tribute that is erased."""
    session.execute(delete(Sender).where(Sender.tribute_id == tribute.id))


def by_email(session: Session, tribute: Tribute) -> Kin:
    """What else came by the same email; nothing while it is not confirmed."""
    digest = tribute.email_digest if tribute.email_confirmed_at else None
    return _kin(session, tribute, _of_email(digest)) if digest else NONE


def by_address(session: Session, tribute: Tribute, at: datetime) -> Kin:
    """What else came from the same address today."""
    row = session.get(Sender, tribute.id)
    return _kin(session, tribute, _of_address(row.address, at)) if row and row.day == _day(at) else NONE


def numbers(session: Session, tributes: Sequence[Tribute], at: datetime) -> dict[int, Numbers]:
    """How many others there are of each tribute, with three queries whatever their number."""
    emails = {row.id: row.email_digest for row in tributes if row.email_digest and row.email_confirmed_at}
    keys = [row.id for row in tributes]
    known = select(Sender.tribute_id, Sender.address).where(Sender.tribute_id.in_(keys), Sender.day == _day(at))
    addresses: dict[int, str] = dict(session.execute(known).all())
    of_email = _counted(session, {digest: _of_email(digest) for digest in emails.values()})
    of_address = _counted(session, {address: _of_address(address, at) for address in addresses.values()})
    return {
        key: Numbers(of_email.get(emails.get(key), 0), of_address.get(addresses.get(key), 0))
        for key in emails.keys() | addresses.keys()
    }  # fmt: skip


def _counted(session: Session, groups: dict[object, ColumnElement[bool]]) -> dict[object | None, int]:
    """How many others each group has, in one query; each is counted no further than what is shown."""
    if not groups:
        return {}
    bounded = [select(Tribute.id).where(which).limit(MOST_COUNTED + 2).subquery() for which in groups.values()]
    found = session.execute(select(*(select(func.count()).select_from(each).scalar_subquery() for each in bounded)))
    return {key: max(0, number - 1) for key, number in zip(groups, found.one(), strict=True)}


def _kin(session: Session, tribute: Tribute, which: ColumnElement[bool]) -> Kin:
    others: Select[Tribute] = select(Tribute).where(which, Tribute.id != tribute.id)
    bounded = others.with_only_columns(Tribute.id).limit(MOST_COUNTED + 1).subquery()
    number = session.execute(select(func.count()).select_from(bounded)).scalar_one()
    return Kin(number, list(session.scalars(others.order_by(Tribute.id.desc()).limit(NEWEST))))


def _of_email(digest: bytes) -> ColumnElement[bool]:
    return (Tribute.email_digest == digest) & Tribute.email_confirmed_at.is_not(None)


def _of_address(address: str, at: datetime) -> ColumnElement[bool]:
    same = select(Sender.tribute_id).where(Sender.address == address, Sender.day == _day(at))
    return Tribute.id.in_(same)


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()
