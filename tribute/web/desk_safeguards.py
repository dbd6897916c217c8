"""The keepers' room in the desk against raids: what is turned on for a day, and the listed words."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import Field, HiddenField, StringField
from wtforms.validators import AnyOf, StopValidation

from tribute.domain import text
from tribute.domain.permissions import Permission
from tribute.extensions import db, now
from tribute.models import begin_write
from tribute.models.triage import LISTS
from tribute.services import safeguards as service
from tribute.triage import contacts, lists
from tribute.triage.lists import ANY, BEGINNING, GRADED, GRADES, LANGUAGES, Entry
from tribute.web import cursors
from tribute.web.access import requires, this_person
from tribute.web.desk import bp, rooms
from tribute.web.forms import line, visible
from tribute.web.language import spoken
from tribute.web.lazy import _l, _ln

ENTRY_LENGTH = 80  # code points: an entry is part of a key, which databases keep short
DOMAIN = "domain"
LIST_NAMES: dict[str, str] = {
    "hateful": _l("Hatred"), "spam": _l("Spam"), "help": _l("Cries for help"), "people": _l("Names of peoples"),
    "domain": _l("Sites"),
}  # fmt: skip
PART_NAMES: dict[tuple[str, str], tuple[str, str]] = {  # of a list and a grade: its name, and what it does
    ("hateful", "grave"): (_l("Grave"), _l("One of these makes a tribute likely hateful.")),
    ("hateful", "notable"): (
        _l("Harsh"), _l("These ask for a closer look. Beside the name of a people they make a tribute likely hateful.")
    ),
    ("spam", "grave"): (_l("Grave"), _l("One of these makes a tribute likely spam.")),
    ("spam", "notable"): (_l("Common in spam"), _l("Several of these make a tribute likely spam.")),
    ("help", "grave"): (_l("Grave"), _l("One of these makes a tribute a likely cry for help. It is read first.")),
    ("help", "notable"): (_l("Despair"), _l("Several of these make a tribute a likely cry for help.")),
    ("people", ""): (_l("Names of peoples"), _l("A name does nothing by itself, only beside harsh words.")),
    ("domain", ""): (_l("Sites"), _l("A link to one of these, or to a part of it, makes a tribute likely spam.")),
}  # fmt: skip
__all__ = ["bp"]  # the desk's own blueprint, with the safeguards added


class Chosen(NamedTuple):
    """The part of the lists that is shown: one list in one language; sites have none."""

    list: str
    language: str


class EntryForm(FlaskForm):
    """A word, a phrase or a site, and where it is to be listed."""

    which = HiddenField(name="list", validators=[AnyOf(LISTS)])
    language = HiddenField()
    grade = StringField(default=GRADES[-1])
    words = StringField(filters=[line], validators=[visible(_l("Please write a word or a phrase."))])

    def validate_words(self, field: Field) -> None:
        """Something that can be met in a text."""
        words, over = (field.data or "").split(), len(field.data or "") - ENTRY_LENGTH
        if over > 0:
            told = _ln("This is %(num)s character too long.", "This is %(num)s characters too long.", over)
            raise StopValidation(str(told))
        if self.which.data == DOMAIN:
            if "." not in _site(field.data or ""):
                raise StopValidation(str(_l("Please write the address of a site, such as example.org.")))
        elif not text.words_of(words[0]) or words[0] == ANY:
            raise StopValidation(str(_l("Please begin with a word.")))
        elif any(word.endswith("*") and text.length(word) <= BEGINNING for word in words):
            raise StopValidation(str(_l("At least three letters must stand before the *.")))

    @property
    def chosen(self) -> Chosen:
        """The part of the lists that the entry belongs to."""
        return part(self.which.data or "", self.language.data or "")

    @property
    def entry(self) -> Entry:
        """What is to be listed, as the lists name it."""
        which, language = self.chosen
        grade = self.grade.data if self.grade.data in GRADES else GRADES[-1]
        words = _site(self.words.data or "") if which == DOMAIN else self.words.data or ""
        return Entry(which, grade if which in GRADED else "", language, words)


def _site(typed: str) -> str:
    """The site that an address leads to."""
    return contacts.host(typed).strip(".")


def part(which: str, language: str) -> Chosen:
    """A part of the lists by its names; the first list, and the desk's own language, where they name none."""
    which = which if which in LISTS else LISTS[0]
    if which == DOMAIN:
        return Chosen(which, "")
    return Chosen(which, language if language in LANGUAGES else spoken())


@bp.get("/safeguards")
@requires(Permission.SAFEGUARD)
def safeguards() -> str:
    """What is on and until when, and one part of the listed words."""
    chosen = part(cursors.choice("list", LISTS), cursors.choice("language", LANGUAGES))
    return _page(EntryForm(formdata=None, which=chosen.list, language=chosen.language), chosen)


@bp.post("/safeguards/<any(proof_of_work,raised_limits):name>")
@requires(Permission.SAFEGUARD)
def turn(name: str) -> Response:
    """Turn a safeguard on for a day, or off."""
    person, is_on = this_person(), request.form.get("on") == "1"
    begin_write(db.session())
    if is_on:
        service.turn_on(db.session(), name, person.id, now())
    else:
        service.turn_off(db.session(), name)
    db.session.commit()
    return redirect(url_for("desk.safeguards"), 303)


@bp.post("/safeguards/words/<any(add,take_out):change>")
@requires(Permission.SAFEGUARD)
def change_words(change: str) -> Response | tuple[str, int]:
    """List a word or put it back, or take one out."""
    form, person = EntryForm(), this_person()
    if change == "add" and not form.validate():
        return _page(form, form.chosen), 422
    begin_write(db.session())
    (lists.add if change == "add" else lists.take_out)(db.session(), form.entry, person.id, now())
    db.session.commit()
    which, language = form.chosen
    return redirect(url_for("desk.safeguards", list=which, language=language or None, _anchor="words-of"), 303)


def _page(form: EntryForm, chosen: Chosen) -> str:
    grades = GRADES if chosen.list in GRADED else ("",)
    until = {name: service.ends(db.session(), name, now()) for name in service.NAMES}
    return render_template(
        "desk/safeguards.html", form=form, chosen=chosen, list_names=LIST_NAMES, part_names=PART_NAMES,
        list_languages=LANGUAGES, until=until, parts=_parts(chosen, grades), grades=grades, **rooms(),
    )  # fmt: skip


def _parts(chosen: Chosen, grades: tuple[str, ...]) -> list[dict[str, Any]]:
    """Each grade with what is listed in it, by whether a keeper added it, and what ships and was taken out."""
    shipped, listed = lists.shipped(), lists.entries(db.session())
    here = [entry for entry in listed if (entry.list, entry.language) == chosen]
    gone = sorted(entry for entry in shipped.difference(listed) if (entry.list, entry.language) == chosen)
    return [
        {
            "grade": grade, "listed": [(entry.words, entry not in shipped) for entry in here if entry.grade == grade],
            "taken_out": [(entry.words, False) for entry in gone if entry.grade == grade],
        }
        for grade in grades
    ]  # fmt: skip
