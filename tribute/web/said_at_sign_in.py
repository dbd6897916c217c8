"""What Flask-Security's pages can say here, in our words: it translates them through our catalogue."""

from __future__ import annotations

from typing import Any

from tribute.web.lazy import _l

ERRORS = {
    "GENERIC_AUTHN_FAILED": _l("The email or the password is not right."),
    "EMAIL_NOT_PROVIDED": _l("Please enter your email address."),
    "INVALID_EMAIL_ADDRESS": _l("This is not an email address."),
    "PASSWORD_NOT_PROVIDED": _l("Please enter your password."),
    "INVALID_PASSWORD": _l("The password is not right."),
    "PASSWORD_IS_THE_SAME": _l("The new password must differ from the old one."),
    "RETYPE_PASSWORD_MISMATCH": _l("The two passwords are not the same."),
    "UNAUTHENTICATED": _l("Please sign in first."),
    "LOGIN": _l("Please sign in first."),
    "REFRESH": _l("Please sign in again."),
    "INVALID_RESET_PASSWORD_TOKEN": _l("This link has been used, or a newer one was sent. Please ask for another."),
    "TWO_FACTOR_INVALID_TOKEN": _l("This code is not right, or was used already. Wait for the next one."),
    "TWO_FACTOR_PERMISSION_DENIED": _l("Please begin again with your email and your password."),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": _l("Please choose one of these."),
    "TWO_FACTOR_SETUP_EXPIRED": _l("This took too long. Please begin again."),
    "INVALID_RECOVERY_CODE": _l("This recovery code is not right, or was used already."),
    "NO_RECOVERY_CODES_SETUP": _l("There are no recovery codes yet."),
    "API_ERROR": _l("The browser gave no passkey. Please try again."),
    "WEBAUTHN_EXPIRED": _l("This took too long. Please begin again."),
    "WEBAUTHN_NAME_REQUIRED": _l("Please give this passkey a name."),
    "WEBAUTHN_NAME_NOT_FOUND": _l("There is no passkey of this name."),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": _l("This passkey is not known here."),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": _l("This passkey is not known here."),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": _l("This passkey is not known here."),
    "WEBAUTHN_MISMATCH_USER_HANDLE": _l("This passkey is not known here."),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": _l("This device has a passkey for this site already."),
    "INVALID_INPUT": _l("This name has characters that cannot be kept."),
    "INVALID_INPUT_LENGTH": _l("This name is too long."),
}
NOTES = {
    "PASSWORD_CHANGE": _l("Your password is changed."),
    "PASSWORD_RESET_NO_LOGIN": _l("Your new password is kept. Please sign in with it."),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": _l("You are signed in."),
    "TWO_FACTOR_DISABLED": _l("The authenticator app is no longer asked for."),
}
# With a value of its own in the middle; the library fills it in.
WITH_VALUES = {
    "PASSWORD_RESET_EXPIRED": (_l("This link is too old. Please ask for another."), "error"),
    "WEBAUTHN_NAME_INUSE": (_l("You have a passkey of this name already."), "error"),
    "WEBAUTHN_NO_VERIFY": (_l("This passkey could not be verified."), "error"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (_l("The passkey is added."), "info"),
    "WEBAUTHN_CREDENTIAL_DELETED": (_l("The passkey is taken away."), "info"),
}


def messages() -> dict[str, Any]:
    """The same as Flask-Security's settings: each sentence and the kind of note it is."""
    said = {name: (words, "error") for name, words in ERRORS.items()}
    said |= {name: (words, "info") for name, words in NOTES.items()} | WITH_VALUES
    return {f"SECURITY_MSG_{name}": pair for name, pair in said.items()}
