"""backup, restore."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tribute.cli.tools import refuse, writing
from tribute.domain.errors import Refusal
from tribute.extensions import db, now
from tribute.models import begin_write
from tribute.services import backup as service
from tribute.services import erasure, gone, last_done, restoring, schema
from tribute.services.backup import Backup
from tribute.services.last_done import Chore
from tribute.services.restoring import Restored

FILE = click.Path(dir_okay=False, path_type=Path)
AGAIN = {
    "removed": "erased", "withdrawn": "withdrawn", "links": "of their private links ended",
    "stopped": "addresses taken away", "closed": "accounts closed",
}  # fmt: skip


@click.command()
@click.argument("file", type=FILE, required=False)
def backup(file: Path | None) -> None:
    """Write one consistent copy of database and keys to FILE while the site runs.

    Without FILE it goes to the instance folder's backups/, named by the time, and those that are older there than
    TRIBUTE_BACKUP_DAYS are deleted. Keep it as safe as the site itself: whoever has it can read everything and make
    every private link.
    """
    settings, at = current_app.config["SETTINGS"], now()
    target = file or service.backups_folder(settings) / service.name(at)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        made = service.write(db.engine, settings, target, at)
    except Refusal as error:
        refuse(error)
    _note(made)
    click.echo(f"{target}: {made.rows['tribute']} tributes, {sum(made.rows.values())} rows in all.")
    if file is None:
        for old in service.prune(target.parent, at, settings.backup_days):
            click.echo(f"Deleted {old.name}: it is older than {settings.backup_days} days.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a database that holds data.")
def restore(file: Path, force: bool) -> None:
    """Put a backup in place: the database and the keys; and let go again what went since it was made.

    Stop the site first, and start it again afterwards.
    """
    try:
        restored = restoring.restore(db.engine, current_app.config["SETTINGS"], file, force=force)
    except Refusal as error:
        refuse(error)
    _note(restored.backup)
    click.echo(f"Restored {restored.backup.rows['tribute']} tributes as of {restored.backup.made_at}.")
    _let_go_again(restored)


def _let_go_again(restored: Restored) -> None:
    with writing() as session:
        done = gone.apply(session, restored.gone, now())
    said = [f"{done[kind]} {what}" for kind, what in AGAIN.items() if done[kind]]
    if said:
        erasure.scrub(db.session(), seconds=math.inf)
        click.echo(f"What had gone after it was made is gone again: {', '.join(said)}.")
    if restored.known_until:
        click.echo(
            f"There was no database here to tell what went after {restored.known_until}. What was removed, withdrawn "
            "or closed after that moment is back, and must be let go by hand."
        )


def _note(made: Backup) -> None:
    """Let every machine know of the backup; it is whole whether or not that can be written down."""
    if schema.current(db.engine) != schema.head():  # an earlier schema may have nowhere to write it
        return
    try:
        with Session(db.engine) as session:
            begin_write(session)
            last_done.mark(session, Chore.BACKUP, datetime.fromisoformat(made.made_at))
            session.commit()
    except OperationalError:
        click.echo("That there is this backup could not be noted: the database is busy.", err=True)
