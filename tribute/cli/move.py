"""move."""

from __future__ import annotations

import click
import psycopg
from flask import current_app
from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.orm import Session

from tribute.cli.tools import refuse
from tribute.domain.errors import BadSetup, Refusal
from tribute.extensions import db
from tribute.services import moves, schema


@click.command()
@click.option(
    "--to", "url", required=True, metavar="URL", help="The new database, as postgresql://user:password@host/name."
)
def move(url: str) -> None:
    """Carry everything from SQLite over to a new PostgreSQL database, and compare every row.

    Stop the site and the worker first. The SQLite database stays as it is; until TRIBUTE_DATABASE_URL names the new
    one, nothing has changed.
    """
    try:
        number = _move(url)
    except (Refusal, DatabaseError, psycopg.Error) as error:  # COPY is the driver's own
        refuse(error)
    click.echo(f"Moved {number} rows; every one was read on both sides and is the same.")
    click.echo("Now let TRIBUTE_DATABASE_URL name the new database, and run: flask tribute check")
    click.echo("The keys stay where they are. Start the site only with the new setting: what is written to the old")
    click.echo("database from now on is not in the new one.")


def _move(url: str) -> int:
    settings = current_app.config["SETTINGS"]
    if make_url(settings.database).get_backend_name() != "sqlite":
        raise BadSetup(
            "this moves from SQLite, and TRIBUTE_DATABASE_URL names another kind. For others: flask tribute export"
        )
    if schema.current(db.engine) != schema.head():
        raise BadSetup("the database is not as this program needs it. Try: flask tribute migrate")
    target = create_engine(_postgresql(url), hide_parameters=True)
    db.engine.dispose()
    try:
        return _carry(db.engine.url, target)
    finally:
        target.dispose()


def _carry(source: URL, target: Engine) -> int:
    """Copy and compare, and let it count only then; returns how many rows there are."""
    with moves.held(source) as here:
        schema.prepare_new(target)
        number = moves.total(here)
        with Session(target) as there, click.progressbar(length=number, label="rows") as bar:
            moves.copy(here, there, bar.update)
            moves.compare(here, there, bar.update)
            there.commit()
    return number // 2


def _postgresql(url: str) -> str:
    try:
        read = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise BadSetup("--to must read like postgresql://user:password@host:5432/name") from error
    if read.get_backend_name() != "postgresql" or not read.database:
        raise BadSetup("--to must name a PostgreSQL database, as postgresql://user:password@host:5432/name")
    return url
