"""Who may do what: one enum, one map. Views declare, templates ask, both of the same function."""

from __future__ import annotations

from enum import StrEnum

from tribute.domain.lifecycle import Action


class Role(StrEnum):
    """A keeper may do all; a moderator may decide."""

    MODERATOR = "moderator"
    KEEPER = "keeper"


class Access(StrEnum):
    """Whom an address is open to where it asks for no permission."""

    PUBLIC = "public"
    TOKEN = "token"  # noqa: S105  whoever holds the private link
    SIGNED_IN = "signed_in"


class Permission(StrEnum):
    """What an address or an action asks for."""

    DECIDE = "decide"
    REMOVE = "remove"
    HANDLE_CASES = "handle_cases"
    SAFEGUARD = "safeguard"
    OVERSEE = "oversee"
    KEEP_PEOPLE = "keep_people"
    EDIT = "edit"


ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.MODERATOR: frozenset({Permission.DECIDE}),
    Role.KEEPER: frozenset(Permission),
}

# The actions that are taken at the desk, and what each asks for.
DESK_ACTIONS: dict[Action, Permission] = {
    Action.APPROVE: Permission.DECIDE,
    Action.DECLINE: Permission.DECIDE,
    Action.SPAM: Permission.DECIDE,
    Action.REDACT: Permission.DECIDE,
    Action.HIDE: Permission.DECIDE,
    Action.RESTORE: Permission.DECIDE,
    Action.UNDO: Permission.DECIDE,
    Action.REMOVE: Permission.REMOVE,
}


def may_take(role: Role | None, action: Action) -> bool:
    """Tell whether a role may take an action at the desk."""
    return action in DESK_ACTIONS and allows(role, DESK_ACTIONS[action])


def allows(role: Role | None, permission: Permission) -> bool:
    """Tell whether a role (None: nobody signed in) holds a permission."""
    return role is not None and permission in ALLOWED[role]
