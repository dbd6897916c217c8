"""The worker's steps: claim one message, write it, hand it over, and mark what came of it."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Concatenate, ParamSpec, TypeVar

from cryptography.fernet import InvalidToken
from flask import Flask
from sqlalchemy.orm import Session

from tribute.domain.mail import Failure
from tribute.extensions import db, now
from tribute.mail.delivery import Delivery, Undelivered
from tribute.mail.letter import envelope, file_name, speaking, write
from tribute.mail.letters import LETTERS
from tribute.models import Memorial, Tribute, begin_write
from tribute.services import outbox
from tribute.services.outbox import Claimed

P = ParamSpec("P")
R = TypeVar("R")


def carry(app: Flask, delivery: Delivery) -> bool:
    """Bring the message that has been due for longest on its way; tells whether there was one."""
    claimed = _claimed(app)
    if claimed is None:
        return False
    try:
        mail = _written(app, claimed)
        if mail is not None:
            delivery.deliver(file_name(claimed.id), mail)
    except Undelivered as why:
        _done(app, outbox.failed, claimed, why.failure, why.number, now(), final=why.final)
    else:
        _done(app, outbox.sent if mail is not None else outbox.drop, claimed, now())
    return True


def _claimed(app: Flask) -> Claimed | None:
    """Claim a message; where none is due, nothing is locked."""
    with app.app_context():
        if not outbox.is_due(db.session(), now()):
            return None
    return _done(app, outbox.claim, now())


def _done(app: Flask, act: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do something in a transaction of its own."""
    with app.app_context():
        session = db.session()
        begin_write(session)
        result = act(session, *args, **kwargs)
        session.commit()
        return result


def _written(app: Flask, claimed: Claimed) -> EmailMessage | None:
    """The mail of a claimed message; None where it has nothing to tell any more. Raises Undelivered."""
    with app.app_context():
        message = outbox.held(db.session(), claimed)
        if message is None:
            return None
        tribute = db.session.get(Tribute, message.tribute_id) if message.tribute_id else None
        memorial = db.session.get(Memorial, tribute.memorial_id) if tribute else None
        db.session.expunge_all()
    try:
        with speaking(app, message.language, memorial):
            letter = LETTERS[message.kind](db.session(), message)
            return envelope(message, letter, write(message.kind, letter)) if letter else None
    except InvalidToken as error:
        raise Undelivered(Failure.UNREADABLE) from error
    except Exception as error:  # whatever a template or a row may raise: the other mail goes on
        app.logger.exception("message %s could not be written", file_name(claimed.id))
        raise Undelivered(Failure.RENDERING) from error
