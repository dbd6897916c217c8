"""The keepers' texts: what is there in which language, and next year's edition on its way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tribute.domain.errors import Conflict
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import Memorial, Turnover, begin_write
from tribute.services import editions, languages, memorials, turnovers
from tribute.web import words
from tribute.web.access import requires, this_person
from tribute.web.desk import bp, rooms
from tribute.web.errors import page
from tribute.web.forms import VersionForm
from tribute.web.previews import preview_page
from tribute.web.shell import absolute

__all__ = ["bp"]  # the desk's own blueprint, with the texts added

STEPS: dict[str, Callable[[Turnover, int], None]] = {
    "day": lambda found, seen: editions.set_day(db.session(), found, seen, this_person(), now()),
    "publish": lambda found, seen: editions.publish(db.session(), found, seen, this_person(), now()),
    "take_off": lambda found, seen: editions.take_off(db.session(), found, seen, this_person(), now()),
    "share": lambda found, seen: editions.share(db.session(), found, seen),
    "revoke": lambda found, seen: editions.revoke(db.session(), found, seen),
}


@bp.get("/articles/")
@requires(Permission.EDIT)
def texts() -> str:
    """Every article, edition and page in its four languages."""
    return render_template(
        "desk/articles.html", memorials=[_memorial(each) for each in memorials.every(db.session())],
        pages=languages.of_site(db.session()), **rooms(),
    )  # fmt: skip


@bp.post("/editions/<of>/begin")
@requires(Permission.EDIT)
def begin_edition(of: str) -> ResponseReturnValue:
    """Begin next year's edition from the text that stands."""
    memorial, person = memorials.by_slug(db.session(), of), this_person()
    begin_write(db.session())
    try:
        begun = editions.begin(db.session(), memorial, person, now())
    except Conflict:
        return page(409, _("It is begun already"), _("A draft of the next edition is here. You find it in the list."))
    year = begun.year
    db.session.commit()
    flash(_("The edition of %(year)s is begun: a copy of the text that stands, which nobody else sees.", year=year),
          "info")  # fmt: skip
    return _back(of, year)


@bp.post(f"/editions/<of>/<year:year>/<any({','.join(STEPS)}):step>")
@requires(Permission.EDIT)
def settle_edition(of: str, year: int, step: str) -> ResponseReturnValue:
    """Set an edition's day or take it off, publish it, or give out or revoke the link that shows it."""
    memorial, form = memorials.by_slug(db.session(), of), VersionForm()
    begin_write(db.session())
    try:
        STEPS[step](editions.of_year(db.session(), memorial, year), form.seen)
    except Conflict:
        told = _("The edition is no longer as you saw it. Go back, load the page again and look at it as it is now.")
        return page(409, _("This changed in the meantime"), told)
    db.session.commit()
    return _back(of, year)


@bp.get("/editions/<of>/<year:year>/preview")
@requires(Permission.EDIT)
def preview_edition(of: str, year: int) -> str:
    """A draft as its readers will see it."""
    memorial = g.memorial = memorials.by_slug(db.session(), of)
    return preview_page(memorial, editions.of_year(db.session(), memorial, year), request.args.get("language"))


def _back(of: str, year: int) -> ResponseReturnValue:
    return redirect(url_for("desk.texts", _anchor=f"{of}-{year}"), 303)


def _memorial(memorial: Memorial) -> dict[str, Any]:
    session, at = db.session(), now()
    standing = turnovers.standing_year(session, memorial, at)
    groups = languages.of_memorial(session, memorial)
    begins = None if editions.is_begun(session, memorial, at) else turnovers.next_year(session, memorial, at)
    has_text = any(group.missing < len(group.states) for group in groups)
    return {
        "slug": memorial.slug, "names": memorial, "standing": str(standing or "undated"), "groups": groups,
        "next": begins if has_text else None,
        "editions": {group.part: _edition(memorial, group.part, at) for group in groups if group.part.isdecimal()},
    }  # fmt: skip


def _edition(memorial: Memorial, part: str, at: datetime) -> dict[str, Any] | None:
    """What is settled about an edition that was begun here; None for one that was brought in."""
    found = turnovers.of(db.session(), memorial, int(part))
    if found is None:
        return None
    token = editions.token_of(found, current_app.config["RECEIPT_KEYS"])
    midnight, where = turnovers.midnight(memorial, found.year), ZoneInfo(memorial.time_zone)
    return {
        "year": found.year, "version": found.version, "is_draft": turnovers.is_draft(found, at),
        "at": words.moment_in(found.at, where) if found.at else None,
        "midnight": words.moment_in(midnight, where) if midnight > at else None,
        "link": absolute(url_for("previews.preview", lang=memorial_language(memorial), token=token)) if token else None,
    }  # fmt: skip


def memorial_language(memorial: Memorial) -> str:
    """The language that a memorial was named in first: where the link to a draft leads."""
    return next(iter(memorial.names))
