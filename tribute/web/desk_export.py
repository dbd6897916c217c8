"""Taking everything out: a keeper's page that says what is in it, and the file, made as it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

from flask import Response, render_template
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tribute.domain.anniversary import local_day
from tribute.domain.lifecycle import Remark
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import begin_reading, begin_write
from tribute.services import erasure, remarks
from tribute.services import export as service
from tribute.services.desk import actor_of
from tribute.web import words
from tribute.web.access import requires, this_person
from tribute.web.desk import bp, rooms
from tribute.web.freshness import fresh
from tribute.web.shell import shown_memorial

__all__ = ["bp"]  # the desk's own blueprint, with the export added

LONGEST = 3_600  # seconds; behind nginx, which takes up to a gigabyte ahead of its reader, it is made in minutes


@bp.get("/export")
@requires(Permission.OVERSEE)
@fresh
def export() -> str:
    """What an export holds and what not."""
    return render_template("desk/export.html", **rooms())


@bp.post("/export")
@requires(Permission.OVERSEE)
@fresh
def take_out() -> Response:
    """The whole of it as a file; the log says who took it."""
    keeper = this_person()
    begin_write(db.session())
    remarks.about_site(db.session(), Remark.EXPORT, actor_of(keeper), now())
    db.session.commit()
    shown_memorial()
    file = f"export-{local_day(now(), str(words.zone()))}.zip"
    head = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(_pieces(db.engine), mimetype="application/zip", headers=head)


def _pieces(engine: Engine) -> Iterator[bytes]:
    """The file in pieces, of one moment, by a session that lasts as long as it is being sent; and that is not for ever.

    While it lasts, what is erased cannot be overwritten in SQLite's write-ahead log. That is done when it ends.
    """
    ends = monotonic() + LONGEST
    try:
        with Session(engine) as session:
            begin_reading(session)
            for piece in service.write(session, now()):
                if monotonic() > ends:
                    raise TimeoutError(f"the export was not taken within {LONGEST} seconds")
                yield piece
    finally:
        with Session(engine) as session:
            erasure.scrub(session)
