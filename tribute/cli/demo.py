"""demo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from sqlalchemy.orm import Session

from tribute.cli.tools import writing
from tribute.extensions import db, now
from tribute.services import bulk, memorials, pages
from tribute.services import demo as service
from tribute.services.demo import Stage


@click.command()
@click.option(
    "--count", type=click.IntRange(1, 10_000_000), help="Add so many synthetic tributes instead, in minutes a million."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Other synthetic tributes for another number.")
def demo(count: int | None, seed: int) -> None:
    """Add sample tributes of every status to a database that holds no tribute yet."""
    if count:
        synthetic(count, seed)
        return
    with writing() as session:
        memorial = memorials.every(session)[0]
        version = pages.rules_version(session, "en")
        added = service.load(Stage(session, memorial, version, current_app.config["EMAIL_KEYS"], now()))
    click.echo(f"Added {added} sample tributes." if added else "The sample tributes are already here.")


def synthetic(count: int, seed: int) -> None:
    """Add synthetic tributes, a step at a time, with a bar that tells how far it is."""
    with hurried() as session:
        if not bulk.is_empty(session):
            raise click.ClickException(
                "this database holds tributes, and synthetic ones are never mixed with others. "
                "Give them a database of their own: TRIBUTE_INSTANCE_PATH=instance/synthetic"
            )
        memorial = memorials.every(session)[0]
        steps = bulk.load(session, memorial, pages.rules_version(session, "en"), count, seed)
        with click.progressbar(length=count, label="tributes") as bar:
            for added in steps:
                session.commit()
                bar.update(added)
    click.echo(f"Added {count} synthetic tributes.")


@contextmanager
def hurried() -> Iterator[Session]:
    """A session whose connection does not wait for the disk, and is thrown away at the end."""
    with db.engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        for statement in bulk.HURRIED[db.engine.dialect.name]:
            driver.execute(statement)  # type: ignore[union-attr]
        try:
            with Session(connection) as session:
                yield session
        finally:
            connection.invalidate()
