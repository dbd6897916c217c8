"""Flask-Security's forms where its own offer more than there is here, or in a way that WTForms gives up."""

from __future__ import annotations

from typing import Any

from flask_security import TwoFactorRescueForm, TwoFactorSelectForm, TwoFactorSetupForm
from flask_security.webauthn import WebAuthnRegisterForm
from wtforms import HiddenField, StringField

from tribute.web.passkeys import USAGE


class SetupForm(TwoFactorSetupForm):
    """An app, or none any more; the view knows which of them may be chosen."""

    setup = StringField()  # type: ignore[assignment]  # a choice of buttons, not of radios


class SelectForm(TwoFactorSelectForm):
    """The way to go on, named by the button that is pressed."""

    which = StringField()  # type: ignore[assignment]  # a choice of buttons, not of radios


class RescueForm(TwoFactorRescueForm):
    """No other way than a recovery code: the page leads there."""

    help_setup = StringField()  # type: ignore[assignment]  # a choice of buttons, not of radios

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help_setup.choices = []  # type: ignore[attr-defined]  # the view adds to it


class NewPasskeyForm(WebAuthnRegisterForm):
    """A new passkey's name; all are of one kind."""

    usage = HiddenField(default=USAGE)  # type: ignore[assignment]  # no choice at all

    def validate(self, **kwargs: Any) -> bool:
        """Whatever kind was sent, it is that one."""
        self.usage.data = USAGE
        return super().validate(**kwargs)
