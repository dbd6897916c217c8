"""What somebody has beside their password: an authenticator app, passkeys, recovery codes."""

from __future__ import annotations

from tribute.domain.permissions import Role
from tribute.models import Person


def has_app(person: Person) -> bool:
    """Whether an authenticator app makes codes for them."""
    return bool(person.tf_totp_secret and person.tf_primary_method)


def has_any(person: Person) -> bool:
    """Whether signing in takes more than the password."""
    return has_app(person) or bool(person.webauthn)


def lacks_one(person: Person, keepers_need_one: bool) -> bool:
    """Whether this person has to set up a second factor before anything else."""
    return keepers_need_one and person.held == Role.KEEPER and not has_any(person)


def take_all(person: Person) -> None:
    """Take every factor away but the password."""
    person.tf_primary_method = person.tf_totp_secret = person.totp_counter = None
    person.mf_recovery_codes = None
    person.webauthn.clear()
