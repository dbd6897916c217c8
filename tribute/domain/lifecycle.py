"""What may become of a tribute: one table, (status, action) → status. DESIGN.md has it in words."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from tribute.domain.errors import IllegalAction


class Status(StrEnum):
    """Where a tribute stands; only `approved` is ever public."""

    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"
    SPAM = "spam"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


class Action(StrEnum):
    """What someone, or a rule, does to a tribute."""

    SUBMIT = "submit"
    AMEND = "amend"
    APPROVE = "approve"
    DECLINE = "decline"
    SPAM = "spam"
    REDACT = "redact"
    HIDE = "hide"
    RESTORE = "restore"
    UNDO = "undo"
    WITHDRAW = "withdraw"
    RETURN = "return"
    REMOVE = "remove"
    ERASE = "erase"


class Remark(StrEnum):
    """What the log holds beside the steps of the lifecycle: it changes no status and no version."""

    NOTE = "note"  # to colleagues
    ASK = "second-opinion"  # a colleague is asked
    WOULD_APPROVE = "would-approve"  # the first of two people who are needed
    WOULD_DECLINE = "would-decline"
    TAKE_BACK = "take-back"  # of one of the three before
    KEEP = "keep"  # reports were read, and the tribute stays
    NEW_LINK = "new-link"  # a keeper gave the author another private link
    PAUSE = "pause"  # of the whole site: no new tributes
    RESUME = "resume"
    HIDE_LATELY = "hide-lately"  # of the whole site too: all that was published lately; each has its own row
    EDIT = "edit-text"  # an article or a page has a new version; the row's version is its number
    BEGIN = "begin-edition"  # a draft; of this and the next three the row's version is the edition's year
    SET_DAY = "set-day"  # it takes its place at a moment
    PUBLISH = "publish-edition"  # it takes its place at once
    TAKE_OFF = "take-off-edition"  # it waits, or is a draft again
    EXPORT = "export"  # a keeper took everything out


UNDO_WITHIN = timedelta(minutes=10)  # and so the time that mail about a decision waits

S, A = Status, Action

# Where the next status is fixed by the present one. `approved` with a revision waiting is the same row:
# approve publishes what waits, decline and spam refuse it, and the tribute stays.
FIXED: dict[tuple[Status, Action], Status] = {
    (S.PENDING, A.AMEND): S.PENDING,
    (S.APPROVED, A.AMEND): S.APPROVED,
    (S.DECLINED, A.AMEND): S.PENDING,
    (S.PENDING, A.APPROVE): S.APPROVED,
    (S.APPROVED, A.APPROVE): S.APPROVED,
    (S.PENDING, A.DECLINE): S.DECLINED,
    (S.APPROVED, A.DECLINE): S.APPROVED,
    (S.PENDING, A.SPAM): S.SPAM,
    (S.APPROVED, A.SPAM): S.APPROVED,
    (S.PENDING, A.REDACT): S.PENDING,
    (S.APPROVED, A.REDACT): S.APPROVED,
    (S.APPROVED, A.HIDE): S.HIDDEN,
    (S.HIDDEN, A.RESTORE): S.APPROVED,
    (S.DECLINED, A.RESTORE): S.PENDING,
    (S.SPAM, A.RESTORE): S.PENDING,
    (S.WITHDRAWN, A.ERASE): S.REMOVED,
    **{(status, A.WITHDRAW): S.WITHDRAWN for status in S if status not in (S.WITHDRAWN, S.REMOVED)},
    **{(status, A.REMOVE): S.REMOVED for status in S if status is not S.REMOVED},
}

# Where the next status is the one before: the log knows it, the table only that the step is allowed.
BACK: frozenset[tuple[Status, Action]] = frozenset(
    {(S.WITHDRAWN, A.RETURN)} | {(status, A.UNDO) for status in S if status not in (S.WITHDRAWN, S.REMOVED)}
)

# A judgement needs a revision that waits: when the tribute is already public there is nothing to decide otherwise.
JUDGED: tuple[Action, ...] = (A.APPROVE, A.DECLINE, A.SPAM)


def next_status(status: Status, action: Action, *, waiting: bool, before: Status | None = None) -> Status:
    """Return what `action` makes of a tribute, or raise IllegalAction.

    `waiting`: whether a revision waits. `before`: the status that RETURN and UNDO go back to.
    """
    if (status, action) in BACK and before is not None:
        return before
    if (status, action) not in FIXED or (action in JUDGED and not waiting):
        raise IllegalAction(action, status)
    return FIXED[status, action]


def possible(status: Status, *, waiting: bool) -> list[Action]:
    """The actions with a fixed outcome that the table allows now, in the table's order."""
    return [a for (s, a) in FIXED if s is status and (waiting or a not in JUDGED)]
