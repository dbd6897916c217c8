"""Passkeys: one kind for everything. Each lets in without a password, or is the second step after one."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from flask import current_app, request, session
from flask_babel import gettext as _
from flask_security import UserMixin, WebauthnUtil
from flask_security.webauthn import WebAuthnSigninResponseForm, WebAuthnTfPlugin, has_webauthn
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

USAGE = "first"  # Flask-Security's word for one that lets in by itself; here these are the second step too
METHOD = "webauthn"


class Ceremony(WebauthnUtil):
    """What browsers are asked for: keys of the device itself as well as others, found without naming an account."""

    def authenticator_selection(self, user: UserMixin, usage: str) -> AuthenticatorSelectionCriteria:
        """A new key: kept by the device, guarded by its PIN or finger where it has one."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.PREFERRED
        )

    def authentication_options(
        self, user: UserMixin | None, usage: list[str], existing_options: dict[str, Any]
    ) -> dict[str, Any]:
        """After a password only one's own keys; everywhere else the device must have made sure who holds it."""
        is_second_step = "secondary" in usage
        existing_options["user_verification"] = (
            UserVerificationRequirement.PREFERRED if is_second_step else UserVerificationRequirement.REQUIRED
        )
        existing_options["allow_credentials"] = None if user is None else own_keys(user)
        return existing_options


class SecondStep(WebAuthnTfPlugin):
    """A passkey after a password."""

    def get_setup_methods(self, user: UserMixin) -> list[tuple[str, str]]:
        """Whoever has a passkey may use it."""
        return [(METHOD, METHOD)] if has_webauthn(user, USAGE) else []


class PasskeyAnswer(WebAuthnSigninResponseForm):
    """What the browser answers: after a password, only a key of who gave it."""

    def validate(self, **kwargs: Any) -> bool:
        """Check the answer by its key."""
        is_second, self.is_secondary = self.is_secondary, False
        if not super().validate(**kwargs) or self.user is None:
            return False
        is_theirs = not is_second or self.user.fs_uniquifier == session.get("tf_user_id")
        if not self.user.active or not is_theirs:
            self.credential.errors = [_("This passkey is not known here.")]
            return False
        return True


def own_keys(user: UserMixin) -> list[PublicKeyCredentialDescriptor]:
    """A person's passkeys, as a browser asks its devices for them."""
    return [PublicKeyCredentialDescriptor(id=key.credential_id) for key in user.webauthn]


def are_possible() -> bool:
    """Whether browsers can make passkeys here: they want a name, and a secure way to it."""
    name = request.host.rpartition(":")[0] if ":" in request.host else request.host
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return current_app.config["SETTINGS"].is_https or request.is_secure or name == "localhost"
    return False
