"""What is done to people and their ways of signing in, as the log names it."""

from __future__ import annotations

from enum import StrEnum


class Deed(StrEnum):
    """What one person, or the operator's command, does to a person's account."""

    INVITE = "invite"
    CALL_OFF = "call-off"  # an invitation
    JOIN = "join"
    CHANGE_ROLE = "change-role"
    CLOSE = "close"
    REOPEN = "reopen"
    END_SESSIONS = "end-sessions"
    RESET_FACTORS = "reset-factors"
    RECOVER = "recover"  # by the command: factors gone, sessions ended, a link to choose a password
    ADD_FACTOR = "add-factor"
    TAKE_FACTOR = "take-factor"
    USE_CODE = "use-recovery-code"
    NEW_CODES = "new-recovery-codes"
    NEW_PASSWORD = "new-password"  # noqa: S105  a code, not a password
