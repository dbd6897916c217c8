"""How often somebody may be wrong about a password or a code, so that guessing ends and nobody is locked out by it.

A device on which the person signed in before counts by itself. Every other device counts by its address, and all of
them together by the account: who guesses from a thousand addresses slows new devices of that person, and no old one.
Several that arrive in one moment are let through together, at most as many as the server has threads.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from flask import Response, current_app, g, make_response, request, session
from flask_limiter import Limiter
from flask_login import current_user
from limits import RateLimitItem, parse
from werkzeug.exceptions import TooManyRequests

from tribute.extensions import db
from tribute.services import people
from tribute.web import devices, visitors

# Somebody tries a handful of passwords, then stops to think; ten minutes are soon over.
PASSWORDS = parse("10 per 10 minutes")
# Sixty people of one school or office may each be wrong once before their address waits.
ADDRESS = parse("60 per 10 minutes")
# Some 700 a day, wherever they come from: a password of ten letters outlasts that by lifetimes.
ACCOUNT = parse("30 per hour")
# Three of a million codes are right at a time: 240 tries a day find one in years. Only who has the password gets here.
CODES = parse("10 per hour")
# Each may become a mail to somebody who did not ask for it.
RESETS = parse("10 per hour")


@dataclass(frozen=True)
class Try:
    """What is counted, and for whom, as a hash under the day's key."""

    rule: RateLimitItem
    whom: str


class TooManyTries(TooManyRequests):
    """429; `limits.retry_after` knows for how long."""


def of_password(email: str) -> tuple[Try, ...]:
    """What a wrong password for an account is counted under."""
    if device := devices.known(email):
        return (_try(PASSWORDS, "device", device, devices.account(email)),)
    account, address = devices.account(email), visitors.address()
    return (
        _try(PASSWORDS, "password", account, address), _try(ADDRESS, "address", address),
        _try(ACCOUNT, "account", account),
    )  # fmt: skip


def of_sign_in() -> tuple[Try, ...]:
    """The same, for the address that was typed."""
    return of_password(request.form.get("email", ""))


def of_own_password() -> tuple[Try, ...]:
    """The same, for who is signed in."""
    return of_password(getattr(current_user, "email", ""))


def of_code() -> tuple[Try, ...]:
    """What a wrong code of an app, or a wrong recovery code, is counted under: the account that the password opened."""
    whose = people.email_of_session(db.session(), session.get("tf_user_id", ""))
    return (_try(CODES, "code", devices.known(whose) or "", devices.account(whose)),)


def of_reset() -> tuple[Try, ...]:
    """What asking for a new password is counted under."""
    return (_try(RESETS, "reset", visitors.address()),)


def limited(view: Callable[..., Any], tries: Callable[[], tuple[Try, ...]]) -> Callable[..., Any]:
    """Refuse a view's POST where too many were wrong; one that leads nowhere else (302, 303) was wrong."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if request.method != "POST" or not current_app.extensions["limits"].enabled:
            return view(*args, **kwargs)
        counted = tries()
        check(counted)
        response: Response = make_response(view(*args, **kwargs))
        if response.status_code not in (302, 303):
            spend(counted)
        return response

    return guarded


def count(tries: Callable[[], tuple[Try, ...]]) -> None:
    """Count what is one more whatever comes of it; raises TooManyTries."""
    if current_app.extensions["limits"].enabled:
        counted = tries()
        check(counted)
        spend(counted)


def check(tries: tuple[Try, ...]) -> None:
    """Raise TooManyTries where one of them is spent."""
    for one in tries:
        if not _asked(partial(_has_more, one=one)):
            g.retry_after = max(1, math.ceil(_asked(partial(_until, one=one)) - time.time()))
            raise TooManyTries


def spend(tries: tuple[Try, ...]) -> None:
    """Count one more of each."""
    for one in tries:
        _asked(partial(_hit, one=one))


def _has_more(limiter: Limiter, one: Try) -> bool:
    return limiter.limiter.test(one.rule, one.whom)


def _until(limiter: Limiter, one: Try) -> float:
    return float(limiter.limiter.get_window_stats(one.rule, one.whom)[0])


def _hit(limiter: Limiter, one: Try) -> bool:
    return limiter.limiter.hit(one.rule, one.whom)


def _asked(question: Callable[[Limiter], Any]) -> Any:
    """Ask the shared storage; while it does not answer, the process's own."""
    try:
        return question(current_app.extensions["limits"])
    except Exception:  # whatever a storage that just went may raise: people sign in all the same
        current_app.logger.warning("the limits' storage did not count a try to sign in")
        return question(current_app.extensions["own_limits"])


def _try(rule: RateLimitItem, *whom: str) -> Try:
    return Try(rule, visitors.hashed(" ".join(whom)))
