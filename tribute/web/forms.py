"""Forms: field names are a contract, messages are sentences, and checking has no effect beyond the form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, StopValidation, ValidationError

from tribute.domain import text
from tribute.domain.language import INTERFACE, KNOWN
from tribute.domain.permissions import Role
from tribute.domain.reasons import CaseKind, Ground, Reason
from tribute.models.tribute import GESTURES
from tribute.services.desk import needs_note
from tribute.web.language import OWN_NAMES
from tribute.web.lazy import _l, _ln
from tribute.web.passwords import refused
from tribute.web.words import CASE_KINDS, REASONS, ROLES
from tribute.web.words import GESTURES as GESTURE_NAMES

NAME_LENGTH = PLACE_LENGTH = 80  # graphemes
WORDS_LENGTH = 2_000  # graphemes
FEWEST_CODE_POINTS = 2_000  # eighty emoji of families have more than eight each
CODE_POINTS = 8  # a grapheme at most, on average: 16,000 for the words; marks can be stacked on a letter without end
CASE_LENGTH = 5_000
EMAIL_LENGTH = 254  # RFC 5321

Validator = Callable[[Form, Field], None]


def line(value: str | None) -> str:
    """A one-line field as it will be kept."""
    return text.normalise_line(value or "")


def words(value: str | None) -> str:
    """A text as it will be kept: letter for letter, without blank lines around it."""
    return text.normalise(value or "").strip("\n").rstrip()


def visible(message: str) -> Validator:
    """Refuse what cannot be seen."""

    def check(_form: Form, field: Field) -> None:
        if text.is_blank(field.data or ""):
            raise StopValidation(str(message))

    return check


def at_most(limit: int) -> Validator:
    """Refuse more than `limit` graphemes, or more code points than any honest text has, and say by how many."""

    def check(_form: Form, field: Field) -> None:
        data = field.data or ""
        most = max(limit * CODE_POINTS, FEWEST_CODE_POINTS)
        over = text.length(data) - limit if len(data) <= most else len(data) - most
        if over > 0:
            raise StopValidation(
                str(_ln("This is %(num)s character too long.", "This is %(num)s characters too long.", over))
            )

    return check


def is_email(_form: Form, field: Field) -> None:
    """Refuse what cannot be an address; nothing at all is fine."""
    if not field.data:
        return
    try:
        validate_email(field.data, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValidationError(
            str(_l("This is not an email address. Leave it empty if you do not want to give one."))
        ) from error


def _choices(names: dict[str, str], codes: Sequence[str]) -> list[SelectChoice]:
    return [SelectChoice(str(code), names[code]) for code in codes]


class Signed(FlaskForm):
    """What an author signs: a name, a place, and words."""

    name = StringField(
        filters=[line],
        validators=[visible(_l("Please enter the name to show with your tribute.")), at_most(NAME_LENGTH)],
    )
    place = StringField(filters=[line], validators=[at_most(PLACE_LENGTH)])
    message = TextAreaField(filters=[words], validators=[at_most(WORDS_LENGTH)])


class TributeForm(Signed):
    """A new tribute."""

    gesture = RadioField(choices=_choices(GESTURE_NAMES, GESTURES), default="carnation", validate_choice=False)
    email = EmailField(filters=[line], validators=[at_most(EMAIL_LENGTH), is_email])
    consent = BooleanField(
        validators=[
            InputRequired(_l("Please confirm that your tribute may be published. We cannot take it in without that."))
        ]
    )
    website = StringField()  # nobody sees it: what fills it in is no person
    key = HiddenField()

    def validate_gesture(self, field: Field) -> None:
        """One of the four."""
        if field.data not in GESTURES:
            raise ValidationError(str(_l("Please choose one of these.")))

    def validate_message(self, field: Field) -> None:
        """Words may be absent when something is laid."""
        if text.is_blank(field.data or "") and self.gesture.data not in GESTURES[:-1]:
            raise ValidationError(str(_l("Please write some words, or choose a carnation, a candle or a dove.")))


class VersionForm(FlaskForm):
    """A step that names the version it was seen at."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version; 0, which no tribute has, where the field was tampered with."""
        data = str(self.version.data or "")
        return int(data) if data.isdecimal() and len(data) < 18 else 0


class AmendForm(Signed):
    """New words for a tribute that is already here."""

    version = HiddenField()
    seen = VersionForm.seen

    def __init__(self, *args: Any, gesture: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._gesture = gesture

    def validate_message(self, field: Field) -> None:
        """Words may be absent when something was laid."""
        if text.is_blank(field.data or "") and self._gesture == "none":
            raise ValidationError(str(_l("Please write some words.")))


class ContactForm(FlaskForm):
    """A message to the keepers."""

    kind = RadioField(choices=_choices(CASE_KINDS, tuple(CaseKind)), validate_choice=False)
    name = StringField(filters=[line], validators=[at_most(NAME_LENGTH)])
    email = EmailField(filters=[line], validators=[at_most(EMAIL_LENGTH), is_email])
    message = TextAreaField(
        filters=[words], validators=[visible(_l("Please write your message.")), at_most(CASE_LENGTH)]
    )
    key = HiddenField()

    def validate_kind(self, field: Field) -> None:
        """One of the kinds."""
        if field.data not in tuple(CaseKind):
            raise ValidationError(str(_l("Please choose what your message is about.")))


class LostLinkForm(FlaskForm):
    """The address that private links are sent to."""

    email = EmailField(
        filters=[line],
        validators=[visible(_l("Please enter your email address.")), at_most(EMAIL_LENGTH), is_email],
    )


class InvitationForm(FlaskForm):
    """The account that an invitation makes."""

    name = StringField(filters=[line], validators=[visible(_l("Please enter your name.")), at_most(NAME_LENGTH)])
    email = EmailField(filters=[line], validators=[visible(_l("Please enter your email address.")), is_email])
    password = PasswordField()
    password_confirm = PasswordField()

    def __init__(self, *args: Any, invited: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invited = invited
        if invited:
            self.email.data = invited

    def validate_password(self, field: Field) -> None:
        """What is asked of every new one."""
        if reason := refused(field.data or ""):
            raise ValidationError(reason)

    def validate_password_confirm(self, field: Field) -> None:
        """The same twice."""
        if field.data != self.password.data:
            raise ValidationError(str(_l("The two passwords are not the same.")))


class InviteForm(FlaskForm):
    """Whom a keeper invites."""

    email = EmailField(filters=[line], validators=[visible(_l("Please enter their email address.")), is_email])
    role = RadioField(choices=_choices(ROLES, tuple(Role)), default=Role.MODERATOR, validate_choice=False)
    language = SelectField(choices=[SelectChoice(code, OWN_NAMES[code]) for code in INTERFACE], validate_choice=False)
    reads = SelectMultipleField(choices=[SelectChoice(code, code) for code in KNOWN], validate_choice=True)

    def validate_role(self, field: Field) -> None:
        """One of the two."""
        if field.data not in tuple(Role):
            raise ValidationError(str(_l("Please choose one of these.")))

    def validate_language(self, field: Field) -> None:
        """One of the four."""
        if field.data not in INTERFACE:
            raise ValidationError(str(_l("Please choose one of these.")))


class ForgottenForm(FlaskForm):
    """Whose password is forgotten."""

    email = EmailField(filters=[line], validators=[visible(_l("Please enter your email address.")), is_email])


class CodeForm(FlaskForm):
    """A code of an authenticator app."""

    code = StringField(
        filters=[lambda value: "".join((value or "").split())],
        validators=[visible(_l("Please enter the six digits that the app shows."))],
    )


class DecisionForm(VersionForm):
    """A moderator's decision: where to go back to, why, and a note to the author."""

    next = HiddenField()
    reason = SelectField(choices=_choices(REASONS, tuple(Reason)), validate_choice=False)
    note = TextAreaField(filters=[words], validators=[at_most(WORDS_LENGTH)])
    cut = TextAreaField(filters=[words], validators=[at_most(WORDS_LENGTH)])
    ground = SelectField(choices=_choices(REASONS, tuple(Ground)), validate_choice=False)

    def problem(self, action: str) -> str | None:
        """What is missing for this action, as a sentence."""
        if self.note.errors:
            return _l("The note is too long.")
        if action == "redact" and self.cut.errors:
            return _l("What is to be left out is too long.")
        if action == "decline" and self.reason.data not in tuple(Reason):
            return _l("Please choose a reason for declining.")
        if action == "redact" and self.reason.data not in tuple(Reason):
            return _l("Please choose a reason for leaving something out.")
        if action in ("decline", "redact") and needs_note(self.reason.data) and text.is_blank(self.note.data or ""):
            return _l("“Another reason” needs a note that tells the author what it is.")
        if action == "remove" and self.ground.data not in tuple(Ground):
            return _l("Please choose a ground for removing.")
        return None
