"""A puzzle for the browser, while a keeper asks for it: a second for a person, hours for whoever sends thousands.

The puzzle carries the key of its form, and a key makes one tribute only, so a solution counts once and nothing about
it need be stored. The format is ALTCHA's, version 2.
"""

from __future__ import annotations

import hmac
import json
import secrets
from datetime import datetime

import altcha
from flask import current_app

from tribute.extensions import db
from tribute.services import safeguards
from tribute.services.safeguards import LASTS, PROOF_OF_WORK
from tribute.web import form_keys

ALGORITHM = "PBKDF2/SHA-256"
COST = 5_000  # rounds of one try: two milliseconds of a desktop's
FEWEST, MOST = 200, 400  # tries until it is solved: bounded, so that nobody is unlucky
LONGEST = 64 * 1024  # letters that are read of a solution; a true one has some eight hundred


def challenge(key: str, at: datetime) -> str | None:
    """The puzzle of a form, as JSON; None while no keeper asks for it."""
    if not safeguards.is_on(db.session(), PROOF_OF_WORK, at):
        return None
    made = altcha.create_challenge(
        ALGORITHM, COST, counter=FEWEST + secrets.randbelow(MOST - FEWEST), expires_at=at + LASTS, data={"form": key},
        hmac_secret=_secret("puzzle"), hmac_key_secret=_secret("solution"),
    )  # fmt: skip
    return json.dumps(made.to_dict())


def is_worked(key: str, work: str, at: datetime) -> bool | None:
    """Whether the puzzle of this form was solved; None where the form was made before a keeper asked for it."""
    began = safeguards.began(db.session(), PROOF_OF_WORK, at)
    age = form_keys.age(key, at)
    if began is None or age is None or age > (at - began).total_seconds():
        return None
    return _is_solved(key, work[:LONGEST])


def _is_solved(key: str, work: str) -> bool:
    try:
        payload = altcha.Payload.from_base64(work)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):  # not what any browser sends
        return False
    found = altcha.verify_solution(payload, _secret("puzzle"), hmac_key_secret=_secret("solution"))
    return found.verified and payload.challenge.parameters.data == {"form": key}


def _secret(use: str) -> bytes:
    return hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), f"proof of work: {use}".encode(), "sha256")
