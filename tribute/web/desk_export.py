"""Taking everything out: a keeper's page that says what is in it, and the file, made as it is sent."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, render_template
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tribute.domain.anniversary import local_day
from tribute.domain.lifecycle import Remark
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import begin_reading, begin_write
from tribute.services import export as service
from tribute.services import remarks
from tribute.services.desk import actor_of
from tribute.web import words
from tribute.web.access import requires, this_person
from tribute.web.desk import bp, rooms
from tribute.web.freshness import fresh
from tribute.web.shell import shown_memorial

__all__ = ["bp"]  # the desk's own blueprint, with the export added


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
    """The file in pieces, of one moment, by a session that lasts as long as it is being sent."""
    with Session(engine) as session:
        begin_reading(session)
        yield from service.write(session, now())
