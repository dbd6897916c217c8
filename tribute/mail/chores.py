"""What the worker does beside sending: its heartbeat, erasing what is due, and clearing the folder of mail."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from tribute.domain import ids
from tribute.domain.lifecycle import Status
from tribute.extensions import db, now
from tribute.mail.delivery import Folder
from tribute.models import Message, Tribute, begin_write
from tribute.services import chores, erasure, last_done, notices, outbox, reminders
from tribute.services.last_done import Chore

FILES_STAY = timedelta(days=30)


def daily(app: Flask) -> None:
    """Erase what is due, also from what the database keeps beside itself, and clear the folder of mail."""
    with app.app_context():
        begin_write(db.session())
        erased = chores.daily(db.session(), now())
        db.session.commit()
        if erased.tributes or erased.cases:
            erasure.scrub(db.session(), seconds=math.inf)
        clear_folder(app.config["SETTINGS"].mail_folder, now())


def beat(app: Flask) -> None:
    """Note that a worker goes round: in the database for every machine, and in a file for whoever watches this one."""
    with app.app_context():
        begin_write(db.session())
        last_done.mark(db.session(), Chore.WORK, now())
        db.session.commit()
    file = app.config["SETTINGS"].worker_file
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)


def tell(app: Flask) -> None:
    """Queue what moderators and keepers are to hear of by now; mostly nothing, and then nothing is locked."""
    with app.app_context():
        session, at = db.session(), now()
        if not (notices.due(session, at) or reminders.is_due(session, at) or outbox.is_put_off(session, at)):
            return
        begin_write(session)
        outbox.call_back(session, at)
        notices.queue_due(session, at)
        reminders.queue_due(session, at)
        session.commit()


def clear_folder(path: Path, at: datetime) -> None:
    """Delete mail of tributes that are erased, mail whose row is gone, and mail of 30 days ago."""
    folder = Folder(path)
    keys = {name: ids.decode(name) for name in folder.names()}
    stays = _staying([key for key in keys.values() if key is not None])
    oldest = ids.first_id_at(at - FILES_STAY)
    for name, key in keys.items():
        if key is None or key not in stays or key < oldest:
            folder.forget(name)


def _staying(keys: list[int]) -> set[int]:
    """Of some messages those that are there and about no erased tribute."""
    query = db.select(Message.id).outerjoin(Tribute, Tribute.id == Message.tribute_id)
    is_erased = db.func.coalesce(Tribute.status, "") == Status.REMOVED
    found = set(db.session.scalars(query.where(Message.id.in_(keys), ~is_erased)))
    db.session.rollback()  # whoever comes next may want to begin otherwise
    return found
