"""Who may open what: every view of the desk declares a permission."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask_login import current_user
from flask_security import auth_required

from tribute.domain.errors import Forbidden
from tribute.domain.permissions import Permission, allows
from tribute.models import Person

P = ParamSpec("P")
R = TypeVar("R")


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only people with a permission in: others are asked to sign in, or told that this is not theirs."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not allows(this_person().held, permission):
                raise Forbidden
            return view(*args, **kwargs)

        let_in: Callable[P, R] = auth_required("session")(guarded)
        let_in.permission = permission  # type: ignore[attr-defined]  # a test walks every address for it
        return let_in

    return declare


def this_person() -> Person:
    """Who is signed in; only for views that `requires` guards."""
    if not isinstance(current_user._get_current_object(), Person):
        raise Forbidden
    person: Person = current_user._get_current_object()
    return person
