"""log verify."""

from __future__ import annotations

import click
from sqlalchemy import select

from tribute.cli.tools import reading
from tribute.models import LogHead
from tribute.services import decisions


@click.group()
def log() -> None:
    """The append-only log of decisions."""


@log.command()
@click.option("--known", default="", help="A hash printed earlier, kept elsewhere: it must still be in the chain.")
def verify(known: str) -> None:
    """Prove that every row follows from the one before it, and print the newest hash."""
    with reading() as session:
        broken = decisions.broken_row(session, known)
        head = session.scalars(select(LogHead)).one()
    if broken:
        raise click.ClickException(f"the log is broken: {broken}")
    click.echo(f"{head.number} rows, unbroken. Newest hash: {head.digest}")
