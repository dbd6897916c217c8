"""What mail there is, where a message stands, how long it is tried, and what went wrong: codes and pauses."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class Mail(StrEnum):
    """Each mail of the site: its function is in tribute/mail/, its three templates are templates/mail/<code>.*."""

    CONFIRM = "confirm"
    RECEIVED = "received"
    PUBLISHED = "published"
    DECLINED = "declined"
    HIDDEN = "hidden"
    RESTORED = "restored"
    LOST_LINK = "lost_link"
    INVITATION = "invitation"
    NEW_PASSWORD = "new_password"  # noqa: S105  a code, not a password
    ACCOUNT = "account"
    NEW_TRIBUTES = "new_tributes"
    LATE = "late"
    READER_NEEDED = "reader_needed"
    BRAKE = "brake"
    CASE = "case"
    CASE_DUE = "case_due"
    MAIL_FAILED = "mail_failed"


class Notice(StrEnum):
    """When a moderator wants to hear by mail of what waits."""

    NONE = ""
    EACH = "each"
    HOURLY = "hourly"
    DAILY = "daily"
    LATE = "late"  # only once the oldest has waited for so many hours


class State(StrEnum):
    """Where a message stands. What is being sent waits again once its worker has been silent for too long."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Failure(StrEnum):
    """Why a message was not taken; a server's own words might hold an address, so only its number is kept."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "tls"
    SIGN_IN = "sign_in"
    REFUSED = "refused"  # this message or its recipient
    SENDER = "sender"  # whatever this site sends
    FOLDER = "folder"
    UNREADABLE = "unreadable"  # an address sealed with a key that is gone
    RENDERING = "rendering"


TRIED_FOR = timedelta(days=3)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 360))  # then the last again


def next_try(first_due: datetime, tries: int, at: datetime) -> datetime | None:
    """When a message that failed for the `tries`-th time is tried again; None after three days."""
    again = at + PAUSES[min(tries, len(PAUSES)) - 1]
    return again if again <= first_due + TRIED_FOR else None
