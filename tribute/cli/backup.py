"""backup, restore."""

from __future__ import annotations

import math
from pathlib import Path

import click
from flask import current_app

from tribute.cli.tools import refuse, writing
from tribute.domain.errors import Refusal
from tribute.extensions import db, now
from tribute.services import backup as service
from tribute.services import erasure, gone, restoring
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
    try:
        kept = service.keep(db.engine, settings, at, file)
    except Refusal as error:
        refuse(error)
    rows = kept.backup.rows
    click.echo(f"{kept.file}: {rows['tribute']} tributes, {sum(rows.values())} rows in all.")
    _say_whether_noted(kept.is_noted)
    if file is None:
        for old in service.prune(kept.file.parent, at, settings.backup_days):
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
    click.echo(f"Restored {restored.backup.rows['tribute']} tributes as of {restored.backup.made_at}.")
    _say_whether_noted(service.note(db.engine, restored.backup))
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


def _say_whether_noted(is_noted: bool) -> None:
    if not is_noted:
        click.echo(
            "That there is this backup could not be noted: the database is busy, or of an earlier schema.", err=True
        )
