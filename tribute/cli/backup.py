"""backup, restore."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.exc import OperationalError

from tribute.cli.tools import refuse
from tribute.domain.errors import Refusal
from tribute.extensions import db, now
from tribute.models import begin_write
from tribute.services import backup as service
from tribute.services import last_done, schema
from tribute.services.backup import Backup
from tribute.services.last_done import Chore

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE, required=False)
def backup(file: Path | None) -> None:
    """Write one consistent copy of database and keys to FILE while the site runs.

    Without FILE it goes to the instance folder's backups/, named by the time. Keep it as safe as the site itself:
    whoever has it can read everything and make every private link.
    """
    settings = current_app.config["SETTINGS"]
    target = file or settings.instance_path.absolute() / "backups" / f"tribute-{now():%Y%m%d-%H%M%S}.tar.gz"
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        made = service.write(db.engine, settings, target, now())
    except Refusal as error:
        refuse(error)
    _note(made)
    click.echo(f"{target}: {made.rows['tribute']} tributes, {sum(made.rows.values())} rows in all.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a database that holds data.")
def restore(file: Path, force: bool) -> None:
    """Put a backup in place: the database and the keys. Stop the site first, and start it again afterwards."""
    try:
        made = service.restore(db.engine, current_app.config["SETTINGS"], file, force=force)
    except Refusal as error:
        refuse(error)
    _note(made)
    click.echo(f"Restored {made.rows['tribute']} tributes as of {made.made_at}.")


def _note(made: Backup) -> None:
    """Let every machine know of the backup; it is whole whether or not that can be written down."""
    if made.revision != schema.head():  # an earlier schema may have nowhere to write it
        return
    try:
        begin_write(db.session())
        last_done.mark(db.session(), Chore.BACKUP, datetime.fromisoformat(made.made_at))
        db.session.commit()
    except OperationalError:
        click.echo("That there is this backup could not be noted: the database is busy.", err=True)
