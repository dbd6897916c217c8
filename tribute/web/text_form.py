"""The editor's form: everything that an article or a page says, field by field."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError

from tribute.domain import article as files
from tribute.domain import text
from tribute.domain.composing import compose, read_timeline, timeline_lines
from tribute.domain.language import KNOWN
from tribute.services.editing import Said
from tribute.services.versions import Beside, Subject
from tribute.web.forms import at_most, line, visible
from tribute.web.lazy import _l
from tribute.web.words import language_name

FIELD_NAMES: dict[str, str] = {
    "title": _l("Title"), "summary": _l("Summary"), "body": _l("Text"), "source_format": _l("Written as"),
    "figures": _l("Figures"), "figures_note": _l("Note on the figures"), "timeline": _l("Timeline"),
    "closing": _l("Closing line"), "closing_language": _l("Language of the closing line"),
    "closing_meaning": _l("What the closing line means"), "sources": _l("Sources"), "issuer": _l("Issuer"),
    "issued": _l("Day of issue"), "source": _l("Taken from"), "version": _l("Version that readers see"),
}  # fmt: skip
FORMATS = {"markdown": _l("Markdown"), "plain": _l("Plain text, every sign as typed")}


def passage(value: str | None) -> str:
    """A field of several lines as it will be kept."""
    return text.normalise(value or "").strip()


class TextForm(FlaskForm):
    """One text; a page has only some of the fields."""

    seen = HiddenField()
    title = StringField(filters=[line], validators=[visible(_l("Please write a title.")), at_most(files.MAXIMUM_TITLE)])
    summary = TextAreaField(filters=[passage])
    body = TextAreaField(filters=[passage], validators=[visible(_l("Please write the text."))])
    source_format = RadioField(
        choices=[SelectChoice(code, name) for code, name in FORMATS.items()], default="markdown", validate_choice=False
    )
    figures = TextAreaField(filters=[passage])
    figures_note = TextAreaField(filters=[passage])
    timeline = TextAreaField(filters=[passage])
    closing = StringField(filters=[line])
    closing_language = SelectField(validate_choice=False)
    closing_meaning = StringField(filters=[line])
    sources = TextAreaField(filters=[passage])
    issuer = StringField(filters=[line])
    issued = StringField(filters=[line])
    source = StringField(filters=[line])
    version = StringField(filters=[line])
    follows = SelectField(validate_choice=False)
    caught_up = BooleanField()

    def __init__(self, subject: Subject, others: list[str], **values: Any) -> None:
        super().__init__(**values)
        self.subject = subject
        codes = dict.fromkeys([*KNOWN, *filter(None, [self.closing_language.data])])
        own = SelectChoice("", _l("the language of the text"))
        self.closing_language.choices = [own, *(SelectChoice(code, language_name(code)) for code in codes)]
        itself = SelectChoice("", _l("It was written in this language"))
        self.follows.choices = [itself, *(SelectChoice(code, language_name(code)) for code in others)]

    def validate_timeline(self, field: Field) -> None:
        """A time and an event on every line."""
        _entries, wrong = read_timeline(field.data or "")
        if wrong:
            raise ValidationError(str(_l("Line %(number)s needs a time, a bar | and what happened.", number=wrong)))

    def validate_issued(self, field: Field) -> None:
        """A day, or nothing."""
        try:
            _day(field.data)
        except ValueError as error:
            raise ValidationError(str(_l("Please write the day as 2027-01-20."))) from error

    def validate_version(self, field: Field) -> None:
        """A page says which version it is: consent names it."""
        if self.subject.is_page and text.is_blank(field.data or ""):
            raise ValidationError(str(_l("Please write a version, such as the day of the change.")))

    def validate_body(self, field: Field) -> None:
        """Not beyond what a file may have."""
        if len(compose(self.said.text).encode()) > files.MAXIMUM_BYTES:
            raise ValidationError(str(_l("The text is too long: all of it together may have 1 MiB.")))

    def validate_summary(self, field: Field) -> None:
        """A page is announced by its summary."""
        if self.subject.is_page and text.is_blank(field.data or ""):
            raise ValidationError(str(_l("Please write a summary.")))

    @property
    def number(self) -> int:
        """The version that was edited; 0 for none."""
        data = str(self.seen.data or "")
        return int(data) if data.isascii() and data.isdecimal() and len(data) < 18 else 0

    @property
    def said(self) -> Said:
        """What the form says; a page's has no more than a page has."""
        kept = ("title", "summary", "body", "version") if self.subject.is_page else _OF_ARTICLE
        fields: dict[str, Any] = {name: self[name].data or "" for name in kept}
        if self.subject.is_page:
            return Said(files.Text(source_format=files.FORMATS[0], **fields))
        timeline, _wrong = read_timeline(self.timeline.data or "")
        source_format = self.source_format.data if self.source_format.data in files.FORMATS else files.FORMATS[0]
        beside = Beside(self.issuer.data or "", _day(self.issued.data, strict=False), self.source.data or "")
        return Said(files.Text(source_format=source_format, timeline=timeline, **fields), beside)


_OF_ARTICLE = (
    "title", "summary", "body", "figures", "figures_note", "closing", "closing_language", "closing_meaning", "sources",
)  # fmt: skip


def values_of(said: Said) -> dict[str, Any]:
    """What a text says, as the form's fields have it."""
    names = (*_OF_ARTICLE, "source_format", "version")
    beside = {"issuer": said.beside.issuer, "issued": str(said.beside.issued or ""), "source": said.beside.source}
    return {name: getattr(said.text, name) for name in names} | {
        "timeline": timeline_lines(said.text.timeline), **beside,
    }  # fmt: skip


def _day(typed: str | None, *, strict: bool = True) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        if strict:
            raise
        return None
