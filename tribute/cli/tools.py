"""What commands share: one commit at the end, and refusals as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from time import sleep
from typing import NoReturn

import click
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tribute.domain.errors import NotFound, Refusal
from tribute.extensions import db
from tribute.models import begin_reading, begin_write
from tribute.services import decisions

GAP = 0.02  # seconds between two steps


@contextmanager
def writing() -> Iterator[Session]:
    """A session that writes, committed once when the block ends well. Refusals become the command's error."""
    session = db.session()
    try:
        begin_write(session)
        yield session
        session.commit()
    except (Refusal, DatabaseError) as error:
        session.rollback()
        refuse(error)


@contextmanager
def reading() -> Iterator[Session]:
    """A session that only reads, all of it as of one moment."""
    try:
        session = db.session()
        begin_reading(session)
        yield session
    except Refusal as error:
        refuse(error)
    finally:
        db.session.rollback()


def step_by_step(steps: Iterator[int], done: Callable[[int], None]) -> None:
    """Take each step in a transaction of its own in which nobody decides, and tell how much it did."""
    number: int | None = 0
    while number is not None:
        with writing() as session:
            decisions.lock_head(session)
            number = next(steps, None)
        done(number or 0)
        sleep(GAP)  # whoever waits for a turn to write is woken now, and would find the next step begun


def refuse(error: Exception) -> NoReturn:
    """End the command with the reason as a sentence."""
    if isinstance(error, NotFound):
        raise click.ClickException("nothing of that name is here") from error
    if isinstance(error, DatabaseError):
        raise click.ClickException(f"the database refused: {error.orig}. Try: flask tribute check") from error
    raise click.ClickException(str(error)) from error


class Day(click.ParamType[date]):
    """A date written as 2024-01-20."""

    name = "YYYY-MM-DD"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read it, or say how it is written."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is not a date; write it as 2024-01-20", param, ctx)
