"""backup, restore."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from tribute.cli.tools import refuse, writing
from tribute.domain.errors import Refusal
from tribute.extensions import db, now
from tribute.services import backup as service
from tribute.services import last_done, schema
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
    if made.revision == schema.head():  # an earlier schema may have nowhere to note it
        with writing() as session:
            last_done.mark(session, Chore.BACKUP, now())
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
    click.echo(f"Restored {made.rows['tribute']} tributes as of {made.made_at}.")
