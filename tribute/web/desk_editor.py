"""The keepers' editor: one article or page in one language, with a preview, and never a lost word."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from tribute.domain.errors import Conflict
from tribute.domain.permissions import Permission, allows
from tribute.extensions import checks_its_own_token, db, now
from tribute.models import Page as SitePage
from tribute.models import Person, TextVersion, begin_write
from tribute.services import articles, editing, languages, memorials, pages, people, text_changes, versions
from tribute.services.articles import Edition
from tribute.services.versions import Subject
from tribute.web import memorial as public
from tribute.web.access import requires, this_person
from tribute.web.desk import bp, rooms
from tribute.web.pages import body_of
from tribute.web.shell import years_now
from tribute.web.text_form import FIELD_NAMES, TextForm, values_of

__all__ = ["bp"]  # the desk's own blueprint, with the editor added

Answer = tuple[str, int, dict[str, str]]
# Kept by the keeper's own browser, so that the back button finds what was typed.
KEPT = {"Cache-Control": "private, no-cache"}


def keeps_typed(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Give back what was typed where a sending is refused at the door, for a token that has gone.

    The check of the token stands within that of the sign-in, so the form's own comes too late to say so.
    """

    @wraps(view)
    def kept(**values: str) -> ResponseReturnValue:
        try:
            return view(**values)
        except CSRFError:
            person = current_user._get_current_object()
            if not isinstance(person, Person) or not allows(person.held, Permission.EDIT):
                raise
            subject = editing.subject_of(db.session(), **values)
            form = TextForm(subject, _others(subject))
            form.validate()
            return _editor(subject, versions.newest(db.session(), subject), form, 422)

    return kept


@bp.route("/articles/<of>/<part>/<language>/", methods=["GET", "POST"])
@checks_its_own_token
@keeps_typed
@requires(Permission.EDIT)
def edit_text(of: str, part: str, language: str) -> ResponseReturnValue:
    """What a text says now, to be changed; and keeping it as a new version."""
    subject = editing.subject_of(db.session(), of, part, language)
    present = versions.newest(db.session(), subject)
    if request.method == "POST":
        return _send(subject, present, TextForm(subject, _others(subject)))
    values = values_of(editing.said_by(present)) if present else {"issuer": ""}
    source = _source(present)
    form = TextForm(
        subject, _others(subject), formdata=None, seen=present.number if present else 0,
        follows=source.language if source else "", **values,
    )  # fmt: skip
    return _editor(subject, present, form)


def _send(subject: Subject, present: TextVersion | None, form: TextForm) -> ResponseReturnValue:
    if "back" in request.form:
        return _editor(subject, present, form)
    if not form.validate():
        return _editor(subject, present, form, 422)
    if "preview" in request.form:
        return _preview(subject, form)
    person, follows = this_person(), _follows(subject, present, form)
    begin_write(db.session())
    try:
        version = editing.save(db.session(), subject, form.said, form.number, follows, person, now())
    except Conflict:
        db.session.rollback()
        return _came_second(subject, form)
    db.session.commit()
    flash(_("Kept."), "info")
    return redirect(address("desk.edit_text", subject, kept=version.number), 303)


def address(endpoint: str, subject: Subject, **values: Any) -> str:
    """An address about one text."""
    return url_for(endpoint, of=subject.of, part=subject.part, language=subject.language, **values)


def _came_second(subject: Subject, form: TextForm) -> ResponseReturnValue:
    """What was typed, beside what somebody else has kept meanwhile; sending it again puts it in that one's place."""
    other = versions.current(db.session(), subject)
    form.seen.data = str(other.number)
    conflict = {
        "who": people.names(db.session()).get(other.person_id or 0, ""), "at": other.at,
        "changes": text_changes.changes(editing.said_by(other), form.said),
    }  # fmt: skip
    return _editor(subject, other, form, 409, conflict)


def _editor(
    subject: Subject, present: TextVersion | None, form: TextForm, status: int = 200,
    conflict: dict[str, Any] | None = None,
) -> Answer:  # fmt: skip
    group = languages.group(db.session(), subject.of, subject.part)
    state = next(each for each in group.states if each.subject == subject)
    shown = render_template(
        "desk/editor.html", subject=subject, form=form, present=present, state=state, group=group, conflict=conflict,
        names=FIELD_NAMES, kept=request.args.get("kept") if request.method == "GET" else None,
        beside=_beside(subject), **rooms(),
    )  # fmt: skip
    return shown, status, KEPT


def _preview(subject: Subject, form: TextForm) -> Answer:
    """The page as it would be, with the form behind it."""
    said, at = form.said, now()
    frame: dict[str, Any] = {"subject": subject, "form": form, "shown_language": subject.language}
    if subject.is_page:
        found = SitePage(slug=subject.part, language=subject.language)
        pages.fill(found, said.text)
        return render_template("desk/preview_page.html", page=found, body_html=body_of(found), **frame), 200, KEPT
    memorial = memorials.by_slug(db.session(), subject.of)
    beside = said.beside
    which = Edition(subject.language, subject.year, beside.issuer, beside.issued, beside.source)
    article = articles.as_it_would_be(said.text, which, at)
    years = public.years_in(memorial, subject.year) if subject.year else years_now(memorial)
    return render_template(
        "desk/preview_article.html", article=public.shown(article), of=memorial, years_then=years, **frame
    ), 200, KEPT  # fmt: skip


def _others(subject: Subject) -> list[str]:
    """The other languages that the text is there in."""
    states = languages.group(db.session(), subject.of, subject.part).states
    return [each.subject.language for each in states if each.version and each.subject != subject]


def _source(present: TextVersion | None) -> Subject | None:
    """The text that a version was translated from."""
    found = db.session.get(TextVersion, present.follows) if present and present.follows else None
    return Subject.of_key(found.subject) if found else None


def _follows(subject: Subject, present: TextVersion | None, form: TextForm) -> int | None:
    """The version that the text is said to be translated from: the newest only where it was caught up with."""
    if form.follows.data not in _others(subject):
        return None
    newest = versions.newest(db.session(), Subject(subject.of, subject.part, form.follows.data))
    source = _source(present)
    is_as_before = present is not None and source is not None and source.language == form.follows.data
    if present is not None and is_as_before and not form.caught_up.data:
        return present.follows
    return newest.number if newest else None


def _beside(subject: Subject) -> dict[str, Any] | None:
    """The text in another language, to be read while this one is written."""
    code = request.args.get("beside", "")
    if code not in _others(subject):
        return None
    version = versions.current(db.session(), Subject(subject.of, subject.part, code))
    return {"language": code, "values": values_of(editing.said_by(version))}
