"""work."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from time import monotonic

import click
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tribute.mail import chores
from tribute.mail.delivery import delivery_of
from tribute.mail.worker import carry

IDLE = 1.0  # seconds until the outbox is looked at again
TROUBLED = 10.0  # the same while the database does not answer
MINUTE, HOUR = 60.0, 3600.0  # seconds


@dataclass
class Routine:
    """Something that is done again and again beside sending, whatever becomes of the machine's clock meanwhile."""

    act: Callable[[Flask], None]
    every: float  # seconds
    due: float = 0.0  # seconds of the monotonic clock; at first at once

    def do(self, app: Flask) -> None:
        """Do it where it is due."""
        if monotonic() >= self.due:
            self.act(app)
            self.due = monotonic() + self.every


@click.command()
@click.option("--once", is_flag=True, help="End when nothing is due any more, instead of going on.")
def work(once: bool) -> None:
    """Send mail, and do daily what is to be done daily. It runs beside the site until it is told to stop."""
    app, stopped = current_app._get_current_object(), Event()  # type: ignore[attr-defined]  # a proxy has it
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    delivery = delivery_of(app.config["SETTINGS"])
    routines = (
        Routine(chores.beat, MINUTE),
        Routine(chores.tell, MINUTE),
        Routine(chores.daily, HOUR),  # so that what is due daily is done within the hour
    )
    while not stopped.is_set():
        try:
            for routine in routines:
                routine.do(app)
            busy = carry(app, delivery)
        except (OperationalError, PoolTimeout):
            app.logger.warning("the database does not answer; the worker tries again")
            stopped.wait(TROUBLED)
            continue
        if not busy:
            if once:
                break
            stopped.wait(IDLE)
