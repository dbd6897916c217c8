"""work."""

from __future__ import annotations

import signal
from datetime import datetime, timedelta
from threading import Event

import click
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tribute.extensions import now
from tribute.mail import chores
from tribute.mail.delivery import delivery_of
from tribute.mail.worker import carry

IDLE = 1.0  # seconds until the outbox is looked at again
TROUBLED = 10.0  # the same while the database does not answer
CHORES_EVERY = timedelta(hours=1)  # what is due daily is done within the hour


@click.command()
@click.option("--once", is_flag=True, help="End when nothing is due any more, instead of going on.")
def work(once: bool) -> None:
    """Send mail, and do daily what is to be done daily. It runs beside the site until it is told to stop."""
    app, stopped = current_app._get_current_object(), Event()  # type: ignore[attr-defined]  # a proxy has it
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    chores_at = now()
    while not stopped.is_set():
        try:
            busy, chores_at = carry(app, delivery_of(app.config["SETTINGS"])), _chores(app, chores_at)
        except (OperationalError, PoolTimeout):
            app.logger.warning("the database does not answer; the worker tries again")
            stopped.wait(TROUBLED)
            continue
        if not busy:
            if once:
                break
            stopped.wait(IDLE)


def _chores(app: Flask, due: datetime) -> datetime:
    """Do the chores when they are due; returns when they are due next."""
    at = now()
    if at < due:
        return due
    chores.daily(app)
    return at + CHORES_EVERY
